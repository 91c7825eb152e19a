"""The sweep: nothing stays where it was left. Ended leases, missed moments, blocks that are gone, ends not taken up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet

from accounts.refusals import LostRace
from channels_app import failpoints
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import ATTENTION, ENDED, LEASED, WAITING
from channels_app.publishing import asking, leads, obstacles, origins, telling
from channels_app.publishing.crashes import crashed
from channels_app.publishing.landing import Columns, land
from channels_app.publishing.outgoing import platform_of
from channels_app.publishing.stopping import publishing_state
from channels_app.publishing.timings import span, times

log = logging.getLogger(__name__)

BATCH = 100
STAYING = ("approval", "permission", "follows", "frozen")  # reasons that do not go away by themselves
WHOLE = ("channel__scope", "approval", "asked_by", "follows")

# What there is to sweep, asked in one question each round: a quiet second costs no more, a busy one only what it needs.
LEFT = """
SELECT EXISTS (SELECT 1 FROM channels_app_delivery
                WHERE state IN ('claimed', 'preparing', 'sending') AND lease_until <= %(now)s),
       EXISTS (SELECT 1 FROM channels_app_delivery
                WHERE state IN ('scheduled', 'retry_wait') AND next_action_at <= %(now)s AND due_at <= %(now)s
                  AND ask_first),
       EXISTS (SELECT 1 FROM channels_app_delivery d JOIN channels_app_channel c ON c.id = d.channel_id
                WHERE d.state IN ('scheduled', 'retry_wait') AND d.next_action_at <= %(now)s AND d.due_at <= %(now)s
                  AND c.state <> 'ok'),
       EXISTS (SELECT 1 FROM channels_app_channel c JOIN channels_app_delivery d ON d.channel_id = c.id
                WHERE c.state IN ('needs_reconnect', 'archived') AND d.state IN ('scheduled', 'retry_wait')),
       EXISTS (SELECT 1 FROM channels_app_delivery d JOIN channels_app_delivery f ON f.id = d.follows_id
                WHERE d.state IN ('scheduled', 'retry_wait') AND d.next_action_at <= %(now)s
                  AND f.state = ANY(%(ended_badly)s)),
       EXISTS (SELECT 1 FROM channels_app_delivery
                WHERE state IN ('scheduled', 'retry_wait') AND next_action_at <= %(now)s AND NOT ask_first
                  AND intent_at IS NULL AND due_at < %(now)s - late_minutes * %(minute)s),
       EXISTS (SELECT 1 FROM channels_app_delivery WHERE state = 'blocked'),
       EXISTS (SELECT 1 FROM channels_app_delivery
                WHERE NOT taken_up AND state IN ('published', 'failed', 'cancelled', 'removed',
                                                 'needs_attention', 'blocked', 'missed'))
