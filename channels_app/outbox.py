"""The outbox: everything Parley says in public leaves here, once.

Layers above register what is asked last and told first, create deliveries of approved words, and pass on what people
decide. Publishers call `step`, or run the loop of `manage.py send_due`. How it works is in `channels_app.publishing`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from accounts import clock
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from channels_app.models import Channel, Delivery, Instance
from channels_app.models.deliveries import WAITING
from channels_app.publishing import leads, parts, rounds, waking
from channels_app.publishing.by_hand import posted as posted_by_hand
from channels_app.publishing.by_hand import waits as waits_for_a_hand
from channels_app.publishing.claim import EMERGENCY
from channels_app.publishing.deciding import cancel, decide, give_up, reschedule, settled_at
from channels_app.publishing.origins import Block, register
from channels_app.publishing.outgoing import NEEDED, outgoing, platform_of, sent_words, text_hash, text_of
from channels_app.publishing.parts import after as parts_after
from channels_app.publishing.parts import most as most_parts
from channels_app.publishing.publisher import at
from channels_app.publishing.sequels import removed
from channels_app.publishing.stopping import publishing_state, resume_all, stop_all
from channels_app.publishing.timings import span, times
from channels_app.publishing.words import StateWords, words_for
from policy.approvals import content_hash, free, steps_for
from policy.models import Approval

__all__ = [
    "EMERGENCY",
    "Block",
    "StateWords",
    "cancel",
    "create",
    "decide",
    "give_up",
    "most_parts",
    "overdue",
    "parts_after",
    "posted_by_hand",
    "publishing_state",
    "register",
    "removed",
    "reschedule",
    "resume_all",
    "same_words",
    "send_parts_from",
    "sent_words",
    "settled_at",
    "step",
    "stop_all",
    "take_down",
    "text_of",
    "under_way",
    "waits_for_a_hand",
    "words_for",
]


def create(
    channel: Channel,
    kind: str,
    origin: str,
    payload: dict[str, Any],
    approval: Approval,
    asked_by: User | None,
    due_at: datetime,
    now: datetime,
    late_minutes: int | None = 30,
    priority: int = 0,
    follows: Delivery | None = None,
    part: int = 0,
) -> Delivery:
    """A frozen copy of approved words with each of their parts, scheduled. The publisher hears of it on commit.

    Raises IllegalMove where the approval is of other words or was withdrawn, Invalid where the platform cannot do it.
    """
    platform = platform_of(channel)
    if NEEDED[kind] not in platform.CAN:
        raise Invalid(f"{platform.LABEL} cannot do this.")
    parts.refuse_what_cannot_be(platform, payload)
    content = content_hash(payload, channel.key)
    if approval.hash != content or approval.withdrawn_at is not None:
        raise IllegalMove(
            "These are not the words that were approved.", next_step="Ask for sign-off again.", rule="sign_off"
        )
    delivery = Delivery(
        channel=channel,
        kind=kind,
        origin=origin,
        payload=payload,
        content_hash=content,
        approval=approval,
        asked_by=asked_by,
        due_at=due_at,
        late_minutes=late_minutes,
        priority=priority,
        follows=follows,
        part=part,
        created_at=now,
    )
    delivery.text_hash = text_hash(channel, outgoing(delivery))
    delivery.next_action_at = leads.begins(delivery, due_at, now)
    with transaction.atomic():
        delivery.save()
        if not part:
            parts.follow(delivery, now)
        waking.wake()
    return delivery


@transaction.atomic
def send_parts_from(failed: Delivery, by: User, now: datetime) -> list[Delivery]:
    """A part of which it is proven that it is not out, and all after it, once more: new deliveries under the old one.

    Raises IllegalMove where the part did not fail, or what it follows is not out.
    """
    before = failed.follows
    if failed.state != "failed" or before is None or before.state != "published" or not before.remote_id:
        raise IllegalMove("Only a part that failed, under one that is out, can be sent again.")
    for waiting in failed.followers.filter(state__in=["scheduled", "blocked", "missed"], intent_at=None):
        cancel(waiting, by, now, waiting.version)
    made = parts.follow(before, now, start=failed.part)
    waking.wake()
    return made


def take_down(channel: Channel, target: str, *, origin: str, by: User, now: datetime) -> Delivery:
    """Delete what the platform knows as `target`, at once; no rule wants that signed, and it is never too late.

    Raises NotAllowed where the town does not permit it to this person's role.
    """
    payload = {"target": target, "text": "", "link": "", "pictures": []}
    steps_for("delete", by, channel, now, payload)
    return create(
        channel=channel,
        kind="delete",
        origin=origin,
        payload=payload,
        approval=free(content_hash(payload, channel.key), "delete", asked_by=by, now=now),
        asked_by=by,
        due_at=now,
        now=now,
        late_minutes=None,
    )


def step(now: datetime | None = None) -> int:
    """One round: all that is due; how many. With `now` the whole round happens at that moment."""
    return rounds.once(at(now) if now else clock.now)


def overdue(now: datetime) -> QuerySet[Delivery]:
    """Due for longer than it should take, and with nothing to wait for: publishing is on, its channel may send, and
    the part before it is out.
    """
    edge = now - span(times().overdue)
    due = Delivery.objects.filter(state__in=WAITING, next_action_at__lte=edge, due_at__lte=edge, channel__state="ok")
    free = Q(channel__next_send_at=None) | Q(channel__next_send_at__lte=edge)
    first = Q(follows=None) | Q(follows__state="published")
    return due.filter(free, first).exclude(Exists(Instance.objects.filter(publishing=False)))


def under_way() -> QuerySet[Delivery]:
    """Sends that have begun: they end by themselves even when publishing is stopped."""
    return Delivery.objects.filter(state="sending").select_related("channel")


def same_words(
    channel: Channel, payload: dict[str, Any], kind: str, near: datetime, hours: int = 48
) -> QuerySet[Delivery]:
    """Deliveries with these words on this channel around that time, which would be hard to tell apart afterwards."""
    probe = Delivery(channel=channel, kind=kind, payload=payload)
    within = (near - span(hours * 3600), near + span(hours * 3600))
    alike = Delivery.objects.filter(channel=channel, kind=kind, text_hash=text_hash(channel, outgoing(probe)))
    return alike.filter(due_at__range=within).exclude(state__in=["cancelled", "failed"])
