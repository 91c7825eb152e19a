"""A claim that ended without a word. Before the intent nothing can be out, and the delivery is simply due again."""

from __future__ import annotations

from datetime import datetime

from channels_app.models import Delivery
from channels_app.publishing.landing import land
from channels_app.publishing.timings import span

TOO_MANY = 3


def crashed(delivery: Delivery, now: datetime, *, wait: float = 0) -> None:
    """Put a claimed or preparing one back; one that ends every claim like this goes to a person instead."""
    crashes = delivery.crashes + 1
    if crashes >= TOO_MANY:
        words = f"Stopped after {crashes} crashes; nothing was sent this time."
        land(delivery, "needs_attention", "crashed", now=now, why="crashes", words=words, crashes=crashes)
    else:
        land(delivery, "scheduled", "crashed", now=now, crashes=crashes, next_action_at=now + span(wait))
