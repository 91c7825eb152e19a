"""Telling people in time: at 50, 75 and 90 % of the promised time, and when it has passed; each once."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import notifications
from engagement import clocks, handling, timing
from engagement.clocks import Turn
from engagement.models import Conversation

MAILED_FROM = 75  # percent: what is told earlier stays in the app
AT_ONCE = 200


def due(now: datetime) -> list[int]:
    rows = Conversation.objects.filter(nudge_at__lte=now).order_by("nudge_at")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def nudge(conversation_id: int, now: datetime) -> int:
    """Tell whoever has it that its time is running out; returns the threshold told, else 0."""
    conversation = Conversation.objects.select_related("channel__scope", "assignee").get(pk=conversation_id)
    if conversation.state == "waiting":
        handling.resume_long_pause(conversation, now)
        return 0
    turn = timing.reading(timing.events_of([conversation.pk])[conversation.pk]).current
    percent = clocks.reached(turn, now) if turn and conversation.state == "open" else 0
    if turn is None or percent <= conversation.nudged:
        _set(conversation, conversation.nudged, clocks.next_nudge(turn, conversation.nudged) if turn else None)
        return 0
    _tell(conversation, turn, percent, now)
    _set(conversation, percent, clocks.next_nudge(turn, percent))
    return percent


def sentence(conversation: Conversation, turn: Turn, percent: int, now: datetime) -> str:
    due_at = turn.due() or now
    if percent >= 100:
        return f"Nobody has answered this for {span(now - turn.since)}: {conversation}"
    return f"{span(due_at - now)} left to answer: {conversation}"


def span(length: timedelta) -> str:
    """3 days, 21 h, 40 min: the largest whole unit that says enough."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes >= 48 * 60:
        return f"{minutes // 1440} days"
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"


def _tell(conversation: Conversation, turn: Turn, percent: int, now: datetime) -> None:
    words = sentence(conversation, turn, percent, now)
    once = f"clock:{conversation.key}:{turn.since:%Y%m%dT%H%M%S}:{percent}"
    url, mail = handling.address(conversation), percent >= MAILED_FROM
    event = "inbox.overdue" if percent >= 100 else "inbox.due_soon"
    if conversation.assignee:
        notifications.tell(conversation.assignee, event, words, url, now=now, once=once, mail=mail)
    if conversation.assignee is None or percent >= 100:
        act = "assign" if percent >= 100 else "answer"
        notifications.tell_role(act, conversation.channel.scope, event, words, url, now=now, once=once, mail=mail)


def _set(conversation: Conversation, percent: int, following: datetime | None) -> None:
    """Only while the clock is still the same one: a new message in between starts its own count."""
    rows = Conversation.objects.filter(pk=conversation.pk, unanswered_since=conversation.unanswered_since)
    rows.update(nudged=percent, nudge_at=following if conversation.state == "open" else None)
