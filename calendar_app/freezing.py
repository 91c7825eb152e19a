"""Freezing: what was to go out when an emergency comes stays where it is until somebody decides about it.

The delivery is blocked, its reason `frozen` never clears by itself, and the re-check before sending asks once more. So
nothing that was scheduled goes out because a mode has ended; each item is sent at a new time, kept as a draft, or
cancelled, by a named person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app.models import Frozen, Placement, Release
from channels_app.models import Attempt, Delivery
from channels_app.models.deliveries import WAITING
from channels_app.outbox import EMERGENCY, Block
from policy.models import ModeSpan

WHY = "frozen"
SECOND_OF_THE_SWITCH = timedelta(seconds=5)
# Held back for a reason that may go away by itself: it would be on its way again, emergency or not.
HELD = Q(state="blocked") & ~Q(why__in=["approval", "permission", "follows", WHY])
WORDS = "Frozen by the emergency; somebody decides about it on the emergency page."


def freeze(span: ModeSpan, *, by: User | None, now: datetime) -> int:
    """At the start: freeze every post that waits to go out; how many. Forty are one act, so they are moved together.

    An exercise freezes what waits on practice channels, and nothing else.
    """
    return _freeze(span, Q(state__in=WAITING) | HELD, by, now)


def freeze_rest(span: ModeSpan, *, by: User | None, now: datetime) -> int:
    """At the end: what came due meanwhile and was held, and what was being scheduled in the second of the switch."""
    meanwhile = HELD & Q(why="mode")
    overlooked = Q(state__in=WAITING, created_at__lte=span.starts_at + SECOND_OF_THE_SWITCH)
    decided = Frozen.objects.filter(span=span).values("delivery")
    return _freeze(span, meanwhile | (overlooked & ~Q(pk__in=decided)), by, now)


def _freeze(span: ModeSpan, which: Q, by: User | None, now: datetime) -> int:
    alone = Q(follows=None) | Q(follows__state="published")  # a further part waits with the one before it
    rows = Delivery.objects.filter(which, alone, intent_at=None, kind="post", priority__lt=EMERGENCY)
    if span.exercise:
        rows = rows.filter(channel__practice=True)
    with transaction.atomic():
        found = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
        if found:
            _block(found, now)
            _note(span, found, by, now)
    return len(found)


def _block(found: list[Delivery], now: datetime) -> None:
    facts = {"why": WHY, "why_words": WORDS, "next_action_at": None, "taken_up": True}
    Delivery.objects.filter(pk__in=[one.pk for one in found]).update(state="blocked", version=F("version") + 1, **facts)
    Attempt.objects.bulk_create(
        Attempt(delivery=one, n=one.sends, fence=one.fence, event=WHY, at=now, code=WHY, words=WORDS) for one in found
    )


def _note(span: ModeSpan, found: list[Delivery], by: User | None, now: datetime) -> None:
    of = dict(Release.objects.filter(delivery__in=found).values_list("delivery", "placement"))
    Frozen.objects.bulk_create(
        [Frozen(span=span, placement_id=of.get(one.pk), delivery=one, was_due_at=one.due_at, at=now) for one in found],
        ignore_conflicts=True,
    )
    audit.record("froze", span, by=by, now=now, items=[str(one.key) for one in found])


FROZEN = Block(WHY, WORDS)


def is_frozen(delivery: OuterRef) -> Exists:
    """Asked at the last moment, whatever state the row came from; part of a larger question."""
    return Exists(Frozen.objects.filter(delivery=delivery, decided_at=None))


def refuse_frozen(placement: Placement) -> None:
    """The calendar's own doors do not thaw anything. Raises Invalid."""
    if placement.delivery_id and Frozen.objects.filter(delivery=placement.delivery_id, decided_at=None).exists():
        raise Invalid(
            f"“{placement.post}” on {placement.channel} was frozen by the emergency.",
            next_step="Decide about it on the emergency page, item by item.",
        )
