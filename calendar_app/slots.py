"""Posting slots: the times of the week a channel likes to speak at, and the next one that is still free.

Slots are kept on the town's clocks, so ten o'clock stays ten o'clock when they change. On the night they go forward a
slot in the hour that is missing falls away; on the night they go back a slot that comes twice means the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Town
from accounts.refusals import Invalid
from accounts.walltime import FIRST, from_wall, to_wall
from calendar_app.models import GoodHour, Placement, Slot
from calendar_app.month import Row
from calendar_app.releasing import Moment
from channels_app.models import Channel

FURTHEST = timedelta(days=60)
BESIDE = timedelta(minutes=30)  # what goes out so near a slot has taken it
GONE = ("failed", "cancelled", "removed", "missed")
Week = Sequence[tuple[int, time]]
Taken = Mapping[int, Sequence[datetime]]


def coming(week: Week, zone: str, first: date, last: date) -> Iterator[Moment]:
    """Every occurrence of these weekly times from the first day to the last, in order. Pure."""
    ordered, day = sorted(set(week)), first
    while day <= last:
        for at in (at for weekday, at in ordered if weekday == day.weekday()):
            wall = datetime.combine(day, at)
            try:
                yield Moment(wall, zone, from_wall(wall, zone, FIRST))
            except Invalid:  # the hour that is missing when the clocks go forward
                continue
        day += timedelta(days=1)


def free(moments: Iterable[Moment], taken: Sequence[datetime], after: datetime) -> Iterator[Moment]:
    """Those after an instant that nothing planned lies beside. Pure."""
    for one in moments:
        if one.due_at > after and not any(abs(one.due_at - at) < BESIDE for at in taken):
            yield one


def next_free(channel: Channel, after: datetime, now: datetime, town: Town | None = None) -> Moment | None:
    """The next slot of this channel after an instant that nothing else goes out beside; None where there is none."""
    return next_for([channel], after, now, town)


def next_for(channels: Sequence[Channel], after: datetime, now: datetime, town: Town | None = None) -> Moment | None:
    """The next slot that is free on all of these channels; where none is, the first that is free on one of them.

    A channel without slots has no say. Two queries.
    """
    return _next(_weeks(channels), (town or Town.here()).zone, max(after, now))


def next_good(channels: Sequence[Channel], now: datetime, town: Town | None = None) -> Moment | None:
    """The next free one of the hours at which these channels are heard best; None where none is known."""
    weeks: dict[int, list[tuple[int, time]]] = {}
    rows = GoodHour.objects.filter(channel__in=channels).values_list("channel_id", "weekday", "hour")
    for pk, weekday, hour in rows:
        weeks.setdefault(pk, []).append((weekday, time(hour)))
    return _next(weeks, (town or Town.here()).zone, now)


def _next(weeks: Mapping[int, Week], zone: str, after: datetime) -> Moment | None:
    if not weeks:
        return None
    first, until = to_wall(after, zone).date(), after + FURTHEST
    taken = _taken(weeks, after - BESIDE, until + BESIDE)
    found = {
        pk: {one.due_at: one for one in free(coming(week, zone, first, until.date()), taken.get(pk, []), after)}
        for pk, week in weeks.items()
    }
    shared = set.intersection(*(set(one) for one in found.values()))
    every = {at: moment for one in found.values() for at, moment in one.items()}
    return every[min(shared or every)] if every else None


def open_slots(
    channels: Sequence[Channel], first: date, last: date, now: datetime, zone: str, taken: Taken | None = None
) -> dict[date, list[tuple[Moment, Channel]]]:
    """The slots of these days that are still to come and free, by day.

    Two queries; none for channels fetched `with_slots` when whoever calls knows the times that are `taken`.
    """
    weeks, by_key = _weeks(channels), {one.pk: one for one in channels}
    found: dict[date, list[tuple[Moment, Channel]]] = {}
    if not weeks:
        return found
    if taken is None:
        start = from_wall(datetime.combine(first, time.min), zone, FIRST)
        taken = _taken(weeks, start - BESIDE, start + (last - first) + timedelta(days=2))
    for pk, week in weeks.items():
        for one in free(coming(week, zone, first, last), taken.get(pk, []), now):
            found.setdefault(one.wall.date(), []).append((one, by_key[pk]))
    for rows in found.values():
        rows.sort(key=lambda row: (row[0].wall, row[1].name))
    return found


def with_slots(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Channels that bring their weekly times along."""
    told = Concat(Cast("weekday", CharField()), Value(" "), Cast("at", CharField()), output_field=CharField())
    mine = Slot.objects.filter(channel=OuterRef("pk")).order_by().values(told=told)
    return channels.annotate(slot_week=ArraySubquery(mine))


def _weeks(channels: Sequence[Channel]) -> dict[int, list[tuple[int, time]]]:
    if all(hasattr(one, "slot_week") for one in channels):
        brought = {one.pk: [_told(words) for words in one.slot_week] for one in channels}  # type: ignore[attr-defined]
        return {pk: week for pk, week in brought.items() if week}
    weeks: dict[int, list[tuple[int, time]]] = {}
    for pk, weekday, at in Slot.objects.filter(channel__in=channels).values_list("channel_id", "weekday", "at"):
        weeks.setdefault(pk, []).append((weekday, at))
    return weeks


def _told(words: str) -> tuple[int, time]:
    weekday, at = words.split()
    return int(weekday), time.fromisoformat(at)


def taken_by(rows: Iterable[Row]) -> Taken:
    """The times at which something goes out, by channel. Pure."""
    taken: dict[int, list[datetime]] = {}
    for row in rows:
        if row.state not in GONE:
            taken.setdefault(row.channel, []).append(row.due_at)
    return taken


def _taken(channels: Iterable[int], start: datetime, end: datetime) -> dict[int, list[datetime]]:
    rows = Placement.objects.in_days(start, end).filter(channel__in=list(channels)).exclude(delivery__state__in=GONE)
    taken: dict[int, list[datetime]] = {}
    for pk, at in rows.values_list("channel_id", "due_at"):
        if at is not None:
            taken.setdefault(pk, []).append(at)
    return taken
