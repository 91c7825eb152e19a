"""What the workers are asked to look at. A message says "look now"; the database says what is due."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from celery import shared_task

from accounts import clock
from accounts.refusals import Refusal
from channels_app import hooks
from channels_app.models import Channel, Cursor, Heartbeat
from engagement import (
    acknowledging,
    chasing,
    deciding,
    gathering,
    handing,
    heat,
    intake,
    library,
    nudges,
    rechecking,
    signing,
)
from engagement.listening import forgetting, searching, volumes, watching
from engagement.statutory import nagging

log = logging.getLogger(__name__)

OVERDUE = timedelta(minutes=5)  # a stream waiting longer than this means that reading does not keep up


@shared_task(expires=10)
def poll_due() -> None:
    """Hand every stream that is due to a worker; look again at messages that may have been taken back."""
    now = clock.now()
    for cursor in intake.due(now):
        poll_cursor.apply_async([cursor], expires=60)
    for message in rechecking.due(now):
        look_again.apply_async([message], expires=60)
    behind = Cursor.objects.filter(channel__state__in=Channel.READ, next_poll_at__lt=now - OVERDUE).count()
    if not behind:
        _beat(now, "nothing waits")


@shared_task
def poll_cursor(cursor: int) -> None:
    now = clock.now()
    filed = intake.poll(cursor, now)
    if filed is not None:
        _beat(clock.now(), f"{len(filed.new)} new")


@shared_task
def look_again(message: int) -> None:
    try:
        rechecking.look_again(message, clock.now())
    except Refusal as refusal:
        log.info("not looked at", extra={"words": refusal.words})


@shared_task(expires=60)
def nudge_due() -> None:
    now = clock.now()
    for conversation in nudges.due(now):
        nudges.nudge(conversation, now)
    handing.nag(now)
    library.nag(now)
    nagging.nag(now)


@shared_task(expires=30)
def acknowledge_due() -> None:
    acknowledging.step(clock.now())


@shared_task(expires=60)
def move_decisions_on() -> None:
    """Questions over their limit, or with somebody who cannot decide any more, go to the next in the register."""
    now = clock.now()
    for decision in deciding.over_limit(now):
        signing.move_on(decision, now)


@shared_task(expires=60)
def chase_promises() -> None:
    now = clock.now()
    for promise in chasing.due(now):
        chasing.chase(promise, now)


@shared_task(expires=30)
def gather_reports() -> None:
    """Make issues of what several people report, and see where it is hot."""
    now = clock.now()
    gathering.gather(now)
    heat.look(now)


@shared_task(expires=60)
def listen_due() -> None:
    """Make the searches that are due; say what was listened to today, and what is far louder than usual."""
    now = clock.now()
    volumes.note_listening(now)
    for row in searching.due(now):
        search_watch.apply_async([row], expires=60)
    volumes.warn(now)


@shared_task
def search_watch(row: int) -> None:
    searching.search(row, clock.now())


@shared_task(expires=3600)
def forget_due() -> None:
    now = clock.now()
    watching.run_out(now)
    forgetting.forget(now)
    hooks.forget(now)


def _beat(now: datetime, words: str) -> None:
    Heartbeat.objects.bulk_create(
        [Heartbeat(role="poller", at=now, words=words)],
        update_conflicts=True,
        unique_fields=["role"],
        update_fields=["at", "words"],
    )
