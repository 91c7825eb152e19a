"""Unit costs: what the town says a contact costs, and old examples from elsewhere for as long as it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid
from channels_app import staffing
from metrics.models import UnitCost

ACT = "bring_in_figures"
SOCIAL = "social"
YEARS_OLD = 3


@dataclass(frozen=True)
class Cost:
    """What one contact by a route costs, from low to high. `example`: a number from elsewhere, to be replaced."""

    route: str
    low: float
    high: float
    source: str
    dated: date
    example: bool = False

    def old(self, today: date) -> bool:
        return (today - self.dated).days > 365 * YEARS_OLD


SOCITM = "Socitm 2011/12, replace"
# In pounds, as published for councils in the United Kingdom: examples of a size, not of this town.
EXAMPLES = {
    "phone": Cost("phone", 2.23, 2.83, SOCITM, date(2012, 5, 29), example=True),
    "counter": Cost("counter", 8.62, 8.62, SOCITM, date(2012, 5, 29), example=True),
    "form": Cost("form", 0.15, 0.73, SOCITM, date(2012, 5, 29), example=True),
}


def at(now: datetime) -> dict[str, Cost]:
    """What holds at that moment, by route; the town's own numbers before any example."""
    rows = UnitCost.objects.filter(at__lte=now).order_by("route", "-at", "-pk").distinct("route")
    own = {one.route: Cost(one.route, float(one.low), float(one.high), one.source, one.dated) for one in rows}
    return EXAMPLES | own


def of_an_answer(known: dict[str, Cost], minutes: float = staffing.ANSWER_MINUTES) -> Cost | None:
    """What one answer on social media costs: its minutes times what an hour costs here; None while nobody has said."""
    hour = known.get("hour")
    if hour is None:
        return None
    words = f"{minutes:g} minutes of staff: {hour.source}"
    return Cost(SOCIAL, hour.low * minutes / 60, hour.high * minutes / 60, words, hour.dated)


def settle(route: str, low: Decimal, high: Decimal, source: str, dated: date, *, by: User, now: datetime) -> UnitCost:
    """Say what a route costs from now on; what it cost before stays."""
    require(by, ACT, now)
    if route not in dict(UnitCost.ROUTES):
        raise Invalid("Choose what it is the cost of.")
    if low < 0 or high < low:
        raise Invalid("The highest is below the lowest.")
    if not source.strip():
        raise Invalid("Say where this number comes from.")
    with transaction.atomic():
        facts = {"low": low, "high": high, "source": source.strip()[:200], "dated": dated}
        one = UnitCost.objects.create(route=route, **facts, by=by, at=now)
        audit.record("settled_cost", one, by=by, now=now, low=str(low), high=str(high), source=one.source)
    return one
