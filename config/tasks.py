"""Ticks of the project's own: the sign that beat ticks and a worker hears it, and the look at how everything is."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from channels_app.publishing import rounds
from config.vitals import rounds as vitals


@shared_task
def tick_heard() -> None:
    """Beat is alive when this reaches the database; a running process alone would prove nothing."""
    rounds.beat("beat", clock.now())


@shared_task(expires=30)
def look_after() -> None:
    """What is wrong, who must know, and the counts that monitors read."""
    vitals.look(clock.now())
