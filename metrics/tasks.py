"""Background work of this room: numbers are collected, and the hours of a channel's week compared."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from metrics import anomalies, collecting, hours, papers, presence, reports, withholding


@shared_task(name="metrics.tasks.collect_metrics")
def collect_metrics() -> None:
    """Read the numbers that are due."""
    collecting.collect(clock.now())


@shared_task(expires=300)
def measure_hours() -> None:
    """Look at the channels whose hours nobody has looked at for a day."""
    hours.measure_due(clock.now())


@shared_task(expires=3600)
def remind_review() -> None:
    """Tell who decides that channels wait for their review of the quarter."""
    presence.remind(clock.now())


@shared_task(expires=3600)
def watch_followers() -> None:
    """Tell who looks after a channel that its followers jump."""
    anomalies.watch(clock.now())


@shared_task(expires=3600)
def compare_comments() -> None:
    """Tell of comments that a platform counts and does not show."""
    withholding.watch(clock.now())


@shared_task(expires=60)
def make_reports() -> None:
    """Make the weekly report that is due, and send it when it is signed or it is noon."""
    reports.work(clock.now())


@shared_task(expires=60)
def print_reports() -> None:
    """Put on paper what is made or signed."""
    papers.print_due(clock.now())
