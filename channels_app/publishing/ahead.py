"""The steps before sending, ahead of their delivery's moment: what takes long is there when it is due.

The delivery stays scheduled meanwhile: people change it or take it back as ever, and no post of its channel waits for
it. One step at a time it is kept from others by pushing `next_action_at` behind a lease; what came of the step is
written only where that still stands, so whoever has changed or claimed it meanwhile has won. Nothing is sent here and
nothing is told: what stands against it, or goes wrong, is left for its moment, when all is asked as for any other.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.keyring import CannotOpen
from accounts.refusals import Invalid
from channels_app import connecting
from channels_app.models import Delivery
from channels_app.platforms.base import Ending, Platform, TryLater
from channels_app.publishing import obstacles, prepare
from channels_app.publishing.claim import whole
from channels_app.publishing.landing import note
from channels_app.publishing.outgoing import outgoing, platform_of
from channels_app.publishing.publisher import Publisher
from channels_app.publishing.timings import span, times

log = logging.getLogger(__name__)

KEEP = """
WITH early AS (
  SELECT d.id
    FROM channels_app_delivery d
    JOIN channels_app_channel c ON c.id = d.channel_id
   WHERE d.state = 'scheduled'
     AND d.next_action_at <= %(now)s
     AND d.due_at > %(now)s
     AND d.intent_at IS NULL
     AND NOT d.ask_first
     AND c.state = 'ok'
     AND (c.next_send_at IS NULL OR c.next_send_at <= %(now)s)
     AND EXISTS (SELECT 1 FROM channels_app_instance i WHERE i.publishing AND i.epoch = %(epoch)s)
   ORDER BY d.due_at, d.id
   LIMIT 1
   FOR NO KEY UPDATE OF d SKIP LOCKED)
UPDATE channels_app_delivery t SET next_action_at = %(until)s FROM early WHERE t.id = early.id RETURNING t.id
"""


def step(me: Publisher, now: datetime) -> bool:
    """Do the next step of the delivery that is due soonest of those that may begin; False where there is none."""
    delivery = _kept(me, now)
    if delivery is None:
        return False
    try:
        _step(me, delivery)
    except Exception:
        log.exception("fault ahead of time", extra={"delivery": delivery.key, "fence": delivery.fence})
        _save(delivery, delivery.due_at)
    return True


def _kept(me: Publisher, now: datetime) -> Delivery | None:
    asked: dict[str, Any] = {"now": now, "epoch": me.epoch, "until": now + span(times().lease)}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, asked)
        found = cursor.fetchone()
    delivery = whole(found[0]) if found else None
    return delivery if delivery and delivery.next_action_at == asked["until"] else None


def _step(me: Publisher, delivery: Delivery) -> None:
    platform = platform_of(delivery.channel)
    if obstacles.standing(delivery, platform, me.time()):
        _save(delivery, delivery.due_at)
        return
    try:
        done = _prepared(me, delivery, platform)
    except TryLater as ending:
        delivery.prepared = {} if ending.anew else delivery.prepared
        least = times().step if ending.at_work else times().backoff[0]
        _save(delivery, me.time() + span(max(ending.wait / times().factor, least)))
    except (Ending, Invalid, CannotOpen):
        _save(delivery, delivery.due_at)
    else:
        _save(delivery, me.time() if done else delivery.due_at, done)


def _prepared(me: Publisher, delivery: Delivery, platform: Platform) -> str:
    """Do the next step and keep what came of it; its name, "" where all are done."""
    account = connecting.account_of(delivery.channel)
    steps = prepare.left(delivery, platform, account)
    if not steps:
        return ""
    thing = outgoing(delivery, with_pictures=True, now=me.time())
    delivery.prepared[steps[0]] = platform.prepare(account, thing, steps[0])
    return steps[0]


def _save(delivery: Delivery, again: datetime, done: str = "") -> None:
    """When to look at it again, and at its moment at the latest; nothing where it is in other hands by now."""
    held = {"fence": delivery.fence, "version": delivery.version, "next_action_at": delivery.next_action_at}
    mine = Delivery.objects.filter(pk=delivery.pk, state="scheduled", **held)
    with transaction.atomic():
        kept = mine.update(prepared=delivery.prepared, next_action_at=min(again, delivery.due_at))
        if kept and done:
            note(delivery, "prepared", again, code=done)
