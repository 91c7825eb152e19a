"""Civic dates: the holidays of the town's pack and the days the town wrote down, as a layer of the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import Invalid
from policy import packs
from policy.models import CivicDate

ICONS = {"holiday": "tree-palm", "meeting": "landmark", "election": "vote", "day": "flag"}
KIND_WORDS = dict(CivicDate.KINDS)


@dataclass(frozen=True)
class Event:
    """One civic date as a day shows it."""

    name: str
    kind: str
    at: time | None = None

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def kind_words(self) -> str:
        return KIND_WORDS[self.kind]

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%H:%M}" if self.at else self.name


def events(town: Town, days: Iterable[date]) -> dict[date, list[Event]]:
    """What lies on these days, holidays first: one query. A year whose holidays were taken over has them from there."""
    wanted = sorted(days)
    first, last = wanted[0], wanted[-1]
    years = range(first.year, last.year + 1)
    taken = Q(day__year__in=years, kind="holiday") & ~Q(pack="")
    rows = list(CivicDate.objects.filter(Q(day__range=(first, last)) | taken))
    own = {one.day.year for one in rows if one.pack}
    found: dict[date, list[Event]] = {}
    for year in (year for year in years if year not in own):
        for day, name in packs.holidays(town.pack, year).items():
            found.setdefault(day, []).append(Event(name, "holiday"))
    for one in sorted(rows, key=lambda row: (row.kind != "holiday", row.at or time.min)):
        found.setdefault(one.day, []).append(Event(one.name, one.kind, one.at))
    return found


def holidays(found: dict[date, list[Event]]) -> set[date]:
    """The days of these on which the town does not work."""
    return {day for day, rows in found.items() if any(one.kind == "holiday" for one in rows)}


@transaction.atomic
def take_over(town: Town, year: int, *, by: User, now: datetime) -> int:
    """Write the pack's holidays of a year down as rows that can be changed; how many were not there yet."""
    found = packs.holidays(town.pack, year)
    if not found:
        raise Invalid(f"The pack “{packs.read(town.pack).name}” names no holidays in {year}.")
    there = set(CivicDate.objects.filter(day__year=year).values_list("day", "name"))
    rows = [
        CivicDate(day=day, name=name[:120], kind="holiday", pack=packs.read(town.pack).key)
        for day, name in found.items()
        if (day, name[:120]) not in there
    ]
    CivicDate.objects.bulk_create(rows)
    audit.record("took_over_holidays", town, by=by, now=now, year=year, days=len(rows))
    return len(rows)
