"""Ticks of the calendar: modes that begin or end, what the public sees of our posts, signatures that are late."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from calendar_app import claiming, emergency, receipts, reminding, turning


@shared_task(expires=10)
def turn_modes() -> None:
    """Begin and end what is due, and tell of an update that is overdue."""
    now = clock.now()
    turning.turn(now)
    emergency.announce(now)
    emergency.watch(now)


@shared_task(expires=10)
def read_back_due() -> None:
    """Read from the platforms what went out, and the links that people pasted."""
    now = clock.now()
    claiming.check_due(now)
    receipts.read_due(now)


@shared_task(expires=30)
def remind_signers() -> None:
    """Remind those who are to sign, and ask their deputies."""
    reminding.send_due(clock.now())
