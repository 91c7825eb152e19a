"""Time that has passed and time that is left, by the clock on the wall and by the town's service hours.

Everything here is pure: it is given instants and a calendar and never asks the time. Durations are added in UTC, so
that a day on which the clocks change has its true length.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
ZERO = timedelta(0)
LOOK_AHEAD = 800  # days: a calendar that opens less often than this is closed for good

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Shift:
    """One stretch of service within a day, in minutes after local midnight; `closes` is at most 1440."""

    opens: int
    closes: int

    @classmethod
    def of(cls, opens: str, closes: str) -> Shift:
        """From two wall times, "09:00" and "17:00"; a shift that closes at "00:00" or "24:00" closes at midnight."""
        start, end = _minutes(opens), _minutes(closes) or 1440
        if not 0 <= start < end <= 1440:
            raise ValueError(f"a shift must close after it opens: {opens} to {closes}")
        return cls(start, end)


@dataclass(frozen=True)
class Hours:
    """A service calendar: seven days of shifts, Monday first, and the days on which nobody serves."""

    zone: ZoneInfo
    week: tuple[tuple[Shift, ...], ...]
    holidays: Container[date] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, zone: str, week: Sequence[Sequence[Sequence[str]]], holidays: Container[date] = frozenset()) -> Hours:
        """From plain data as the town keeps it: `[[["09:00", "12:00"], ["13:00", "17:00"]], …]`."""
        days = tuple(_merged([Shift.of(*shift) for shift in day]) for day in week)
        if len(days) != 7:
            raise ValueError("a week has seven days")
        return cls(ZoneInfo(zone), days, holidays)

    def open_between(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The stretches of service between two instants, in order, in UTC."""
        for seg_start, seg_end, offset in _segments(self.zone, start, end):
            day = (seg_start + offset).date()
            while datetime.combine(day, datetime.min.time(), UTC) - offset < seg_end:
                midnight = datetime.combine(day, datetime.min.time(), UTC) - offset
                for shift in () if day in self.holidays else self.week[day.weekday()]:
                    opens = max(seg_start, midnight + timedelta(minutes=shift.opens))
                    closes = min(seg_end, midnight + timedelta(minutes=shift.closes))
                    if opens < closes:
                        yield opens, closes
                day += DAY


def due(start: datetime, promised: timedelta, hours: Hours | None = None) -> datetime | None:
    """When `promised` will have passed since `start`: by the wall clock, or in service hours when a calendar is given.

    None when the calendar never opens long enough.
    """
    begin = start.astimezone(UTC)
    if hours is None:
        return begin + promised
    left = promised
    for opens, closes in hours.open_between(begin, begin + LOOK_AHEAD * DAY):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def elapsed(start: datetime, end: datetime, hours: Hours | None = None) -> timedelta:
    """How much time passed from `start` to `end`; nothing when `end` comes first."""
    begin, finish = start.astimezone(UTC), end.astimezone(UTC)
    if finish <= begin:
        return ZERO
    if hours is None:
        return finish - begin
    return sum((closes - opens for opens, closes in hours.open_between(begin, finish)), ZERO)


def left(due_at: datetime, now: datetime, hours: Hours | None = None) -> timedelta:
    """Time still to go until `due_at`; negative by as much as it is late."""
    if now <= due_at:
        return elapsed(now, due_at, hours)
    return -elapsed(due_at, now, hours)


def without(start: datetime, end: datetime, pauses: Sequence[Span]) -> Iterator[Span]:
    """The stretches from `start` to `end` that lie outside the pauses; pauses may overlap and come in any order."""
    at = start
    for begins, ends in sorted(pauses):
        if begins >= end:
            break
        if begins > at:
            yield at, begins
        at = max(at, ends)
    if at < end:
        yield at, end


def due_with_pauses(
    start: datetime, promised: timedelta, pauses: Sequence[Span], hours: Hours | None = None
) -> datetime | None:
    """As `due`, where the clock stands still during the pauses."""
    spent = ZERO
    for begins, ends in without(start, datetime.max.replace(tzinfo=UTC) - 2 * DAY, pauses):
        at = due(begins, promised - spent, hours)
        if at is None or at <= ends:
            return at
        spent += elapsed(begins, ends, hours)
    return None


def _minutes(wall: str) -> int:
    hour, minute = (int(part) for part in wall.split(":"))
    if not 0 <= minute < 60:
        raise ValueError(f"not a time of day: {wall}")
    return hour * 60 + minute


def _merged(shifts: list[Shift]) -> tuple[Shift, ...]:
    out: list[Shift] = []
    for shift in sorted(shifts, key=lambda s: s.opens):
        if out and shift.opens <= out[-1].closes:
            out[-1] = Shift(out[-1].opens, max(out[-1].closes, shift.closes))
        else:
            out.append(shift)
    return tuple(out)


def _segments(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from `start` to `end` cut where the zone's distance to UTC changes."""
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < end:
        for begins, ends, offset in _day_segments(zone, day):
            if begins < end and ends > start:
                yield max(begins, start), min(ends, end), offset
        day += DAY


@lru_cache(maxsize=20_000)
def _day_segments(zone: ZoneInfo, day: datetime) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """One UTC day cut where the zone's distance to UTC changes; zones change theirs at most once within six hours."""
    marks = [day + timedelta(hours=h) for h in (0, 6, 12, 18, 24)]
    cuts = [day]
    for low, high in zip(marks, marks[1:], strict=False):
        if _offset(zone, low) != _offset(zone, high):
            cuts.append(_change(zone, low, high))
    ends = [*cuts[1:], day + DAY]
    return tuple((a, b, _offset(zone, a)) for a, b in zip(cuts, ends, strict=True) if a < b)


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or ZERO
