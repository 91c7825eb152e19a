"""What runs in the background for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.conf import settings

from accounts import clock, digests, leaving, mailing, skills, tidying, training
from accounts.models import TrainingModule, User

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


@shared_task
def look_after_people() -> None:
    """Letters that are due, trainings and rights that end, things left undone after somebody left.

    A desk whose first person has joined gets the modules that come with Parley, with the usual time of grace; in
    practice nobody has to learn anything before trying things out.
    """
    now = clock.now()
    if not settings.PRACTICE and User.objects.exists() and not TrainingModule.objects.exists():
        training.ship(now)
    digests.post_due(now)
    skills.remind(now)
    leaving.nag(now)
