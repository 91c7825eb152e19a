"""Cooling off: an answer that reads sharp waits a few minutes before it goes out, where the town has chosen so."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_app.models import Delivery
from engagement.checking import Checked
from policy.models import PolicyChoices

TONE = frozenset({"V07", "V09"})  # blame and sharpness: what one may wish unsaid in ten minutes
WAITS = {"scheduled", "blocked"}


def is_sharp(checked: Checked) -> bool:
    """Whether the tone of it was found wanting, dismissed or not: who is angry dismisses easily."""
    return any(row.finding.act == "cool_off" or row.finding.rule in TONE for row in checked.rows)


def hold_of(checked: Checked) -> timedelta:
    """How long these words are held before they go out."""
    return timedelta(minutes=PolicyChoices.here().cool_minutes) if is_sharp(checked) else timedelta(0)


def until(delivery: Delivery | None, now: datetime) -> datetime | None:
    """When a held answer goes out; None for one that is not held."""
    if delivery is None or delivery.state not in WAITS or delivery.due_at <= now:
        return None
    return delivery.due_at
