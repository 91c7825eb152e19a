"""Every duration of the outbox, in seconds, in one object: divided by one factor in tests, so that ratios hold."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

UNDIVIDED = {"jump", "factor"}
SHORT_TRIES = 3


@dataclass(frozen=True)
class Timings:
    """Seconds. What each is for stands beside it; `tests/units/test_timings.py` holds their order."""

    call: float = 30  # one call to a platform, connecting and answer included
    lease: float = 90  # how long a claim lasts unless renewed
    lease_needed: float = 45  # what must be left of it to begin sending
    turn: float = 10  # how long a claim waits for its turn before it is given back
    settle: float = 120  # after the lease: the latest a platform is expected to take what was sent
    between_reads: float = 60  # two reads that prove absence are at least this far apart
    first_read: float = 5
    give_up: float = 900  # when a person is asked about what nobody could settle
    awaiting: float = 900  # how long a platform may process what it accepted
    key_good: float = 1800  # the same call with the same key is safe this long after the first
    overdue: float = 60  # later than this is late, and shown as such
    recheck: float = 30  # how often what is blocked asks whether it still is
    pacing: float = 20  # between two late ones on a channel
    minute: float = 60  # one of a delivery's `late_minutes`
    jitter: float = 5  # at most this much is added to a platform's limit
    step: float = 5  # one step before sending, but for the bytes of a film
    film: float = 120  # how long a platform works on a film
    stop: float = 5  # no send starts later than this after publishing was stopped
    nap: float = 1  # the publisher looks at least this often
    backoff: tuple[float, ...] = (60, 300, 900, 3600)  # after the 1st, 2nd, … call proven not accepted
    breaker: tuple[float, ...] = (60, 300, 900)  # how long a channel rests after failures in a row
    jump: float = 30  # the database's clock and ours may part by this much; about clocks, so never divided
    factor: float = 1  # what everything here was divided by

    def divided(self, factor: float) -> Timings:
        """The same durations, `factor` times as short."""
        names = [field.name for field in fields(self) if field.name not in UNDIVIDED]
        shorter: dict[str, Any] = {name: _shorter(getattr(self, name), factor) for name in names}
        return replace(self, factor=factor, **shorter)

    def wait_after(self, n: int, wished: float) -> float:
        """How long to wait after the n-th call proven not accepted, where the platform wishes for so many seconds.

        A longer wish than our own wait is followed always, one for a few seconds only the first few times.
        """
        wish, ours = wished / self.factor, nth(self.backoff, n)
        brief = wish < self.backoff[0] and n <= SHORT_TRIES
        return wish if wish > ours or brief else ours


def _shorter(value: float | tuple[float, ...], factor: float) -> float | tuple[float, ...]:
    return tuple(one / factor for one in value) if isinstance(value, tuple) else value / factor


@lru_cache
def _at(factor: float) -> Timings:
    return Timings().divided(factor)


def times() -> Timings:
    """The durations in force here."""
    return _at(settings.OUTBOX_TIME_FACTOR)


def span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def nth(values: tuple[float, ...], n: int) -> float:
    """The n-th of some growing waits, counted from 1; the last one for every later n."""
    return values[min(max(n, 1), len(values)) - 1]
