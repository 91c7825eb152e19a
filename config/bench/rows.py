"""The rows there are, by name, in the order they run."""

from __future__ import annotations

from collections.abc import Callable

from config.bench import (
    drafting,
    inbox,
    keeping,
    listening,
    planning,
    publishing,
    reporting,
    resonating,
    resting,
    warning,
)
from config.bench.figures import Figure
from config.bench.ground import Ground

ROWS: dict[str, Callable[[Ground], list[Figure]]] = {
    "inbox": inbox.inbox,
    "growth": inbox.growth,
    "thread": inbox.thread,
    "month": planning.month,
    "records": keeping.found,
    "checks": drafting.drafting,
    "intake": listening.intake,
    "due": publishing.due,
    "throughput": publishing.throughput,
    "emergency": warning.row,
    "report": reporting.report,
    "resonance": resonating.resonance,
    "rest": resting.rest,
}