"""


class Left(NamedTuple):
    """Whether there is a lease that ended; due: one that a backup brought back, one whose channel is out, one after
    another that will never be published, one that is too late; one cut off from its channel, one blocked, an end not
    taken up.
    """

    lease: bool
    restored: bool
    out: bool
    cut_off: bool
    follower: bool
    late: bool
    blocked: bool
    end: bool


def sweep(now: datetime) -> int:
    """Put everything on its way that has none; how many were moved. Safe to run anywhere at any time.

    While publishing is stopped nothing is called missed: whoever resumes may have put the clock right first.
    """
    left = _left(now)
    goes_on = (left.late or left.blocked) and publishing_state().on
    parts = {
        leases: left.lease,
        restored: left.restored,
        blocked: left.out or left.cut_off,
        followers: left.follower,
        not_taken_up: left.end,
        missed: left.late and goes_on,
        cleared: left.blocked and goes_on,
    }
    return sum(part(now) for part, needed in parts.items() if needed)


def _left(now: datetime) -> Left:
    asked: dict[str, Any] = {"now": now, "minute": span(times().minute), "ended_badly": list(obstacles.ENDED_BADLY)}
    with connection.cursor() as cursor:
        cursor.execute(LEFT, asked)
        return Left(*cursor.fetchone())


def leases(now: datetime) -> int:
    """A lease that ended: before the intent nothing is out, after it nobody knows."""
    return _each(Delivery.objects.filter(state__in=LEASED, lease_until__lte=now), _lease_ended, now)


def _lease_ended(delivery: Delivery, now: datetime) -> None:
    if delivery.state == "sending":
        words = "The publisher stopped before it could write down the answer."
        said: Columns = {"why": "checking", "words": words, "code": "lease", "crashes": delivery.crashes + 1}
        land(delivery, "unknown", "unknown", now=now, next_action_at=now, **said)
    else:
        crashed(delivery, now)


def restored(now: datetime) -> int:
    """Brought back by a backup, and due now: it may be out since."""
    return _each(Delivery.objects.due(now).filter(ask_first=True), asking.ask, now)


def missed(now: datetime) -> int:
    """Waiting, and later than allowed. What may be out already is not missed; it is settled first."""
    allowed = ExpressionWrapper(F("late_minutes") * span(times().minute), DurationField())
    late = Delivery.objects.due(now).filter(intent_at=None, ask_first=False, due_at__lt=now - allowed)
    return _each(late, _missed, now)


def _missed(delivery: Delivery, now: datetime) -> None:
    waits_for_another = delivery.follows is not None and delivery.follows.state != "published"
    if obstacles.is_missed(delivery, now, times()) and not waits_for_another:
        why = delivery.why_words if delivery.state == "retry_wait" else ""
        words = f"Its moment had passed before it could be sent. {why}".strip()
        land(delivery, "missed", "not_sent_missed", now=now, why="late", words=words, next_action_at=None)


def blocked(now: datetime) -> int:
    """Waiting for a channel that is out: all of them where it must be reconnected, the due ones otherwise."""
    out = Delivery.objects.filter(state__in=WAITING).exclude(channel__state="ok")
    moved = _each(out.filter(channel__state__in=["needs_reconnect", "archived"]), _block, now)
    moved += _each(out.filter(next_action_at__lte=now, due_at__lte=now), _block, now)
    for channel in Channel.objects.filter(state="needs_reconnect").select_related("scope") if moved else ():
        telling.tell_of_channel(channel, now)
    return moved


def followers(now: datetime) -> int:
    """What follows something that will never be published waits for a person."""
    ended = Delivery.objects.due(now).filter(follows__state__in=obstacles.ENDED_BADLY)
    return _each(ended, _block, now)


def _block(delivery: Delivery, now: datetime) -> None:
    found = obstacles.standing(delivery, platform_of(delivery.channel), now)
    if found and found.to == "blocked":
        said: Columns = {"why": found.why, "words": found.words}
        land(delivery, "blocked", "not_sent_blocked", now=now, next_action_at=None, **said)


def cleared(now: datetime) -> int:
    """Blocked, and nothing stands against it any more: on its way again, or missed by now."""
    rows = Delivery.objects.filter(state="blocked").exclude(why__in=STAYING)
    moved = _each(rows.filter(why="channel", channel__state="ok"), _clear, now)
    due = rows.exclude(why="channel").filter(Q(next_action_at=None) | Q(next_action_at__lte=now))
    return moved + _each(due, _clear, now)


def _clear(delivery: Delivery, now: datetime) -> None:
    found = obstacles.standing(delivery, platform_of(delivery.channel), now)
    if found:
        said: Columns = {"why": found.why, "why_words": found.words[:300]}
        Delivery.objects.filter(pk=delivery.pk).update(next_action_at=now + span(times().recheck), **said)
    elif delivery.why == "mode" or obstacles.is_missed(delivery, now, times()):
        held = delivery.why_words if delivery.why == "mode" else "Its moment passed while it waited."
        land(delivery, "missed", "not_sent_missed", now=now, why="late", words=held)
    else:
        again = max(leads.begins(delivery, delivery.due_at, now), now)
        land(delivery, "scheduled", "cleared", now=now, next_action_at=again)


def not_taken_up(now: datetime) -> int:
    """End states the layer above has not dealt with, because it failed or the process died."""
    ends = Delivery.objects.filter(taken_up=False, state__in=[*ENDED, *ATTENTION])
    return _each(ends, origins.take_up, now)


def _each(rows: QuerySet[Delivery], deal: Callable[[Delivery, datetime], object], now: datetime) -> int:
    """Deal with each row in a transaction of its own, skipping those another publisher is dealing with.

    A row that cannot be dealt with stays as it was, and keeps no other from its turn.
    """
    moved = 0
    for pk in _keys(rows):
        try:
            moved += _one(rows, pk, deal, now)
        except LostRace:
            log.info("moved meanwhile", extra={"delivery": pk})
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("not swept", extra={"delivery": pk})
    return moved


def _keys(rows: QuerySet[Delivery]) -> Iterable[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _one(rows: QuerySet[Delivery], pk: int, deal: Callable[[Delivery, datetime], object], now: datetime) -> bool:
    with transaction.atomic():
        mine = rows.filter(pk=pk).select_for_update(skip_locked=True, of=("self",), no_key=True)
        delivery = mine.select_related(*WHOLE).first()
        if delivery is None:
            return False
        was = (delivery.state, delivery.taken_up)
        deal(delivery, now)
        failpoints.hit("in_sweep")
    return (delivery.state, delivery.taken_up) != was
