"""Emergencies, elections and what they need, made through the doors people use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from accounts.walltime import to_wall
from calendar_app import alerting, emergency, wording
from calendar_app.alerting import Draft
from calendar_app.models import EmergencyMessage, Frozen, Placement, Post, Release, Rumour
from channels_app.models import Channel, Delivery
from policy import hazards
from policy.models import Absence, FinalSay, Issuer, ModeExemption, ModeSpan, ModeTask, PublicName
from tests.factories import COUNT, NOON, make_approval, make_channel, make_delivery, make_user

PLACE = "Mill Road and Riverside"


def switch_on(reason: str = "The river is over its banks.", *, now: datetime = NOON, **facts: Any) -> ModeSpan:
    return emergency.switch_on(
        reason, exercise=facts.pop("exercise", False), by=facts.pop("by", None) or make_user("publisher"), now=now
    )


def make_draft(hazard: str = "flood", kind: str = "alert", **facts: Any) -> Draft:
    """A whole message from its template; `parts` replaces single parts."""
    given = hazards.language("en").template(hazard)
    parts = {name: given.get(name, "") for name in hazards.PARTS} | {"place": PLACE, "source": "Fernhill Council"}
    return Draft(hazard, kind, parts | facts.pop("parts", {}), **facts)


def issue(
    span: ModeSpan, draft: Draft | None = None, *, by: User | None = None, now: datetime = NOON
) -> EmergencyMessage:
    return alerting.send(draft or make_draft(), span, by=by or make_user("publisher"), now=now)


def scheduled(
    due_at: datetime, *, channel: Channel | None = None, created_at: datetime = NOON, text: str = "", **facts: Any
) -> Delivery:
    """An approved post that goes out at that moment unless something holds it; `facts` are the post's."""
    channel, author = channel or make_channel(), facts.pop("author", None) or make_user("publisher")
    post = Post.objects.create(
        text=text or f"The library is open, notice {next(COUNT)}.",
        author=author,
        created_at=created_at,
        changed_at=created_at,
        **facts,
    )
    wall = to_wall(due_at, "Europe/London").replace(tzinfo=UTC)
    placement = Placement.objects.create(post=post, channel=channel, due_at=due_at, wall_at=wall, zone="Europe/London")
    payload = wording.payload(wording.said(placement))
    approval = make_approval(payload, channel)
    delivery = make_delivery(
        channel=channel, payload=payload, approval=approval, due_at=due_at, created_at=created_at, asked_by=author
    )
    Release.objects.create(placement=placement, delivery=delivery, at=created_at)
    columns = {"state": "approved", "approval": approval, "delivery": delivery, "asked_by": author}
    Placement.objects.filter(pk=placement.pk).update(**columns)
    return delivery


def make_frozen(channel: Channel) -> Frozen:
    """A post of this channel that waits for a decision after an emergency that is over."""
    span = ModeSpan.objects.create(mode="emergency", starts_at=NOON, ends_at=NOON, reason="Over")
    delivery = scheduled(NOON, channel=channel)
    return Frozen.objects.create(
        span=span, placement=delivery.release.placement, delivery=delivery, was_due_at=NOON, at=NOON
    )


def modes_of_the_town() -> dict[str, dict[str, Any]]:
    """One of everything a mode, the final say and an emergency keep, as an address names it."""
    user = make_user("approver")
    emergency_span = ModeSpan.objects.create(mode="emergency", starts_at=NOON, ends_at=NOON, reason="A flood")
    election = ModeSpan.objects.create(mode="election", starts_at=NOON, reason="Council election")
    facts = {"subject": "A post", "permitted_by": "The monitoring officer", "why": "It is urgent.", "by": user}
    exemption = ModeExemption.objects.create(span=election, ref=user.key, at=NOON, **facts)
    task = ModeTask.objects.create(span=election, kind="other", words="Tell everybody.")
    warning = EmergencyMessage.objects.create(span=emergency_span, hazard="flood", created_at=NOON)
    rumour = Rumour.objects.create(span=emergency_span, heard="The bridge is down.", at=NOON, by=user)
    absence = Absence.objects.create(user=user, kind="away", starts_at=NOON, ends_at=NOON.replace(hour=20))
    say = FinalSay.objects.create(subject=f"Housing {next(COUNT)}", holder=user, starts_at=NOON)
    return {
        "warning": {"key": warning.key},
        "rumour": {"key": rumour.key},
        "issuer": {"pk": Issuer.objects.create(user=make_user("officer"), starts_at=NOON, ends_at=None).pk},
        "emergency": {"key": emergency_span.key},
        "listed": {"key": PublicName.objects.create(name=f"Councillor {next(COUNT)}", kind="politician").key},
        "election": {"key": election.key},
        "exemption": {"key": election.key, "pk": exemption.pk},
        "task": {"key": election.key, "pk": task.pk},
        "absence": {"key": absence.key},
        "say": {"key": say.key},
    }
