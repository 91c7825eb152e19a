"""Background work of this room: numbers are collected, and the hours of a channel's week compared."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from metrics import collecting, hours


@shared_task(name="metrics.tasks.collect_metrics")
def collect_metrics() -> None:
    """Read the numbers that are due."""
    collecting.collect(clock.now())


@shared_task(expires=300)
def measure_hours() -> None:
    """Look at the channels whose hours nobody has looked at for a day."""
    hours.measure_due(clock.now())
