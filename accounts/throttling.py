"""Guessing is stopped; a town hall of two hundred people behind one address is not.

Failures are counted three ways. For an account from one place: ten in a quarter of an hour. For an account from all
places nobody has ever signed in to it from: fifty in an hour, so that a thousand machines guess no faster than one;
places it is used from are never locked by that. For a place: sixty in a quarter of an hour, or six hundred where
people have signed in before, because two hundred people mistype sometimes and a guesser's own machine has no such past.
"""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass

from django.core.cache import cache

QUARTER, HOUR, PROOF = 15 * 60, 3600, 90 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Limit:
    """At most `most` failures in `seconds`, counted under a name that says nothing about whom."""

    name: str
    most: int
    seconds: int

    @property
    def key(self) -> str:
        """One count for each span of time; the one before counts for the part of it that is still recent."""
        return f"tries:{hashlib.sha256(self.name.encode()).hexdigest()[:40]}"

    def count(self) -> int:
        """Failures within the last `seconds`, reckoned from this span and the one before, rounded up."""
        span, part = divmod(time.time(), self.seconds)
        here, before = (int(cache.get(f"{self.key}:{int(span) - back}", 0)) for back in (0, 1))
        return here + math.ceil(before * (1 - part / self.seconds))

    def add(self) -> None:
        key = f"{self.key}:{int(time.time() // self.seconds)}"
        if not cache.add(key, 1, 2 * self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two
                cache.add(key, 1, 2 * self.seconds)


def may_try(login: str, place: str) -> bool:
    """Whether a password may be checked for this address from this place now."""
    return all(limit.count() < limit.most for limit in _limits(login, place))


def failed(login: str, place: str) -> None:
    for limit in _limits(login, place):
        limit.add()


def succeeded(login: str, place: str) -> None:
    """Remember that this account, and people at this place, have been let in from here."""
    cache.set(_proof(login, place), 1, PROOF)
    cache.set(_proof("", place), 1, PROOF)


def forget(login: str, place: str) -> None:
    """After a new password: the failures before it count no more for its owner."""
    for limit in _limits(login, place)[:1]:
        span = int(time.time() // limit.seconds)
        cache.delete_many([f"{limit.key}:{span}", f"{limit.key}:{span - 1}"])


def _limits(login: str, place: str) -> list[Limit]:
    own = Limit(f"{login}@{place}", 10, QUARTER)
    known_place = bool(cache.get(_proof("", place)))
    whole = Limit(f"place {place}", 600 if known_place else 60, QUARTER)
    if cache.get(_proof(login, place)):
        return [own, whole]
    return [own, whole, Limit(f"elsewhere {login}", 50, HOUR)]


def _proof(login: str, place: str) -> str:
    return f"let-in:{hashlib.sha256(f'{login} {place}'.encode()).hexdigest()[:40]}"
