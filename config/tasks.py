"""A tick of the project's own: the sign that beat ticks and a worker hears it."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from channels_app.publishing import rounds


@shared_task
def tick_heard() -> None:
    """Beat is alive when this reaches the database; a running process alone would prove nothing."""
    rounds.beat("beat", clock.now())
