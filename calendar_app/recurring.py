"""On which days a series comes, and at what the town's clocks show then. Pure: no database, no clock, no request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from accounts.refusals import Invalid
from accounts.walltime import Twice, day_words, from_wall, to_wall

MOST = 104  # parts: two years of weeks
FREQUENCIES = {"day": DAILY, "week": WEEKLY, "month": MONTHLY}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
SKIP, LATER = "skip", "later"


@dataclass(frozen=True)
class Rule:
    """Every so many days, weeks (on these weekdays, Monday is 0) or months, from `start` until a day or so many times.

    A month has the day of `start`, or its last one where it is shorter; with `place` the first, second … last of the
    one weekday instead.
    """

    unit: str
    every: int
    start: date
    clock: time
    weekdays: tuple[int, ...] = ()
    place: int = 0
    until: date | None = None
    count: int | None = None

    @property
    def words(self) -> str:
        """Every 2 weeks on Monday and Friday at 10:00, 12 times"""
        end = f"until {day_words(_start(self.until))}" if self.until else f"{self.count} times"
        often = f"Every {self.unit}" if self.every == 1 else f"Every {self.every} {self.unit}s"
        return f"{often}{self._on()} at {self.clock:%H:%M}, {end}"

    def _on(self) -> str:
        named = [DAYS[one] for one in self.weekdays]
        if self.unit == "week" and named:
            return f" on {', '.join(named[:-1])} and {named[-1]}" if named[1:] else f" on {named[0]}"
        if self.unit != "month":
            return ""
        if self.place:
            return f" on the {PLACES[self.place]} {named[0]}"
        return f" on day {self.start.day}" + (", or the last of a shorter month," if self.start.day > 28 else "")

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "every": self.every,
            "start": self.start.isoformat(),
            "clock": self.clock.isoformat("minutes"),
            "weekdays": list(self.weekdays),
            "place": self.place,
            "until": self.until.isoformat() if self.until else None,
            "count": self.count,
        }


@dataclass(frozen=True)
class Slot:
    """One time of a series: what the clocks show, and the instant. `moved_from` is the time that does not exist."""

    wall: datetime
    due_at: datetime
    moved_from: datetime | None = None


class Asks(Invalid):
    """Times of a series that do not exist or come twice: `gaps` and `folds` say which, one sentence each."""

    def __init__(self, gaps: list[str], folds: list[str]) -> None:
        super().__init__(" ".join([*gaps, *folds]), next_step="Say what is meant; nothing was made.")
        self.gaps = gaps
        self.folds = folds


def of_json(kept: Mapping[str, Any]) -> Rule:
    return Rule(
        unit=kept["unit"],
        every=kept["every"],
        start=date.fromisoformat(kept["start"]),
        clock=time.fromisoformat(kept["clock"]),
        weekdays=tuple(kept["weekdays"]),
        place=kept["place"],
        until=date.fromisoformat(kept["until"]) if kept["until"] else None,
        count=kept["count"],
    )


def walls(rule: Rule) -> list[datetime]:
    """What the clocks show at each part, naive. Invalid where it is no series, or has no end a person can oversee."""
    if (rule.until is None) == (rule.count is None):
        raise Invalid("Say until which day the series goes on, or how often it comes.")
    found = list(islice((datetime.combine(one.date(), rule.clock) for one in _recurrence(rule)), MOST + 1))
    if len(found) < 2:
        raise Invalid("A series has at least two parts.", next_step="Choose a later end.")
    if len(found) > MOST:
        raise Invalid(f"A series has {MOST} parts at most.", next_step="Choose an earlier end, or go on with another.")
    return found


def _recurrence(rule: Rule) -> rrule:
    how: dict[str, Any] = {"interval": rule.every, "dtstart": _start(rule.start)}
    how |= {"until": _start(rule.until)} if rule.until else {"count": rule.count}
    if rule.unit == "week" and rule.weekdays:
        how["byweekday"] = rule.weekdays
    elif rule.unit == "month" and rule.place:
        how["byweekday"] = weekday(rule.weekdays[0])(rule.place)
    elif rule.unit == "month" and rule.start.day > 28:  # the last of these days that the month has
        how |= {"bymonthday": range(28, rule.start.day + 1), "bysetpos": -1}
    return rrule(FREQUENCIES[rule.unit], **how)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min)


def slots(rule: Rule, zone: str, fold: int | None = None, gaps: str = "") -> list[Slot]:
    """The instants of all parts. Asks where a time does not exist or comes twice and it was not said what is meant.

    `gaps` is skip (that day is left out) or later (by as much as the clocks jump).
    """
    found: list[Slot] = []
    missing, twice = [], []
    for wall in walls(rule):
        try:
            found.append(Slot(wall, from_wall(wall, zone, fold)))
        except Twice as asked:
            twice.append(asked.words)
        except Invalid as refused:
            if gaps == LATER:
                found.append(after_the_jump(wall, zone))
            elif gaps != SKIP:
                missing.append(refused.words)
    if missing or twice:
        raise Asks(missing, twice)
    return found


def after_the_jump(wall: datetime, zone: str) -> Slot:
    """A time that the clocks jump over, later by as much as they jump: 02:30 becomes 03:30."""
    due_at = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    return Slot(to_wall(due_at, zone), due_at, moved_from=wall)
