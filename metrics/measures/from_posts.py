"""The rows of what went out: posts with their numbers, everything said, how accessible and how much our own it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from accounts.models import Town
from calendar_app import mix
from calendar_app.balance import Line
from calendar_app.models import Placement, PostPicture
from channels_app.models import Channel, Delivery
from engagement.models import OutreachPost
from metrics.measures import post_numbers
from metrics.measures.from_inbox import Name, days, names
from metrics.measures.post_numbers import NUMBERS, Beside, Numbers
from metrics.measures.quality import AccessRow, LineRow
from metrics.measures.reach import OutRow, PostRow, ReachRow
from metrics.measures.shape import Span
from metrics.models import Reading, Tracked
from policy import pack_rules
from policy.models import Firing, Judgement

OUT = ("published", "removed")
OUTSIDE = "made outside Parley"
ASKING = ("question",)
AS_LINE = ("post", "post__key", "delivery__published_at", "post__text", "post__link", "post__benefit", "post__topic_id")
MORE_OF_LINE = ("post__call", "post__language", "post__objective_id", "post__kind")


def posts(span: Span) -> list[PostRow]:
    """Every post published in the span, on each channel, with its newest numbers up to the end of the span; where weeks
    or months are told apart, up to the end of its own one.
    """
    return told(span, post_numbers.newest)


def told(span: Span, read: Callable[[Mapping[int, datetime]], Numbers]) -> list[PostRow]:
    """The same with whichever numbers `read` finds for these posts, each up to its moment."""
    rows = Tracked.objects.filter(published_at__gte=span.start, published_at__lt=span.until).exclude(remote_id="")
    tracked = list(rows.select_related("channel").order_by("published_at", "pk"))
    placed = placements(one.delivery_id for one in tracked if one.delivery_id)
    until = {one.pk: span.until_of(one.published_at) for one in tracked}
    numbers, read_at = read(until)
    beside = post_numbers.beside([one.post.key for one in placed.values()], until.values())
    media, zone = _media([one.post_id for one in placed.values()]), Town.here().tz
    lacking = _lacking(read_at, until)
    found = [
        _post(one, placed.get(one.delivery_id or 0), numbers[one.pk], read_at.get(one.pk), until[one.pk], beside, media,
              zone)
        for one in tracked
    ]  # fmt: skip
    return [replace(row, missing=lacking.get(one.pk, "")) for row, one in zip(found, tracked, strict=True)]


def _lacking(read_at: Mapping[int, datetime], until: Mapping[int, datetime]) -> dict[int, str]:
    """Why there are no numbers of a post, or none newer than those, up to the moment given for each: the reason is
    written down once, for the likes.
    """
    if not until:
        return {}
    rows = Reading.objects.filter(tracked__in=list(until), measure="likes", value__isnull=True)
    found: dict[int, str] = {}
    for pk, at, why in rows.order_by("at").values_list("tracked_id", "at", "missing"):
        if at < until[pk] and (pk not in read_at or at > read_at[pk]):
            found[pk] = why
    return found


def _post(
    one: Tracked,
    placement: Placement | None,
    numbers: Mapping[str, int],
    read_at: datetime | None,
    until: datetime,
    beside: Beside,
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
        own_clicks=beside.clicks(post.key, one.channel_id, until) if post else None,
        followers=beside.followers(one.channel_id, until),
        read_at=read_at,
        missing="",
    )


def placements(deliveries: Iterable[int]) -> dict[int, Placement]:
    """What each of these deliveries, by row id, was planned as."""
    rows = Placement.objects.filter(releases__delivery__in=list(deliveries)).annotate(by=F("releases__delivery"))
    return {one.by: one for one in rows.select_related("post__topic")}


def _media(posts: Collection[int]) -> dict[int, str]:
    rows = PostPicture.objects.filter(post__in=posts).values_list("post", "media__kind")
    return {post: "video" if kind == "video" else "picture" for post, kind in rows}


def reached(span: Span) -> list[ReachRow]:
    """The posts of the span with whom they reached, beside the population."""
    return reach_of(posts(span))


def reach_of(rows: Iterable[PostRow]) -> list[ReachRow]:
    """Of these posts whom they reached."""
    population = Town.here().population
    return [
        ReachRow(one.ref, one.channel, one.at, one.reach, population, one.missing, channel_key=one.channel_key)
        for one in rows
    ]


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
    """Every post that went out in the span, once, with its first channel; where weeks or months are told apart, once in
    each.
    """
    rows = Placement.objects.filter(
        delivery__state__in=OUT, delivery__published_at__gte=span.start, delivery__published_at__lt=span.until
    )
    told = rows.order_by("delivery__published_at", "post", "pk").values_list(*AS_LINE, *MORE_OF_LINE, "channel")
    called = names()
    first: dict[tuple[int, datetime], tuple[Line, Name]] = {}
    for row in told:
        line = Line(*row[:-1])
        first.setdefault((line.post, span.until_of(line.due_at)), (line, called[row[-1]]))
    return list(first.values())


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
