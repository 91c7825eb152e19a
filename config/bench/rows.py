"""The rows there are, by name, in the order they run."""

from __future__ import annotations

from collections.abc import Callable

from config.bench import inbox
from config.bench.figures import Figure
from config.bench.ground import Ground

ROWS: dict[str, Callable[[Ground], list[Figure]]] = {
    "inbox": inbox.inbox,
    "growth": inbox.growth,
    "thread": inbox.thread,
}
