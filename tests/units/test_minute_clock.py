"""Ten thousand clocks, each held against one that walks minute by minute and looks at the wall each time."""

from __future__ import annotations

import random
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from policy import clocks
from policy.clocks import Hours

CASES = 10_000
MINUTE = timedelta(minutes=1)
LENGTH = 12 * 24 * 60  # minutes of the stretch that is walked
# A day of each kind: clocks go forward or back by 60 or 30 minutes, at night and at midnight, a zone changes for good,
# a date is left out, a leap day, the turn of a year, and zones with odd distances.
STRETCHES = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/St_Johns", date(2027, 3, 14)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Havana", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Chatham", date(2027, 4, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Juba", date(2021, 2, 1)),
    ("Asia/Kathmandu", date(2028, 2, 29)),
    ("Europe/Berlin", date(2024, 2, 29)),
    ("America/Los_Angeles", date(2028, 2, 29)),
    ("UTC", date(2027, 1, 1)),
]
Shifts = list[tuple[int, int]]


@dataclass(frozen=True)
class Run:
    """Minutes in a row, while the wall shows one date and its clock goes on minute by minute."""

    day: date
    first: int
    last: int


@cache
def wall(zone: str, day: date) -> tuple[datetime, list[Run]]:
    """The start of a stretch and what the wall shows from there on, looked at in every single minute."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=4)
    runs: list[Run] = []
    for n in range(LENGTH):
        shown = (start + n * MINUTE).astimezone(ZoneInfo(zone))
        minute = shown.hour * 60 + shown.minute
        if runs and (runs[-1].day, runs[-1].last + 1) == (shown.date(), minute):
            runs[-1] = Run(runs[-1].day, runs[-1].first, minute)
        else:
            runs.append(Run(shown.date(), minute, minute))
    return start, runs


@dataclass
class Case:
    """One clock: the calendar, from where to where, what was promised, and when it stood still; all in minutes."""

    zone: str
    day: date
    week: list[Shifts]
    holidays: frozenset[date]
    start: int
    length: int
    promised: int
    pauses: Shifts

    @classmethod
    def drawn(cls, dice: random.Random) -> Case:
        zone, day = dice.choice(STRETCHES)
        start = dice.randrange(LENGTH - 5 * 1440)
        pauses = [
            (start + dice.randrange(-300, 3000), dice.randrange(1, 900)) for _ in range(dice.choice([0, 0, 1, 3]))
        ]
        return cls(
            zone=zone,
            day=day,
            week=[shifts(dice) for _ in range(7)],
            holidays=frozenset(day + timedelta(days=dice.randrange(-4, 8)) for _ in range(dice.randrange(3))),
            start=start,
            length=dice.randrange(5 * 1440),
            promised=dice.choice([60, 240, 480, 1440, dice.randrange(1, 3000)]),
            pauses=[(begins, begins + lasts) for begins, lasts in pauses],
        )

    def hours(self) -> Hours:
        plain = [[[told(opens), told(closes)] for opens, closes in day] for day in self.week]
        return Hours.of(self.zone, plain, self.holidays)

    def at(self, minute: int) -> datetime:
        return wall(self.zone, self.day)[0] + minute * MINUTE

    def serves(self) -> bytearray:
        """Minute by minute: 1 while the desk serves, else 0."""
        week = [marked(1440, shifts) for shifts in self.week]
        out = bytearray()
        for run in wall(self.zone, self.day)[1]:
            day = bytearray(1440) if run.day in self.holidays else week[run.day.weekday()]
            out += day[run.first : run.last + 1]
        return out

    def running(self) -> bytearray:
        """Minute by minute: 1 while the clock is not paused."""
        return marked(LENGTH, self.pauses).translate(bytes.maketrans(b"\0\1", b"\1\0"))


def marked(length: int, spans: Shifts) -> bytearray:
    """So many minutes, 1 within the spans and 0 outside."""
    out = bytearray(length)
    for first, last in spans:
        low, high = max(0, first), max(0, min(length, last))
        out[low:high] = b"\1" * (high - low)
    return out


def shifts(dice: random.Random) -> Shifts:
    """None, office hours, a broken day, around the clock, or anything."""
    marks = sorted(dice.sample(range(1441), 2 * dice.randrange(1, 4)))
    anything = list(zip(marks[::2], marks[1::2], strict=True))
    return dice.choice([[], [(540, 1020)], [(540, 750), (810, 1020)], [(0, 1440)], [(60, 180)], anything, anything])


def told(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def first_reach(case: Case, counts: bytes) -> datetime | None:
    """The end of the minute with which the promise is used up; None when that lies beyond the stretch."""
    totals = list(accumulate(counts[case.start :]))
    passed = bisect_left(totals, case.promised)
    return case.at(case.start + passed + 1) if passed < len(totals) else None


def both(one: bytes, other: bytes) -> bytes:
    together = int.from_bytes(one, "big") & int.from_bytes(other, "big")
    return together.to_bytes(LENGTH, "big")


def agree(found: datetime | None, walked: datetime | None, case: Case) -> bool:
    """Beyond the stretch nobody walked: there it is enough that the clock does not say it was within."""
    return found == walked if walked else found is None or found > case.at(LENGTH)


def check_plain(case: Case, hours: Hours, serves: bytes) -> None:
    start, end = case.at(case.start), case.at(case.start + case.length)
    spent = sum(serves[case.start : case.start + case.length]) * MINUTE
    assert clocks.elapsed(start, end, hours) == spent, case
    assert (clocks.left(end, start, hours), clocks.left(start, end, hours)) == (spent, -spent), case
    assert agree(clocks.due(start, case.promised * MINUTE, hours), first_reach(case, serves), case), case


def check_paused(case: Case, hours: Hours, serves: bytes) -> None:
    start, promised, running = case.at(case.start), case.promised * MINUTE, case.running()
    pauses = [(case.at(begins), case.at(ends)) for begins, ends in case.pauses]
    served = first_reach(case, both(serves, running))
    assert agree(clocks.due_with_pauses(start, promised, pauses, hours), served, case), case
    assert agree(clocks.due_with_pauses(start, promised, pauses), first_reach(case, running), case), case


def test_every_clock_says_what_walking_through_every_minute_says(seed: int, long: bool) -> None:
    dice = random.Random(seed)
    for _ in range(CASES * (10 if long else 1)):
        case = Case.drawn(dice)
        hours, serves = case.hours(), case.serves()
        check_plain(case, hours, serves)
        if case.pauses:
            check_paused(case, hours, serves)
