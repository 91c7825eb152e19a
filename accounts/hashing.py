"""How passwords are stored: Argon2id with 48 MiB a check, and only so many checks at once.

Django's default takes about 100 MiB and half a second on two cores, so that a few dozen sign-ins at once would be an
attack on memory; 48 MiB with three passes is still above the recommended minimum.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.refusals import Refusal

AT_ONCE = 2  # in each of the two web processes: four in all
PATIENCE = 8.0  # seconds to wait for a turn

_turns = threading.BoundedSemaphore(AT_ONCE)


class Busy(Refusal):
    """More people are signing in than the machine can check."""

    status = 503


@contextmanager
def a_turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy("Too many people are signing in at this moment.", next_step="Try again in half a minute.")
    try:
        yield
    finally:
        _turns.release()


class Argon2(Argon2PasswordHasher):
    """Argon2id: 3 passes over 48 MiB, 2 lanes."""

    time_cost = 3
    memory_cost = 48 * 1024
    parallelism = 2

    def encode(self, password: str, salt: str) -> str:
        with a_turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with a_turn():
            return super().verify(password, encoded)
