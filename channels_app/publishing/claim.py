"""Claiming: one statement takes one due delivery, so that any number of publishers may ask at once.

Not claimed are: one whose moment has not come, though `ahead` may be preparing it; a delivery whose channel is out, is
put off, or has another one at work; one that follows a delivery not yet published; one that a backup brought back and
nobody has looked for yet; and anything while publishing is stopped or by a publisher of another epoch. An emergency
does not wait for the pacing of late posts, but it does wait for a platform's limit and for a platform that is down.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection

from channels_app import failpoints
from channels_app.models import Delivery
from channels_app.publishing.publisher import Publisher
from channels_app.publishing.timings import span, times

EMERGENCY = 100  # the priority from which a delivery is one

# A claim need not reach the disk by itself: the intent does, and takes the claim before it along. One that a crash of
# the database undoes was never acted upon.
CLAIM = """
WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true)), due AS (
  SELECT d.id
    FROM channels_app_delivery d
    JOIN channels_app_channel c ON c.id = d.channel_id
    LEFT JOIN channels_app_delivery f ON f.id = d.follows_id
   WHERE d.state IN ('scheduled', 'retry_wait')
     AND d.next_action_at <= %(now)s
     AND d.due_at <= %(now)s
     AND NOT d.ask_first
     AND c.state = 'ok'
     AND (c.next_send_at IS NULL OR c.next_send_at <= %(now)s
          OR (d.priority >= %(emergency)s AND c.next_send_why = 'pacing'))
     AND (d.follows_id IS NULL OR f.state = 'published')
     AND NOT EXISTS (SELECT 1 FROM channels_app_delivery o
                      WHERE o.channel_id = d.channel_id AND o.state IN ('claimed', 'preparing', 'sending'))
     AND EXISTS (SELECT 1 FROM channels_app_instance i WHERE i.publishing AND i.epoch = %(epoch)s)
   ORDER BY d.priority DESC, d.next_action_at, d.id
   LIMIT 1
   FOR NO KEY UPDATE OF d, c SKIP LOCKED)
UPDATE channels_app_delivery t
   SET state = 'claimed', fence = t.fence + 1, lease_until = %(lease_until)s, owner = %(owner)s,
       why = '', why_words = ''
  FROM due, unhurried WHERE t.id = due.id
RETURNING t.id, t.fence
"""
TRIES = 5


def claim(me: Publisher, now: datetime) -> Delivery | None:
    """The next delivery to work on, under a fresh fence and lease; None when there is nothing for this publisher."""
    for _ in range(TRIES):
        try:
            found = _claim(me, now)
        except IntegrityError:
            continue  # another publisher took the channel between our look and our claim: look again
        failpoints.hit("after_claim")
        return _claimed(*found) if found else None
    return None


def _claimed(pk: int, fence: int) -> Delivery | None:
    """The claimed row, if it is still ours: a process frozen since the claim must not take over a newer fence."""
    delivery = whole(pk)
    return delivery if (delivery.fence, delivery.state) == (fence, "claimed") else None


def whole(pk: int) -> Delivery:
    """A delivery as it now is, with what deciding and sending look at; the few that follow another read that later."""
    return Delivery.objects.select_related("channel__scope", "approval", "asked_by").get(pk=pk)


def _claim(me: Publisher, now: datetime) -> tuple[int, int] | None:
    """The row and its new fence, by one statement that is a transaction of its own."""
    asked: dict[str, Any] = {
        "now": now,
        "emergency": EMERGENCY,
        "epoch": me.epoch,
        "lease_until": now + span(times().lease),
        "owner": me.name[:80],
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, asked)
        row: tuple[int, int] | None = cursor.fetchone()
    return row
