"""One conversation as a row of the queue: what it shows, worked out once, as plain data for a template drawn often."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from engagement import windows, words
from engagement.models import Conversation
from engagement.statutory import pending
from engagement.words import Pill

Badge = dict[str, str]
NOBODY = UUID(int=0)
PRIVATE = {"words": "Private", "tone": "sign", "icon": "lock"}
ESCALATED = {"words": "Escalated", "tone": "sign", "icon": "arrow-up-right"}
PRIORITIES = {
    30: {"words": "Urgent", "tone": "alarm", "icon": "flag"},
    20: {"words": "High", "tone": "warn", "icon": "flag"},
    0: {"words": "Low", "icon": "flag"},
}


def row(shown: Conversation, user: User, query: str, current: str, now: datetime) -> dict[str, Any]:
    """From a row of `queue.page`. `current` is the key of the conversation that is open, `query` the list's address."""
    closed, key = shown.state == "closed", str(shown.key)
    window = None if closed else windows.pill(shown, shown.heard_at, now)  # type: ignore[attr-defined]
    return {
        "key": key,
        "page": f"{_pattern().replace(str(NOBODY), key)}?{query}",
        "current": key == current,
        "running": shown.clock == "running",
        "who": str(shown.person or shown.channel.name),
        "platform": shown.channel.platform,
        "channel": shown.channel.name,
        "closed": closed,
        "last_at": timezone.localtime(shown.last_at).isoformat(),
        "last_words": words.when(shown.last_at, now),
        "pill": None if closed else countdown(words.pill(shown, now)),
        "window": countdown(window),
        "excerpt": shown.excerpt or "A picture or video without words",
        "private": PRIVATE if shown.private else None,
        "badges": _badges(shown, now),
        "labels": shown.label_names,  # type: ignore[attr-defined]
        "last": shown.get_outcome_display() if closed else _holder(shown, user),
        "there": shown.there,  # type: ignore[attr-defined]
    }


def countdown(pill: Pill | None) -> dict[str, str] | None:
    """What the component of that name draws, its moment as text."""
    if pill is None or not pill.words:
        return None
    at = timezone.localtime(pill.at).isoformat() if pill.at else ""
    return {"words": pill.words, "state": pill.state, "full": pill.full, "at": at}


def _badges(shown: Conversation, now: datetime) -> list[Badge]:
    """How urgent it is, who decides, what the law wants, and until when it sleeps."""
    found: list[Badge] = []
    if shown.priority != Conversation.NORMAL:
        found.append(PRIORITIES.get(shown.priority, PRIORITIES[0]))
    if shown.escalated and shown.state != "closed":
        found.append(ESCALATED)
    legal = pending.badge(shown.told_legal, timezone.localdate(now))  # type: ignore[attr-defined]
    if legal:
        found.append(legal | {"icon": "scale"})
    until = shown.snoozed_until if shown.state == "open" else None
    if until and until > now:
        found.append({"words": f"Snoozed until {words.when(until, now)}", "tone": "calm", "icon": "alarm-clock"})
    return found


def _holder(shown: Conversation, user: User) -> str:
    """Who has it, where that is a colleague."""
    return f"{shown.assignee.name} has it" if shown.assignee and shown.assignee != user else ""


@lru_cache(maxsize=1)
def _pattern() -> str:
    """The address of a conversation whose key is still to be put in: every row has one."""
    return reverse("inbox:conversation", args=[NOBODY])
