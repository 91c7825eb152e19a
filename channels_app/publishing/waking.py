"""Waking the publisher from the transaction that gives it work: it hears when that transaction commits, not before."""

from __future__ import annotations

import contextlib
import select
from collections.abc import Iterator
from typing import Any

from django.db import connection, connections

CHANNEL = "parley_outbox"


def wake() -> None:
    """Tell every listening publisher to look again once this transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


@contextlib.contextmanager
def listening() -> Iterator[Ear]:
    """An ear on the database, on a connection of its own."""
    line = connections["default"].copy()
    line.inc_thread_sharing()
    try:
        with line.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        yield Ear(line.connection)
    finally:
        line.close()


class Ear:
    """Waits for a word from the database, or on any other file descriptor."""

    def __init__(self, line: Any) -> None:
        self._line = line

    def wait(self, seconds: float, *others: int) -> bool:
        """Sleep until woken or until the time is up; True when woken. Raises the driver's error on a lost line."""
        ready, _, _ = select.select([self._line, *others], [], [], max(0.0, seconds))
        self._line.poll()
        self._line.notifies.clear()
        return bool(ready)
