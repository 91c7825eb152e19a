"""The jump guard: the database's clock decides what is due, so a leap of it must not send anything early.

Only live loops use it; fast motion has a clock of its own.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime

from accounts import clock
from channels_app.publishing.righting import put_right
from channels_app.publishing.stopping import stop_all
from channels_app.publishing.timings import times

log = logging.getLogger(__name__)


def ticks() -> float:
    """Seconds that only ever grow and count a machine's sleep, where the system can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Guard:
    """Compares each step of the database's clock with our own since the look before."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self.delta = 0.0

    def now(self) -> datetime:
        """The database's time. If it has jumped, publishing is off by the time this returns."""
        now = clock.now()
        if self.jumped(now, ticks()):
            log.error("clock check failed", extra={"delta": self.delta})
            stop_all(None, now, f"Clock check failed: the database's clock jumped by {self.delta:+.0f} s.")
            put_right(now)
        return now

    def jumped(self, now: datetime, ticked: float) -> bool:
        """Whether the two clocks parted since the last look by more than is allowed; `delta` says by how much."""
        before, self._last = self._last, (now, ticked)
        self.delta = (now - before[0]).total_seconds() - (ticked - before[1]) if before else 0.0
        return abs(self.delta) > times().jump
