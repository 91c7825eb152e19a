"""What comes first in the queue, and what is out of sight for a while: both for a reason that colleagues can read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from engagement import handling, threads, urgency
from engagement.models import Conversation

LONGEST_SNOOZE = timedelta(days=90)


def rank(conversation: Conversation, priority: int, reason: str, *, by: User, now: datetime) -> Conversation:
    """Say how urgent it is, and why."""
    names = dict(Conversation.PRIORITIES)
    if priority not in names:
        raise Invalid("Choose one of the priorities.")
    if not reason.strip():
        raise Invalid("Say why; colleagues read it in the history.")
    with transaction.atomic():
        fresh = handling.hold(conversation)
        if fresh.priority == priority:
            return fresh
        was, why = names[fresh.priority], reason.strip()[:200]
        audit.record("ranked", fresh, by=by, now=now, was=was, became=names[priority], reason=why)
        _change(fresh, priority=priority)
        urgency.note_change(fresh, now, by=by)
    return fresh


def snooze(conversation: Conversation, until: datetime, reason: str, *, by: User, now: datetime) -> Conversation:
    """Put it out of sight until then, or until the resident writes; it stays open and its clock runs on."""
    if not reason.strip():
        raise Invalid("Say what it waits for; colleagues read it.")
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("Choose a time from now on, in the next 90 days.")
    with transaction.atomic():
        fresh = handling.hold(conversation)
        if fresh.state != "open":
            raise IllegalMove("Only an open conversation can be snoozed.")
        why = reason.strip()[:200]
        audit.record("snoozed", fresh, by=by, now=now, became=until.isoformat(), reason=why)
        _change(fresh, snoozed_until=until, snooze_reason=why)
    return fresh


def end_snooze(conversation: Conversation, *, by: User, now: datetime) -> Conversation:
    """Back to where it is seen; one that is there already stays as it is."""
    with transaction.atomic():
        fresh = handling.hold(conversation)
        if fresh.snoozed_until is not None:
            audit.record("woken", fresh, by=by, now=now)
            _change(fresh, snoozed_until=None, snooze_reason="")
    return fresh


def _change(conversation: Conversation, **changes: object) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1, **changes)
    conversation.refresh_from_db()
    threads.beat(conversation.channel)
