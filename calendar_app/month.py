"""A month or a week as days, and what lies on each day. Pure: no database, no clock, no request."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SHOWN = 3  # cards of a day before "n more"
SHOWN_IN_WEEK = 12
SAME_WORDS = DAY * 2  # so near each other the same words on one channel look like a mistake
NO_WORDS = "d41d8cd98f00b204e9800998ecf8427e"
CROWD = 3  # posts on one channel within one hour
GRAVEST_FIRST = (
    "needs_attention",
    "failed",
    "missed",
    "blocked",
    "frozen",
    "unknown",
    "retry_wait",
    "draft",
    "in_review",
    "approved",
    "sending",
    "preparing",
    "claimed",
    "awaiting_platform",
    "scheduled",
    "removed",
    "published",
)
GRAVITY = {state: place for place, state in enumerate(GRAVEST_FIRST)}


class Row(NamedTuple):
    """One placement as the month needs it; `channel` and `post` are row ids, `state` is what pages show."""

    post: int
    channel: int
    due_at: datetime
    state: str
    key: str = ""
    words: str = ""  # a digest of what it says


@dataclass
class Card:
    """One post at one moment, on one or several channels."""

    post: int
    due_at: datetime
    wall: datetime
    rows: list[Row] = field(default_factory=list)
    again: bool = False  # the same words go out there within two days of it
    shown: Any = None  # what the view adds to draw it

    @property
    def state(self) -> str:
        """The state of the channel that most wants to be looked at."""
        return min((row.state for row in self.rows), key=GRAVITY.__getitem__)

    @property
    def time(self) -> str:
        """What the clocks show: 14:05"""
        return f"{self.wall:%H:%M}"

    @property
    def moment(self) -> str:
        """The same with its day, as machines read it."""
        return f"{self.wall:%Y-%m-%d %H:%M}"


@dataclass
class Day:
    """One day of the grid. `gap` marks a working day ahead with nothing planned, `crowded` the hours with too much.

    `events` are its civic dates, `slots` the free posting slots as the view draws them.
    """

    date: date
    outside: bool = False
    today: bool = False
    cards: list[Card] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    slots: list[Any] = field(default_factory=list)
    gap: bool = False
    crowded: list[int] = field(default_factory=list)
    most: int = SHOWN

    @property
    def iso(self) -> str:
        """2026-11-30, as addresses and machines have it."""
        return self.date.isoformat()

    @property
    def anchor(self) -> str:
        """d20261130: where a page leads to this day."""
        return f"d{self.date:%Y%m%d}"

    @property
    def name(self) -> str:
        return f"{self.date:%A}"

    @property
    def month(self) -> str:
        return f"{self.date:%B}"

    @property
    def weekend(self) -> bool:
        return self.date.weekday() >= 5

    @property
    def shown(self) -> list[Card]:
        """As many cards as fit; when only one would be left over, it fits as well."""
        return self.cards if len(self.cards) <= self.most + 1 else self.cards[: self.most]

    @property
    def drawn(self) -> list[Any]:
        """The same as the plain data that the view gave each of them."""
        return [card.shown.plain for card in self.shown]

    @property
    def more(self) -> int:
        return len(self.cards) - len(self.shown)


def weeks(year: int, month: int, today: date | None = None) -> list[list[Day]]:
    """The weeks that touch this month, Monday first, days of the neighbouring months marked as outside."""
    return [
        [Day(day, outside=day.month != month, today=day == today) for day in week]
        for week in Calendar().monthdatescalendar(year, month)
    ]


def week(monday: date, today: date | None = None) -> list[Day]:
    """The seven days from this Monday, with room for more cards than a month's day has."""
    days = (monday + DAY * n for n in range(7))
    return [Day(day, today=day == today, most=SHOWN_IN_WEEK) for day in days]


def monday_of(day: date) -> date:
    return day - DAY * day.weekday()


def bounds(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """The instants at which the first day begins and the last one ends, where the town is."""
    tz = ZoneInfo(zone)
    start, end = (datetime.combine(day, time.min, tz).astimezone(UTC) for day in (first, last + DAY))
    return start, end


def cards(rows: Iterable[Row], zone: str, again: Collection[str] = ()) -> list[Card]:
    """Placements of one post at one moment become one card, in the order of time.

    `again` holds the keys of placements whose words go out there a second time.
    """
    tz = ZoneInfo(zone)
    found: dict[tuple[int, datetime], Card] = {}
    for row in rows:
        key = (row.post, row.due_at)
        if key not in found:
            found[key] = Card(row.post, row.due_at, row.due_at.astimezone(tz).replace(tzinfo=None))
        found[key].rows.append(row)
        found[key].again |= row.key in again
    return sorted(found.values(), key=lambda card: (card.due_at, card.post))


def said_again(rows: Iterable[Row]) -> set[str]:
    """The keys of those that say on their channel what was said there within two days; `rows` in the order of time."""
    last: dict[tuple[int, str], datetime] = {}
    found = set()
    for row in rows:
        if row.words in {"", NO_WORDS} or row.state in {"failed", "removed"}:
            continue
        before = last.get((row.channel, row.words))
        if before is not None and row.due_at - before <= SAME_WORDS:
            found.add(row.key)
        last[row.channel, row.words] = row.due_at
    return found


def lay(
    grid: Sequence[Sequence[Day]],
    placed: Sequence[Card],
    events: Mapping[date, Sequence[Any]],
    working: Sequence[bool],
    today: date,
    off: Collection[date] = (),
) -> None:
    """Put cards and events on their days, and mark gaps and crowded hours.

    `working` are seven flags, Monday first, `off` the holidays: neither a free day nor a holiday is a gap.
    """
    days = {day.date: day for week in grid for day in week}
    for card in placed:
        if card.wall.date() in days:
            days[card.wall.date()].cards.append(card)
    for day in days.values():
        day.events = list(events.get(day.date, ()))
        ahead = day.date >= today and not day.outside
        day.gap = ahead and working[day.date.weekday()] and day.date not in off and not day.cards
        day.crowded = crowded(day.cards)


def crowded(placed: Iterable[Card]) -> list[int]:
    """The hours in which one channel gets more than people want to read."""
    count: dict[tuple[int, int], int] = {}
    for card in placed:
        for row in card.rows:
            count[row.channel, card.wall.hour] = count.get((row.channel, card.wall.hour), 0) + 1
    return sorted({hour for (_, hour), number in count.items() if number >= CROWD})


def neighbours(year: int, month: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The month before and the month after."""
    before = (year - 1, 12) if month == 1 else (year, month - 1)
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return before, after
