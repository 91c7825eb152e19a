"""Ticks of the calendar: modes, plans from files, read-backs, late signatures, what posts show and lead to."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from calendar_app import (
    claiming,
    commenting,
    emergency,
    leading,
    pictures,
    receipts,
    reminding,
    turning,
    working_through,
)


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


@shared_task(expires=30)
def read_back_due() -> None:
    """Read from the platforms what went out, and the links that people pasted."""
    now = clock.now()
    claiming.check_due(now)
    receipts.read_due(now)


@shared_task(expires=30)
def remind_signers() -> None:
    """Remind those who are to sign, and ask their deputies; and those who have comments to close."""
    now = clock.now()
    reminding.send_due(now)
    commenting.fall_due(now)


@shared_task(expires=300)
def watch_pictures() -> None:
    """Tell of planned posts whose pictures may not be used by then."""
    pictures.watch(clock.now())


@shared_task(expires=60)
def watch_links() -> None:
    """Look at the addresses of services, and tell of planned posts that lead to a dead one."""
    leading.watch(clock.now())
