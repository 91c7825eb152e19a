"""How a placement stands, in one word or two: for tables, feeds and paper, where no colour helps."""

from __future__ import annotations

from calendar_app.models import Placement
from channels_app.models import Delivery

WORDS = dict(Placement.STATES) | dict(Delivery.STATES) | {"frozen": "Held back", "unknown": "Being checked"}


def state_words(placement: Placement) -> str:
    return words(placement.shown_state)


def words(state: str) -> str:
    """Draft, Scheduled, Published …"""
    return WORDS.get(state, state)
