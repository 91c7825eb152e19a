"""Things paid for, in tests: an advert with its money and its results."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from metrics import paying
from metrics.models import Paid, PaidEntry
from tests.factories import NOON, make_user
from tests.factories_calendar import make_objective

PAYS = "Paid for by Fernhill Council."


def paid_facts(**facts: Any) -> dict[str, Any]:
    """What a form says of an advert for the warm rooms."""
    told: dict[str, Any] = {
        "kind": "advert",
        "title": "Warm rooms",
        "text": "The library is warm until nine. Come in.",
        "objective": None,
        "campaign": None,
        "post": None,
        "channel": None,
        "supplier": "Meta",
        "budget": Decimal(100),
        "starts_on": date(2026, 11, 16),
        "ends_on": date(2026, 11, 29),
        "disclaimer": PAYS,
        "label": "",
        "shown_to": "Adults in Fernhill",
        "left_out": "Under 18",
        "outcome": "sign-ups",
    }
    return told | facts


def make_paid(*, by: User | None = None, now: datetime = NOON, **facts: Any) -> Paid:
    told = paid_facts(**facts)
    told["objective"] = told["objective"] or make_objective()
    return paying.register(told, by=by or make_user("publisher"), now=now)


def spend(paid: Paid, spent: float, results: float | None = None, *, now: datetime = NOON) -> list[PaidEntry]:
    """Money that went out, and results where there were any."""
    told = [("spent", spent), *([("outcome", results)] if results is not None else [])]
    return [
        paying.add(paid, what, NOON.date(), Decimal(str(value)), "Ads manager", by=paid.by, now=now)
        for what, value in told
    ]
