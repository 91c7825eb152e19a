"""How long before its moment a delivery is looked at first: as long as its steps before sending may take.

Reckoned with a slow line, so that a film is there in time from a town hall in the hills. What takes only some seconds
begins at its moment.
"""

from __future__ import annotations

from datetime import datetime

from accounts.refusals import Invalid
from channels_app import connecting
from channels_app.models import Delivery
from channels_app.publishing.outgoing import outgoing, platform_of
from channels_app.publishing.timings import span, times

LINE = 150_000  # bytes a second of a slow line: 1.2 Mbit/s
LONGEST = 12 * 3600.0  # what is prepared ends on some platforms a day later
OPEN = frozenset({"wordpress"})  # whoever asks is shown what is brought there: not before its moment


def begins(delivery: Delivery, due_at: datetime, now: datetime) -> datetime:
    """When it is looked at first, if it is due at `due_at`; never in the past, and not later than that."""
    lead = 0.0 if due_at <= now or delivery.part else _lead(delivery)
    return max(due_at - span(lead), min(now, due_at)) if lead >= 3 * times().step else due_at


def _lead(delivery: Delivery) -> float:
    """Seconds its steps may take; 0 where it has none, or where its files are gone, which is told at its moment."""
    platform, t = platform_of(delivery.channel), times()
    if platform.NAME in OPEN:
        return 0.0
    try:
        thing = outgoing(delivery)
    except Invalid:
        return 0.0
    steps = len(platform.steps(connecting.outline_of(delivery.channel), thing))
    film = t.film + thing.video.size / LINE / t.factor if thing.video and steps else 0.0
    return min(steps * t.step + film, LONGEST / t.factor)
