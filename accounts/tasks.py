"""What runs in the background for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from celery import shared_task

from accounts import clock, mailing, tidying

# Told after each finished cycle; the layer that watches who is alive puts itself here at start.
after_cycle: list[Callable[[datetime], None]] = []


@shared_task
def tidy_accounts() -> None:
    """Drop what has served: ended sessions, old counters, mails long sent, notifications long read."""
    tidying.tidy(clock.now())


@shared_task
def send_mail_due() -> None:
    """Send the mails that are due."""
    now = clock.now()
    mailing.send_due(now)
    for tell in after_cycle:
        tell(now)
