"""From the clock on the town's wall to one moment and back; pure.

A wall-clock time can be missing (clocks go forward) or come twice (clocks go back). A missing one is refused with the
times around it; a double one is asked about, never guessed.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from accounts.refusals import Invalid

FIRST, SECOND = 0, 1


class Twice(Invalid):
    """The time comes twice that day: `first` and `second` are the two moments, in UTC."""

    def __init__(self, words: str, first: datetime, second: datetime) -> None:
        super().__init__(words, next_step="Choose the first or the second of the two.")
        self.first = first
        self.second = second


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every zone name that can be chosen: places and UTC, no abbreviations or files."""
    return frozenset(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix"))
    ) | {"UTC"}


def zone_named(name: str) -> ZoneInfo:
    """The zone, or a refusal for a name that is none."""
    if name not in zones():
        raise Invalid(f"{name[:60]!r} is not a time zone.", next_step="Use a name such as Europe/London.")
    return ZoneInfo(name)


def to_wall(moment: datetime, zone: str) -> datetime:
    """What the town's clocks show at that moment, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def from_wall(wall: datetime, zone: str, fold: int | None = None) -> datetime:
    """The moment in UTC at which the town's clocks show `wall`.

    Invalid when they never do; Twice when they do so twice and `fold` (0 the first, 1 the second) does not say which.
    """
    tz = ZoneInfo(zone)
    bare = wall.replace(tzinfo=None, fold=0)
    first, second = (bare.replace(tzinfo=tz, fold=which).astimezone(UTC) for which in (FIRST, SECOND))
    if first == second:
        return first
    if to_wall(first, zone) != bare:
        before, after = _edges(bare, first, second, zone)
        day = day_words(bare)
        raise Invalid(
            f"{bare:%H:%M} does not exist on {day}: clocks go forward from {before:%H:%M} to {after:%H:%M}.",
            next_step=f"Choose {after:%H:%M} or later, or a time before {before:%H:%M}.",
        )
    if fold is None:
        raise Twice(f"{bare:%H:%M} comes twice on {day_words(bare)}: clocks go back.", first, second)
    return second if fold else first


def end_of_day(day: date, zone: str) -> datetime:
    """The first moment of the day after, by the town's clocks; an hour later where they go forward at midnight."""
    after = datetime.combine(day + timedelta(days=1), time(0))
    try:
        return from_wall(after, zone, fold=FIRST)
    except Invalid:
        return from_wall(after + timedelta(hours=1), zone, fold=FIRST)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_words(day: datetime) -> str:
    """29 March 2026"""
    return f"{day.day} {day:%B %Y}"


def _edges(bare: datetime, first: datetime, second: datetime, zone: str) -> tuple[datetime, datetime]:
    """What the clocks show just before and just after the jump that swallows `bare`."""
    jump = abs(first - second)
    low, high = min(first, second) - jump, max(first, second) + jump
    tz = ZoneInfo(zone)
    start = low.astimezone(tz).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(tz).utcoffset() == start:
            low = middle
        else:
            high = middle
    after = to_wall(high.replace(microsecond=0), zone)
    return after - jump, after
