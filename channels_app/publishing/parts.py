"""A post in several parts: a thread, or a post with its first comment.

Every part is a delivery of its own with the same approved payload; `part` says whose words are sent, and `follows` ties
it to the one before. It is sent only when that one is published, and hangs under what the platform calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.refusals import Invalid
from channels_app.models import Delivery
from channels_app.platforms.base import Platform
from channels_app.publishing.outgoing import outgoing, text_hash

THREAD = 25  # the longest thread


def most(platform: Platform) -> int:
    """How many parts may follow the first on this platform."""
    return THREAD if "thread" in platform.CAN else 1 if "first_comment" in platform.CAN else 0


def refuse_what_cannot_be(platform: Platform, payload: Mapping[str, Any]) -> None:
    """Raises Invalid for parts or a poll that this platform does not have."""
    if payload.get("poll") and "poll" not in platform.CAN:
        raise Invalid(f"{platform.LABEL} has no polls.", next_step="Take the poll out of this channel.")
    if len(payload.get("parts") or ()) > most(platform):
        raise Invalid(
            f"{platform.LABEL} does not take so many parts.", next_step="Take the further parts out of this channel."
        )


def follow(first: Delivery, now: datetime, *, start: int = 1) -> list[Delivery]:
    """The parts of this delivery's payload from `start` on: the first of them follows `first`, each the one before."""
    made, before = [], first
    due_at = max(first.due_at, now)
    for number in range(start, len(first.payload.get("parts") or ()) + 1):
        part = Delivery(
            channel=first.channel,
            kind=first.kind,
            origin=first.origin,
            payload=first.payload,
            content_hash=first.content_hash,
            approval=first.approval,
            asked_by=first.asked_by,
            due_at=due_at,
            next_action_at=due_at,
            late_minutes=first.late_minutes,
            priority=first.priority,
            follows=before,
            part=number,
            created_at=now,
        )
        part.text_hash = text_hash(first.channel, outgoing(part))
        part.save()
        made.append(part)
        before = part
    return made


def after(delivery: Delivery) -> Iterator[Delivery]:
    """Everything that follows this one, in its order."""
    for one in delivery.followers.select_related("channel", "follows").order_by("part", "pk"):
        yield one
        yield from after(one)


def move_along(delivery: Delivery, due_at: datetime) -> None:
    """What follows has its moment with it."""
    waiting = [one.pk for one in after(delivery) if one.state == "scheduled"]
    rows = Delivery.objects.filter(pk__in=waiting, state="scheduled", intent_at=None)
    rows.update(due_at=due_at, next_action_at=due_at, version=F("version") + 1, why="", why_words="")
