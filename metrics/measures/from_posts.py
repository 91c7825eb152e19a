"""The rows of what went out: posts with their numbers, everything said, how accessible and how much our own it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Town
from calendar_app import mix
from calendar_app.balance import Line
from calendar_app.models import Placement, PostPicture
from channels_app.models import Channel, Click, Delivery, Link
from engagement.models import OutreachPost
from metrics.measures.from_inbox import Name, days, names
from metrics.measures.quality import AccessRow, LineRow
from metrics.measures.reach import OutRow, PostRow, ReachRow
from metrics.measures.shape import Span
from metrics.models import Reading, Tracked
from policy import pack_rules
from policy.models import Firing, Judgement

NUMBERS = ("likes", "replies", "shares", "clicks", "reach", "impressions")
OUT = ("published", "removed")
OUTSIDE = "made outside Parley"
ASKING = ("question",)
AS_LINE = ("post", "post__key", "delivery__published_at", "post__text", "post__link", "post__benefit", "post__topic_id")
Numbers = tuple[dict[int, dict[str, int]], dict[int, datetime]]  # by kind, and when the last of them was read
MORE_OF_LINE = ("post__call", "post__language", "post__objective_id", "post__kind")


def posts(span: Span) -> list[PostRow]:
    """Every post published in the span, on each channel, with its newest numbers up to the end of the span."""
    return told(span, _newest)


def told(span: Span, read: Callable[[Collection[int], datetime], Numbers]) -> list[PostRow]:
    """The same with whichever numbers `read` finds for these posts up to then."""
    rows = Tracked.objects.filter(published_at__gte=span.start, published_at__lt=span.until).exclude(remote_id="")
    tracked = list(rows.select_related("channel").order_by("published_at", "pk"))
    placed = _placements(one.delivery_id for one in tracked if one.delivery_id)
    numbers, read_at = read([one.pk for one in tracked], span.until)
    followers = _followers(span.until)
    clicks = _clicks([one.post.key for one in placed.values()], span.until)
    beside = (followers, clicks, _media([one.post_id for one in placed.values()]), Town.here().tz)
    return [
        _post(one, placed.get(one.delivery_id or 0), numbers[one.pk], read_at.get(one.pk), *beside) for one in tracked
    ]


def _post(
    one: Tracked,
    placement: Placement | None,
    numbers: Mapping[str, int],
    read_at: datetime | None,
    followers: Mapping[int, int],
    clicks: Mapping[tuple[UUID, int], int],
    media: Mapping[int, str],
    zone: ZoneInfo,
) -> PostRow:
    post = placement.post if placement else None
    return PostRow(
        ref=str(post.key) if post else one.remote_id,
        channel=str(one.channel),
        channel_key=str(one.channel.key),
        at=one.published_at,
        words=str(post) if post else OUTSIDE,
        platform=one.channel.platform,
        kind=post.kind if post else "",
        medium=media.get(post.pk, "link" if post.link else "text") if post else "",
        topic=post.topic.name if post and post.topic else "",
        call=post.call if post else "",
        hour=one.published_at.astimezone(zone).hour,
        **{name: numbers.get(name) for name in NUMBERS},
        own_clicks=clicks.get((post.key, one.channel_id)) if post else None,
        followers=followers.get(one.channel_id),
        read_at=read_at,
    )


def _placements(deliveries: Iterable[int]) -> dict[int, Placement]:
    rows = Placement.objects.filter(releases__delivery__in=list(deliveries)).annotate(by=F("releases__delivery"))
    return {one.by: one for one in rows.select_related("post__topic")}


def _newest(tracked: Collection[int], until: datetime) -> Numbers:
    """The newest known number of each kind, and when the newest of them was read."""
    rows = Reading.objects.filter(tracked__in=tracked, measure__in=NUMBERS, value__isnull=False, at__lt=until)
    newest = rows.order_by("tracked_id", "measure", "-at").distinct("tracked_id", "measure")
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    read_at: dict[int, datetime] = {}
    for pk, name, value, at in newest.values_list("tracked_id", "measure", "value", "at"):
        numbers[pk][name] = value or 0
        read_at[pk] = max(at, read_at.get(pk, at))
    return numbers, read_at


def _followers(until: datetime) -> dict[int, int]:
    rows = Reading.objects.filter(tracked__remote_id="", measure="followers", value__isnull=False, at__lt=until)
    newest = rows.order_by("tracked__channel_id", "-at").distinct("tracked__channel_id")
    return {channel: value or 0 for channel, value in newest.values_list("tracked__channel_id", "value")}


def _clicks(posts: Collection[UUID], until: datetime) -> dict[tuple[UUID, int], int]:
    """Clicks by post and channel; a post without a short link of ours on a channel is left out: nobody counted."""
    links = Link.objects.filter(origin__in=("post", "text"), ref__in=posts, channel__isnull=False)
    found: dict[tuple[UUID, int], int] = {
        (ref, channel or 0): 0 for ref, channel in links.values_list("ref", "channel")
    }
    rows = Click.objects.filter(link__in=links, at__lt=until).order_by().values_list("link__ref", "link__channel")
    return found | {(ref, channel): n for ref, channel, n in rows.annotate(n=Count("pk"))}


def _media(posts: Collection[int]) -> dict[int, str]:
    rows = PostPicture.objects.filter(post__in=posts).values_list("post", "media__kind")
    return {post: "video" if kind == "video" else "picture" for post, kind in rows}


def reached(span: Span) -> list[ReachRow]:
    """The posts of the span with whom they reached, beside the population."""
    return reach_of(posts(span))


def reach_of(rows: Iterable[PostRow]) -> list[ReachRow]:
    """Of these posts whom they reached."""
    population = Town.here().population
    return [ReachRow(one.ref, one.channel, one.at, one.reach, population, channel_key=one.channel_key) for one in rows]


def out(span: Span) -> list[OutRow]:
    """Everything that went out in the span: posts (each once on a channel, whatever its parts), answers that a person
    wrote, and what was said in other people's groups.
    """
    rows = Delivery.objects.filter(state__in=OUT, published_at__gte=span.start, published_at__lt=span.until, part=0)
    rows = rows.filter(kind__in=("post", "reply")).exclude(origin="acknowledgement").select_related("channel")
    asked = _asking(rows)
    found = [
        OutRow(
            str(one.key),
            str(one.channel),
            one.published_at,
            "answer" if one.kind == "reply" else "ask" if one.pk in asked else "broadcast",
            channel_key=str(one.channel.key),
        )
        for one in rows.order_by("published_at", "pk")
        if one.published_at
    ]
    zone, (first, last) = Town.here().tz, days(span)
    for one in OutreachPost.objects.filter(on__range=(first, last), at__lt=span.now).select_related("place"):
        found.append(OutRow(str(one.place.key), "", datetime.combine(one.on, time(12), zone), "join"))
    return sorted(found, key=lambda one: one.at)


def _asking(rows: QuerySet[Delivery]) -> set[int]:
    asking = Q(release__placement__post__kind__in=ASKING) | ~Q(release__placement__poll={})
    return set(rows.filter(asking, release__isnull=False).values_list("pk", flat=True))


def _lines(span: Span) -> list[tuple[Line, Name]]:
    """Every post that went out in the span, once, with its first channel."""
    rows = Placement.objects.filter(
        delivery__state__in=OUT, delivery__published_at__gte=span.start, delivery__published_at__lt=span.until
    )
    first = rows.order_by("post", "delivery__published_at").distinct("post")
    told = first.values_list(*AS_LINE, *MORE_OF_LINE, "channel")
    called = names()
    return sorted(((Line(*row[:-1]), called[row[-1]]) for row in told), key=lambda row: (row[0].due_at, row[0].post))


def lines(span: Span) -> list[LineRow]:
    """Every post that went out, with what readers get of it, whose words it is, and what it serves."""
    rows = _lines(span)
    keys = [one.post for one, _ in rows]
    pictured = set(PostPicture.objects.filter(post__in=keys).values_list("post", flat=True))
    hosts = mix.NETWORKS | {host for host in Channel.objects.values_list("host", flat=True) if host}
    own = {one.rstrip("/") for one in Delivery.objects.exclude(remote_url="").values_list("remote_url", flat=True)}
    origins = mix.of_whom([one for one, _ in rows], pictured, hosts, own)
    origin = {one.post: ("link-only" if name == mix.BARE else name) for name, some in origins.items() for one in some}
    return [
        LineRow(
            ref=str(one.key),
            channel=channel.words,
            channel_key=channel.key,
            at=one.due_at,
            words=" ".join(one.text.split())[:120],
            benefit=one.benefit,
            origin=origin[one.post],
            objective="yes" if one.objective else "",
        )
        for one, channel in rows
    ]


def accessible(span: Span) -> list[AccessRow]:
    """Every post that went out, with what the accessibility checks still said at that moment."""
    rows = _lines(span)
    refs = [one.key for one, _ in rows]
    firings = Firing.objects.filter(kind="post", ref__in=refs, rule__startswith="A", level="must", off=False)
    judged: dict[tuple[UUID, str], list[Judgement]] = defaultdict(list)
    for one in Judgement.objects.filter(kind="post", ref__in=refs).order_by("at", "pk"):
        judged[one.ref, one.mark].append(one)
    still: dict[UUID, list[Firing]] = defaultdict(list)
    for firing in firings:
        still[firing.ref].append(firing)
    bound = _law(span)
    return [_access(line, channel, still[line.key], judged, bound) for line, channel in rows]


def _law(span: Span) -> datetime | None:
    """Since when the accessibility law binds posts here; None while it does not."""
    town = Town.here()
    rule = pack_rules.accessible_by(town.pack, town.population, span.now.astimezone(town.tz).date())
    if rule is None or not rule.data.get("posts"):
        return None
    since = datetime.combine(rule.data["on"], time(), town.tz)
    return since if since <= span.now else None


def _access(
    line: Line,
    channel: Name,
    firings: Collection[Firing],
    judged: Mapping[tuple[UUID, str], list[Judgement]],
    bound: datetime | None,
) -> AccessRow:
    open_ones = [one for one in firings if one.at <= line.due_at and (one.gone_at is None or one.gone_at > line.due_at)]
    settled = [_overridden(judged.get((one.ref, one.mark), []), line.due_at) for one in open_ones]
    return AccessRow(
        ref=str(line.key),
        channel=channel.words,
        channel_key=channel.key,
        at=line.due_at,
        words=" ".join(line.text.split())[:120],
        passed=not open_ones,
        overridden=bool(settled) and all(settled),
        exempt=bound is not None and line.due_at < bound,
    )


def _overridden(said: Collection[Judgement], at: datetime) -> bool:
    known = [one.what for one in said if one.at <= at]
    return bool(known) and known[-1] == "overridden"
