"""What runs in the background for people."""

from __future__ import annotations

from celery import shared_task

from accounts import clock, mailing


@shared_task
def send_mail_due() -> None:
    """Send the mails that are due."""
    mailing.send_due(clock.now())
