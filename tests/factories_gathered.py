"""What people gather by hand, for tests that want one of everything."""

from __future__ import annotations

from typing import Any

from calendar_app.models import Audience
from metrics import knowing
from tests.factories import NOON, make_user
from tests.factories_effects import make_recall
from tests.factories_paid import make_paid, spend
from tests.factories_samples import make_sample


def gathered_of_the_town() -> dict[str, dict[str, Any]]:
    """One of everything that an address can name."""
    paid, families = make_paid(), Audience.objects.create(name="Families of the town")
    told = knowing.claim(families, "needs", "Term dates", "", NOON.date(), by=make_user("officer"), now=NOON)
    return {
        "sample": {"key": make_sample().key},
        "recall": {"key": make_recall().key},
        "audience-claim": {"key": told.key},
        "paid": {"key": paid.key},
        "paid-entry": {"key": spend(paid, 10)[0].key},
    }
