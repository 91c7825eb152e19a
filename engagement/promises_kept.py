"""What became of promises, in numbers that can be traced: each count is a condition, and the same condition finds its
rows.

A promise is counted in the week of the day that was promised first. It is kept when it was done by then; one that was
given more time counts as extended, even when it was then met. Withdrawn promises and those that nobody was given are
left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek

from accounts.models import User
from engagement import departments
from engagement.models import Promise

OUTCOMES = {
    "kept": "Kept",
    "extended": "Given more time",
    "late": "Kept late",
    "broken": "Broken",
    "overdue": "Overdue",
}
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Tally:
    """How many promises fell due, and what became of them; they add up."""

    due: int = 0
    kept: int = 0
    extended: int = 0
    late: int = 0
    broken: int = 0
    overdue: int = 0

    @property
    def rate(self) -> float | None:
        """Share kept by the day first promised, 0.0–1.0; None where none fell due."""
        return self.kept / self.due if self.due else None

    @property
    def percent(self) -> int | None:
        return None if self.rate is None else round(100 * self.rate)

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in ("due", *OUTCOMES)))


def conditions(today: date) -> dict[str, Q]:
    """Each outcome as a condition on promises, on the town's day `today`; no promise fits two of them."""
    more_time = Q(due_on__gt=F("first_due_on"))
    in_time = Q(state="kept", ended_on__lte=F("due_on"))
    return {
        "kept": in_time & ~more_time,
        "extended": more_time & (in_time | Q(state="open", due_on__gte=today, first_due_on__lt=today)),
        "late": Q(state="kept", ended_on__gt=F("due_on")),
        "broken": Q(state="broken"),
        "overdue": Q(state="open", due_on__lt=today),
    }


def fallen_due(today: date) -> Q:
    """Promises that count: ended, or their day has passed."""
    return Q(state__in=("kept", "broken")) | Q(state="open") & (Q(first_due_on__lt=today) | Q(due_on__lt=today))


def outcome(promise: Promise, today: date) -> str:
    """The key in OUTCOMES of one promise; "open" or "withdrawn" for those that do not count."""
    more_time = promise.due_on > promise.first_due_on
    if promise.state == "kept" and promise.ended_on:
        if promise.ended_on > promise.due_on:
            return "late"
        return "extended" if more_time else "kept"
    if promise.state == "open" and promise.due_on >= today:
        return "extended" if promise.first_due_on < today else "open"
    return "overdue" if promise.state == "open" else promise.state


def tally(rows: QuerySet[Promise], today: date) -> Tally:
    """Count these promises."""
    counts = rows.given().filter(fallen_due(today)).aggregate(**_counts(today))  # type: ignore[attr-defined]
    return Tally(**counts)


def by_week(rows: QuerySet[Promise], today: date, weeks: int) -> list[tuple[date, Tally]]:
    """The last so many weeks by their Mondays, this one last; a week without promises has a tally of noughts."""
    first = monday(today) - WEEK * (weeks - 1)
    due = rows.given().filter(fallen_due(today), first_due_on__gte=first)  # type: ignore[attr-defined]
    found = due.order_by().annotate(week=TruncWeek("first_due_on")).values("week").annotate(**_counts(today))
    known = {row.pop("week"): Tally(**row) for row in found}
    return [(first + WEEK * n, known.get(first + WEEK * n, Tally())) for n in range(weeks)]


def by_service(rows: QuerySet[Promise], now: datetime, today: date, weeks: int) -> list[tuple[int | None, str, Tally]]:
    """The promises of the last so many weeks by the department they were with (row id and name); they add up to those
    of `by_week`. What was with none comes last.
    """
    due = rows.given().filter(fallen_due(today), within(today, weeks))  # type: ignore[attr-defined]
    known_by: QuerySet[Any] = departments.with_service(due, now)
    found = known_by.order_by().values(*["service"]).annotate(**_counts(today))
    known = {row.pop("service"): Tally(**row) for row in found}
    return [(pk, name, known[pk]) for pk, name in departments.in_order(list(known))]


def within(today: date, weeks: int) -> Q:
    """First promised for a day of the last so many weeks, this one included."""
    last = monday(today) + WEEK - timedelta(days=1)
    return Q(first_due_on__range=(monday(today) - WEEK * (weeks - 1), last))


def of_week(user: User, now: datetime, today: date, week: date) -> Tally:
    """One week's promises on the channels this person sees: what a weekly report prints."""
    seen = Promise.objects.visible_to(user, now).filter(first_due_on__range=(week, week + WEEK - timedelta(days=1)))
    return tally(seen, today)


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _counts(today: date) -> dict[str, Count]:
    return {"due": Count("pk")} | {name: Count("pk", filter=one) for name, one in conditions(today).items()}
