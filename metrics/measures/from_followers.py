"""The rows of followers: how many there are and who takes part; and the parts of the Influence index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count

from accounts.models import Town
from channels_app.models import Channel
from engagement.models import Message, RelationshipHandle
from metrics import gaps
from metrics.gaps import Point
from metrics.measures import from_weeks
from metrics.measures.influence import WEEKS, PartRow
from metrics.measures.reach import EngagedRow, FollowerRow
from metrics.measures.shape import Span
from metrics.outside import held
from metrics.weekly import Week, weeks

FRESH = timedelta(days=14)  # a number older than this is not told as if it were of today


def followers(span: Span) -> list[FollowerRow]:
    """Every reading of every channel's followers in the span, the missing ones with their reason; for a short span also
    the newest of the fortnight before its end. A living channel without any has a row that says so.
    """
    channels = list(Channel.objects.order_by("pk"))
    zone, since = Town.here().tz, min(span.start, span.until - FRESH)
    points = gaps.of_profiles(channels, "followers", since, span.until)
    days = since.astimezone(zone).date(), span.until.astimezone(zone).date()
    for one in held.current("followers", *days, span.now):
        noon = datetime.combine(one.on, time(12), zone)
        if one.channel_id and since <= noon < span.until:
            points.setdefault(one.channel_id, []).append(Point(noon, int(one.value)))
    found: list[FollowerRow] = []
    for channel in channels:
        told = sorted(points.get(channel.pk, ()), key=lambda one: one.at)
        if not told and channel.state != "archived":
            told = [Point(span.start, None, "no reading in this time")]
        found += [_follower(channel, one, zone) for one in told]
    return sorted(found, key=lambda one: (one.at, one.channel))


def _follower(channel: Channel, point: Point, zone: ZoneInfo) -> FollowerRow:
    day = point.at.astimezone(zone).date()
    key = str(channel.key)
    return FollowerRow(key, str(channel), point.at, point.value, point.missing, day, channel_key=key)


def newest(rows: Sequence[FollowerRow]) -> dict[str, int]:
    """The newest known number by channel's key."""
    known = {one.where: one.followers for one in sorted(rows, key=lambda one: one.at) if one.followers is not None}
    return {name: value for name, value in known.items() if value is not None}


def engaged(span: Span) -> list[EngagedRow]:
    """For each living channel how many people wrote there in the span, and its newest followers."""
    told = newest(followers(span))
    rows = Message.objects.filter(ours=False, person__isnull=False, at__gte=span.start, at__lt=span.until)
    rows = rows.filter(ingested_at__lte=span.now).order_by()
    people = dict(rows.values_list("channel").annotate(n=Count("person", distinct=True)))
    return [
        EngagedRow(
            ref=str(one.key),
            channel=str(one),
            channel_key=str(one.key),
            at=span.start,
            people=people.get(one.pk, 0),
            followers=told.get(str(one.key)),
        )
        for one in Channel.objects.living().order_by("pk")
    ]


def influence(span: Span) -> list[PartRow]:
    """The four parts of the index for the week the span ends in and the twelve before it."""
    over = _alike(weeks(span.until - timedelta(microseconds=1), Town.here().tz, WEEKS + 1), span)
    whole = Span(over[0].start, over[-1].end, span.now)
    reached, told, partners = from_weeks.reached(over), followers(whole), partner_messages(whole)
    wrote, back = from_weeks.writers(over), from_weeks.came_back([_month_to(one) for one in over])
    found = []
    for n, one in enumerate(over):
        fans = sum(newest([row for row in told if row.at < one.until]).values())
        reach = reached[n]
        values = {
            "participants": float(wrote[n]),
            "partners": float(sum(one.start <= at < one.until for at in partners)),
            "continuation": back[n],
            "reach": reach / fans if reach is not None and fans else None,
        }
        found += [PartRow("", "", one.start, one.start.date(), part, value) for part, value in values.items()]
    return found


def _alike(over: Sequence[Week], span: Span) -> list[Span]:
    """These weeks, each as long as the last one is by now: what is only begun is held against what was only begun."""
    last = over[-1]
    if span.until >= last.end:
        return [Span(week.start, week.end, span.now) for week in over]
    begun = span.until - last.start
    return [Span(week.start, min(week.start + begun, week.end), span.now) for week in over]


def _month_to(week: Span) -> Span:
    """Four weeks up to the end of this one: who is answered on a Friday comes back in the next week."""
    return Span(week.end - timedelta(weeks=4), week.end, week.now)


def partner_messages(span: Span) -> list[datetime]:
    """When organisations and groups the town works with named or passed on what it said, in public."""
    handles = set(RelationshipHandle.objects.values_list("platform", "handle"))
    rows = Message.objects.filter(ours=False, at__gte=span.start, at__lt=span.until, visibility="public")
    rows = rows.filter(person__isnull=False, ingested_at__lte=span.now)
    told = rows.values_list("at", "channel__platform", "person__handle")
    return sorted(at for at, platform, handle in told if (platform, handle.lstrip("@").lower()) in handles)
