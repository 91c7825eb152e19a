"""After the freeze: each item is sent at a new time, kept as a draft, or cancelled, by a named person."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.access import require, scopes_for
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from accounts.walltime import to_wall
from calendar_app import readiness, releasing, scheduling
from calendar_app.models import Frozen, Placement
from calendar_app.releasing import Moment
from channels_app import outbox
from channels_app.models import Channel, Delivery
from policy import modes
from policy.models import ModeSpan


def undecided(user: User, now: datetime, span: ModeSpan | None = None) -> QuerySet[Frozen]:
    """What still waits for a decision on the channels this person sees in the calendar."""
    seen = Channel.objects.filter(scopes_for(user, "see_calendar", now))
    rows = Frozen.objects.filter(decided_at=None, delivery__channel__in=seen)
    if span is not None:
        rows = rows.filter(span=span)
    return rows.select_related("span", "placement__post", "delivery__channel__scope", "placement__channel__scope")


def waiting() -> int:
    """How many wait, whichever emergency or exercise froze them."""
    return Frozen.objects.filter(decided_at=None).count()


@transaction.atomic
def decide(frozen: Frozen, decision: str, *, by: User, now: datetime, at: Moment | None = None) -> Frozen:
    """A person's word on one frozen item: `send` at a new time, keep it as a `draft`, or `cancel` it."""
    frozen = Frozen.objects.select_for_update(of=("self",)).select_related("delivery__channel__scope").get(pk=frozen.pk)
    if frozen.decided_at is not None:
        raise LostRace("Somebody has decided about this already.", next_step="Load the list again.")
    require(by, "decide_delivery", now, frozen.delivery.channel.scope)
    if decision not in dict(Frozen.DECISIONS):
        raise Invalid("Choose what becomes of it.")
    if decision == "send":
        _may_go_out(frozen, at, now)
    Frozen.objects.filter(pk=frozen.pk).update(decision=decision, decided_at=now, by=by)
    ACTS[decision](frozen, at, by, now)
    audit.record("thawed", frozen, by=by, now=now, decision=decision, was=frozen.was_due_at.isoformat())
    frozen.refresh_from_db()
    return frozen


def _may_go_out(frozen: Frozen, at: Moment | None, now: datetime) -> None:
    span = modes.emergency(now)
    if span is not None and not (span.exercise and not frozen.delivery.channel.practice):
        raise Invalid(
            "The emergency is still on: nothing but its own messages goes out.",
            next_step="Keep it as a draft or cancel it now, or send it when the emergency is over.",
        )
    if at is None:
        raise Invalid("Choose the day and time it goes out.")


def _send(frozen: Frozen, at: Moment | None, by: User, now: datetime) -> None:
    delivery = Delivery.objects.get(pk=frozen.delivery_id)
    if at is None:
        raise Invalid("Choose the day and time it goes out.")
    placement = _placement(frozen)
    if placement is not None:
        readiness.require_checked(placement.post, [placement], now)
    outbox.decide(delivery, "reschedule", by, now, "Decided after the emergency.", due_at=at.due_at)
    if frozen.placement is not None and frozen.placement.delivery_id == frozen.delivery_id:
        Placement.objects.filter(pk=frozen.placement.pk).update(**at.columns())


def _draft(frozen: Frozen, at: Moment | None, by: User, now: datetime) -> None:
    placement = _placement(frozen)
    if placement is None:
        _cancel(frozen, at, by, now)
        return
    if placement.state != "draft":  # somebody has changed its words meanwhile, and so taken it back
        scheduling.take_back(placement, by=by, now=now)
    wall = to_wall(frozen.was_due_at, placement.zone or "UTC").replace(tzinfo=UTC)
    Placement.objects.filter(pk=placement.pk).update(due_at=frozen.was_due_at, wall_at=wall)


def _cancel(frozen: Frozen, at: Moment | None, by: User, now: datetime) -> None:
    placement = _placement(frozen)
    if placement is not None:
        scheduling.cancel(placement.post, [placement], by=by, now=now)
        return
    delivery = Delivery.objects.get(pk=frozen.delivery_id)
    outbox.cancel(delivery, by, now, delivery.version)


def _placement(frozen: Frozen) -> Placement | None:
    """The placement, if this delivery is still the one it waits with."""
    if frozen.placement_id is None:
        return None
    placement = Placement.objects.select_related("post", "channel__scope", "delivery").get(pk=frozen.placement_id)
    return releasing.locked(placement.post, [placement])[0] if placement.delivery_id == frozen.delivery_id else None


ACTS = {"send": _send, "draft": _draft, "cancel": _cancel}
