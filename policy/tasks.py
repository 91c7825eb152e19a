"""What runs in the background for the policy."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from policy import nagging


@shared_task
def nag_about_guides() -> None:
    """Who has to read a guide soon, and which review is due."""
    nagging.nag(clock.now())
