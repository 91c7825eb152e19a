"""The figures that hold now, and those that were restated: what other systems know, week by week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.db.models import QuerySet

from metrics.models import OutsideFigure

ALIKE = ("kind", "on", "topic_id", "channel_id", "route", "label")


@dataclass(frozen=True)
class Restated:
    """A figure that a later file changed."""

    figure: OutsideFigure
    was: Decimal
    at: datetime

    @property
    def words(self) -> str:
        return f"restated from {self.was:,.0f} to {self.figure.value:,.0f} by “{self.figure.file.name}”"


def current(kind: str, first: date, last: date, by: datetime | None = None) -> list[OutsideFigure]:
    """What holds for the days from `first` to `last`, both included: of figures about the same thing the newest.

    `by` tells what held at that moment, before anything later was brought in.
    """
    rows = _counting(kind, first, last, by).order_by(*ALIKE, "-file__made_at", "-pk").distinct(*ALIKE)
    return sorted(rows, key=lambda one: (one.on, one.pk))


def restated(kind: str, first: date, last: date) -> list[Restated]:
    """Every change of a figure for these days by a later file, the oldest first."""
    rows = _counting(kind, first, last, None).order_by(*ALIKE, "file__made_at", "pk")
    return sorted(_changes(rows), key=lambda one: (one.at, one.figure.pk))


def _changes(rows: Iterable[OutsideFigure]) -> Iterable[Restated]:
    for before, after in pairwise(rows):
        alike = all(getattr(before, name) == getattr(after, name) for name in ALIKE)
        if alike and before.value != after.value and after.file.made_at:
            yield Restated(after, before.value, after.file.made_at)


def _counting(kind: str, first: date, last: date, by: datetime | None) -> QuerySet[OutsideFigure]:
    rows = OutsideFigure.objects.filter(kind=kind, on__range=(first, last), file__state="made")
    if by is not None:
        rows = rows.filter(file__made_at__lte=by)
    return rows.select_related("file", "topic", "channel")
