"""Ticks of the calendar: modes, an emergency's next update, and what planned posts show and lead to."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from calendar_app import emergency, leading, pictures, turning


@shared_task(expires=10)
def turn_modes() -> None:
    """Begin and end what is due, and tell of an update that is overdue."""
    now = clock.now()
    turning.turn(now)
    emergency.announce(now)
    emergency.watch(now)


@shared_task(expires=300)
def watch_pictures() -> None:
    """Tell of planned posts whose pictures may not be used by then."""
    pictures.watch(clock.now())


@shared_task(expires=60)
def watch_links() -> None:
    """Look at the addresses of services, and tell of planned posts that lead to a dead one."""
    leading.watch(clock.now())
