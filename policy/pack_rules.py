"""The rules of a pack beside its holidays, each chosen by the day that is asked about; and the clocks they start.

A rule belongs to a family: `clock` (a deadline), `posture` (how a resident's comment is treated), `duty` (what has to
be said and where), `election`, `accessibility`, `language`. It has a key, a title, words, a source and when that was
last looked at; `since` and `until` bound the days it holds on, so that a law that was replaced stays true for its time.
An accessibility rule with `posts` binds social media posts from its day on; `live_days` is how long a live broadcast's
recording may wait for its captions.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from policy import packs

FAMILIES = {
    "clock": "Statutory clocks",
    "posture": "Residents' comments and requests",
    "duty": "Notices",
    "election": "Elections",
    "accessibility": "Accessibility",
    "language": "Languages",
}
UNITS = {"working": "working days", "business": "business days", "calendar": "days", "month": "months"}
STANCES = {
    "leave": "Leave it up",
    "moderate": "Moderate by the house rules",
    "delete_on_advice": "Delete, with counsel's advice",
    "house_rule": "A common house rule",
    "high_risk": "Deleting is a high risk",
    "remove_on_notice": "Remove once told of it",
    "remove_fast": "Remove it fast",
    "seek_advice": "Seek advice",
    "notify": "Tell the author",
    "own_choice": "The town decides",
    "valid": "It counts",
    "may_be_refused": "It may be refused",
    "written": "It has to come in writing",
    "state_law": "The state's law decides",
    "fine": "Fine",
    "parity": "Both languages, treated alike",
    "both_at_once": "Both languages at the same time",
    "keep": "Keep it: records law",
    "weigh": "Weigh it",
    "correct": "Correct it",
}
DAY = timedelta(days=1)
SATURDAY = 5
LIKES = re.compile(r"\blikes\b", re.IGNORECASE)
KNOWN = {"family", "key", "title", "words", "source", "since", "until", "checked_on", "unverified"}
EXTRA = {
    "clock": {"number", "unit", "from", "holidays", "note"},
    "posture": {"stance", "counsel"},
    "duty": set(),
    "election": {"notice_working_days", "tasks", "tip", "counsel", "holds"},
    "accessibility": {"on", "population_from", "population_below", "posts", "live_days"},
    "language": {"languages", "first", "simultaneous"},
}


@dataclass(frozen=True)
class Rule:
    """One rule of one pack; `data` holds what its family has besides."""

    pack: str
    family: str
    key: str
    title: str
    words: str
    source: str
    checked_on: date | None
    since: date | None = None
    until: date | None = None
    unverified: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    @property
    def stance_words(self) -> str:
        return STANCES.get(self.data.get("stance", ""), "")

    @property
    def length(self) -> str:
        """20 working days"""
        number = self.data.get("number")
        if not number:
            return "The state's law says"
        unit = UNITS[self.data["unit"]]
        return f"{number} {unit[:-1] if number == 1 else unit}"


@lru_cache
def all_rules(pack: str) -> tuple[Rule, ...]:
    """Every rule the pack has or had."""
    whole = packs.read(pack)
    return tuple(_rule(whole, data) for data in whole.extra)


def _rule(whole: packs.Pack, data: Mapping[str, Any]) -> Rule:
    rest = {name: value for name, value in data.items() if name not in KNOWN}
    return Rule(
        pack=whole.key,
        family=data["family"],
        key=data["key"],
        title=data["title"],
        words=data["words"],
        source=data["source"],
        checked_on=data.get("checked_on", whole.checked_on),
        since=data.get("since"),
        until=data.get("until"),
        unverified=bool(data.get("unverified")),
        data=rest,
    )


def rules(pack: str, family: str, on: date) -> list[Rule]:
    """The rules of one family that hold on that day."""
    return [rule for rule in all_rules(pack) if rule.family == family and rule.holds(on)]


def rule(pack: str, family: str, key: str, on: date) -> Rule | None:
    return next((one for one in rules(pack, family, on) if one.key == key), None)


def on_likes(pack: str, on: date) -> str:
    """What its rules for elections say about liking things, in their own words; "" where they say nothing."""
    told = [words for one in rules(pack, "election", on) for words in (*one.data.get("tasks", ()), one.words)]
    return next((words for words in told if LIKES.search(words)), "")


def stance(pack: str, key: str, on: date) -> str:
    """How a situation is dealt with there: a word of STANCES, or empty where the pack says nothing."""
    found = rule(pack, "posture", key, on)
    return str(found.data["stance"]) if found else ""


def due_on(clock: Rule, received: date) -> date | None:
    """The last day of a deadline for something received that day; None where the pack has no number.

    Working and business days are counted from the day after. Months run to the same day of the month, or its last one;
    where that is no working day, the next one ends them. Calendar days run out on whatever day they do.
    """
    number, unit = clock.data.get("number"), clock.data.get("unit")
    if not number:
        return None
    if unit == "calendar":
        return received + timedelta(days=number)
    days = clock.data.get("holidays", [clock.pack])
    if unit == "month":
        end = _months_on(received, number)
        while not _is_working(end, days):
            end += DAY
        return end
    day, left = received, number
    while left:
        day += DAY
        left -= _is_working(day, days)
    return day


def _is_working(day: date, holidays_of: Iterable[str]) -> bool:
    return day.weekday() < SATURDAY and not any(day in packs.holidays(pack, day.year) for pack in holidays_of)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def working_days_before(pack: str, day: date, number: int) -> date:
    """The day so many working days before that one."""
    while number:
        day -= DAY
        number -= _is_working(day, [pack])
    return day


def accessible_by(pack: str, population: int | None, on: date) -> Rule | None:
    """The rule that says by when a town of that size must be accessible, as the law stood that day."""
    for one in rules(pack, "accessibility", on):
        low, high = one.data.get("population_from"), one.data.get("population_below")
        if low is None and high is None:
            return one
        if population is not None and (low is None or population >= low) and (high is None or population < high):
            return one
    return None


def depends_on_size(pack: str, on: date) -> bool:
    """Whether the day by which a town must be accessible depends on how many people it has."""
    return any({"population_from", "population_below"} & set(one.data) for one in rules(pack, "accessibility", on))


def parity(pack: str, on: date) -> Rule | None:
    """The duty to speak two languages alike, where there is one."""
    return next(iter(rules(pack, "language", on)), None)


def check(key: str, data: Mapping[str, Any]) -> list[str]:
    """What is wrong with a pack's file; empty when it is sound."""
    found = [f"{name} is missing" for name in ("name", "caveat") if not data.get(name)]
    if key != "none" and not (data.get("sources") and isinstance(data.get("checked_on"), date)):
        found.append("sources or checked_on is missing")
    seen: list[Mapping[str, Any]] = []
    for number, row in enumerate(data.get("rule", ()), 1):
        where = f"rule {number} ({row.get('key', '?')})"
        found += [f"{where}: {words}" for words in _check_rule(row)]
        if row.get("family") in {"clock", "posture", "language"} and any(_clash(row, other) for other in seen):
            found.append(f"{where}: holds on the same days as another one of that key")
        seen.append(row)
    return found


def _clash(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if any(one.get(name) != other.get(name) for name in ("family", "key")):
        return False
    since = [row.get("since", date.min) for row in (one, other)]
    until = [row.get("until", date.max) for row in (one, other)]
    return bool(max(since) <= min(until))


def _check_rule(row: Mapping[str, Any]) -> list[str]:
    family = row.get("family")
    if family not in FAMILIES:
        return [f"family is {family!r}"]
    found = [f"{name} is missing" for name in ("key", "title", "words", "source") if not row.get(name)]
    found += [f"{name} is not known" for name in set(row) - KNOWN - EXTRA[str(family)]]
    found += [f"{name} is no date" for name in ("since", "until", "on") if name in row and type(row[name]) is not date]
    if family == "posture" and row.get("stance") not in STANCES:
        found.append(f"stance is {row.get('stance')!r}")
    if family == "clock" and row.get("number") is not None and row.get("unit") not in UNITS:
        found.append(f"unit is {row.get('unit')!r}")
    if family == "language" and not row.get("languages"):
        found.append("languages is missing")
    if family == "accessibility" and "on" not in row:
        found.append("on is missing")
    return found
