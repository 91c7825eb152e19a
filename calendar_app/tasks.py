"""Ticks of the calendar: modes that begin or end, the promise of an emergency's next update, plans from files."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from calendar_app import emergency, turning, working_through


@shared_task(expires=10)
def turn_modes() -> None:
    """Begin and end what is due, and tell of an update that is overdue."""
    now = clock.now()
    turning.turn(now)
    emergency.announce(now)
    emergency.watch(now)


@shared_task(expires=10)
def bring_in_plans() -> None:
    """Go on with imports: check rows, make posts of them, or take them back."""
    working_through.work(clock.now())
