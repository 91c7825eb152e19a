"""Putting right what was noted by a clock that was wrong.

What was under way when the clock leapt ahead noted its lease, its pause or its next look by that clock. Once the clock
is back these lie an hour or a day ahead, and would hold a post, or a whole channel, for as long. None may lie further
ahead than the longest of its kind. A limit the platform named is left as it is.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Greatest

from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import LEASED, READING
from channels_app.publishing.timings import span, times


def put_right(now: datetime) -> None:
    """After a leap: open questions start again, as nobody knows how old they are; and see `bring_back`."""
    t = times()
    lease, question = now + span(t.lease), now + span(t.lease + t.give_up)
    Delivery.objects.filter(state="unknown").update(absent_once_at=None, settle_from=lease, settle_by=question)
    bring_back(now)


def bring_back(now: datetime) -> None:
    """What lies further ahead than it ever should. Once more on resuming: a thread may have noted its time last."""
    t = times()
    lease = now + span(t.lease)
    Delivery.objects.filter(state__in=LEASED, lease_until__gt=lease).update(lease_until=lease)
    looks = Delivery.objects.filter(state__in=READING, next_action_at__gt=now + span(t.lease + t.give_up))
    looks.update(next_action_at=now)
    waiting = Delivery.objects.filter(next_action_at__gt=F("due_at"))
    again = Greatest(F("due_at"), Value(now))
    waiting.filter(state="scheduled", next_action_at__gt=lease).update(next_action_at=again)
    longest = now + span(max(t.backoff))
    waiting.filter(state="retry_wait", next_action_at__gt=longest).update(next_action_at=again)
    for why, seconds in (("pacing", t.pacing), ("breaker", max(t.breaker))):
        end = now + span(seconds)
        Channel.objects.filter(next_send_why=why, next_send_at__gt=end).update(next_send_at=end)
