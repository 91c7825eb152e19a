"""Background work of this room: one verb."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from metrics import collecting


@shared_task(name="metrics.tasks.collect_metrics")
def collect_metrics() -> None:
    """Read the numbers that are due."""
    collecting.collect(clock.now())
