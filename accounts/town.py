"""The town's own settings: where its clocks stand, when it works, and how they are changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction
from django.db.models import F

from accounts import audit, walltime
from accounts.models import Town, User
from accounts.refusals import Invalid, LostRace

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOCALES = [
    ("en-gb", "English (United Kingdom)"),
    ("en-us", "English (United States)"),
    ("en-ca", "English (Canada)"),
    ("en-au", "English (Australia)"),
    ("en-nz", "English (New Zealand)"),
    ("en-ie", "English (Ireland)"),
]
Hours = list[list[list[str]]]


@dataclass(frozen=True)
class TownWords:
    """What the settings page says about the town; `hours` are seven lists of shifts, Monday first."""

    name: str
    zone: str
    locale: str
    population: int | None
    hours: Hours


def town() -> Town:
    return Town.here()


def to_wall(moment: datetime) -> datetime:
    """What the clocks of the town show at that moment."""
    return walltime.to_wall(moment, town().zone)


def from_wall(wall: datetime, zone: str | None = None, fold: int | None = None) -> datetime:
    """See `walltime.from_wall`; in the town's zone when none is given."""
    return walltime.from_wall(wall, zone or town().zone, fold)


def change(words: TownWords, version: int, *, by: User, now: datetime) -> Town:
    """Store new settings; Invalid names what cannot be, LostRace that a colleague was faster."""
    problems = check(words)
    if problems:
        raise Invalid(" ".join(problems.values()), next_step="Nothing was changed.")
    with transaction.atomic():
        before = town()
        was = {key: getattr(before, key) for key in asdict(words)}
        if not Town.objects.filter(pk=1, version=version).update(**asdict(words), version=F("version") + 1):
            raise LostRace(
                "A colleague changed these settings while you had the page open.",
                next_step="Load the page again and make your change on top of theirs.",
            )
        after = town()
        audit.record("changed_settings", after, by=by, now=now, was=was, became=asdict(words))
    return after


def check(words: TownWords) -> dict[str, str]:
    """What is wrong, by field, in sentences; empty when all is well."""
    problems = {}
    if not words.name.strip():
        problems["name"] = "The town needs a name."
    try:
        walltime.zone_named(words.zone)
    except Invalid as refused:
        problems["zone"] = f"{refused.words} {refused.next_step}"
    if words.locale not in dict(LOCALES):
        problems["locale"] = "Choose one of the languages offered."
    if words.population is not None and not 0 < words.population < 100_000_000:
        problems["population"] = "The population is a whole number above 0, or left empty."
    problems |= check_hours(words.hours)
    return problems


def check_hours(hours: Hours) -> dict[str, str]:
    """What is wrong with a week of shifts, by `day-N`."""
    if len(hours) != len(DAYS):
        return {"hours": "A week has seven days."}
    problems = {}
    for number, (day, shifts) in enumerate(zip(DAYS, hours, strict=True)):
        sentence = _day_problem(day, shifts)
        if sentence:
            problems[f"day-{number}"] = sentence
    return problems


def _day_problem(day: str, shifts: Sequence[Sequence[str]]) -> str:
    read: list[tuple[time, time]] = []
    for shift in shifts:
        try:
            start, end = (time.fromisoformat(clock) for clock in shift)
        except (TypeError, ValueError):
            return f"{day}: {' to '.join(map(str, shift))!r} is not two times such as 09:00 to 17:00."
        if end <= start:
            return f"{day}: the shift that starts at {start:%H:%M} ends at {end:%H:%M}, which is not later."
        read.append((start, end))
    read.sort()
    for (_, end), (start, _) in zip(read, read[1:], strict=False):
        if start < end:
            return f"{day}: two shifts overlap; one starts at {start:%H:%M} while another runs until {end:%H:%M}."
    return ""
