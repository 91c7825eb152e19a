"""When a post goes out: schedule, publish now, move, cancel. Doing one of them twice is doing it once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.access import may, require
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import freezing, readiness, releasing, signoff, wording
from calendar_app.models import Placement, Post
from calendar_app.releasing import Moment
from calendar_app.wording import day_and_time
from channels_app import outbox
from policy import approvals
from policy.moves import move


@dataclass
class Outcome:
    """What became of each placement: will go out, waits for a signature, or was left as it is (out already)."""

    going: list[Placement] = field(default_factory=list)
    asked: list[Placement] = field(default_factory=list)
    left: list[Placement] = field(default_factory=list)


@transaction.atomic
def schedule(post: Post, placements: list[Placement], at: Moment, *, by: User, now: datetime) -> Outcome:
    """Let these go out at that moment, or ask for the signatures they need first. Raises NotReady with every reason."""
    rows = releasing.locked(post, placements)
    wanted = [one for one in rows if not one.is_out and one.state != "cancelled"]
    readiness.require_ready(post, wanted, at.due_at, now)
    outcome = Outcome(left=[one for one in rows if one.is_out])
    for placement in wanted:
        _put(placement, at, outcome, by, now)
    return outcome


@transaction.atomic
def publish(post: Post, placements: list[Placement], *, zone: str, by: User, now: datetime) -> Outcome:
    """Let these go out now. What is due already is left alone, so a second click changes nothing."""
    rows = releasing.locked(post, placements)
    due = [one for one in rows if one.is_out or (one.waits and one.delivery and one.delivery.due_at <= now)]
    wanted = [one for one in rows if one not in due and one.state != "cancelled"]
    readiness.require_ready(post, wanted, now, now, at_once=True)
    outcome = Outcome(left=due)
    for placement in wanted:
        _put(placement, releasing.right_now(zone, now), outcome, by, now)
    return outcome


def _put(placement: Placement, at: Moment, outcome: Outcome, by: User, now: datetime) -> None:
    if releasing.time_was_signed(placement, at.due_at):
        placement = take_back(placement, by=by, now=now)
    if placement.waits:
        _retime(placement, at, by, now)
        outcome.going.append(placement)
        return
    require(by, "write_post", now, placement.channel.scope)
    Placement.objects.filter(pk=placement.pk).update(**at.columns())
    placement.refresh_from_db()
    if not releasing.approval_holds(placement):
        wording.freeze_link(placement, now)  # before anybody signs, never after
        steps = signoff.steps_for(placement, by, now)
        if steps:
            if placement.state == "approved":
                move(placement, "draft", now=now, by=by, approval=None)
            outcome.asked.append(signoff.ask(placement, steps, by=by, now=now))
            return
        _approve_freely(placement, by, now)
    releasing.release(placement, now=now, checked=True)
    outcome.going.append(placement)


def _approve_freely(placement: Placement, by: User, now: datetime) -> None:
    """The approval of what needs no signature; it names the rule that says so."""
    if placement.state == "approved":
        move(placement, "draft", now=now, by=by, approval=None)
    approval = approvals.free(wording.content_hash(placement), "post", asked_by=by, now=now)
    move(
        placement, "approved", now=now, by=by, reason=approval.rule_words, approval=approval, asked_by=by, asked_at=now
    )


@transaction.atomic
def send_signed(post: Post, placements: list[Placement], *, zone: str, by: User, now: datetime) -> Outcome:
    """What was signed after its moment goes out now, because whoever asked for it says so."""
    rows = [one for one in releasing.locked(post, placements) if releasing.approval_holds(one) and not one.delivery]
    if not rows:
        raise LostRace("Nothing of this waits for your word any more.", next_step="Load the page again.")
    for one in rows:
        if one.asked_by_id != by.pk and not may(by, "schedule_post", now, one.channel.scope):
            raise NotAllowed("Whoever asked for it decides when it goes out.", next_step="Ask them, or a publisher.")
    return publish(post, rows, zone=zone, by=by, now=now)


@transaction.atomic
def move_to(
    post: Post, placements: list[Placement], at: Moment, was: datetime | None, *, by: User, now: datetime
) -> list[Placement]:
    """Give these another time. The approval stays, and whoever gave it is told.

    `was` is the time the person saw; LostRace when a colleague has moved it since.
    """
    rows = releasing.locked(post, placements)
    for placement in rows:
        if placement.due_at != was:
            when = day_and_time(placement.due_at, at.zone) if placement.due_at else "no time"
            raise LostRace(f"A colleague moved it to {when} a moment ago.", next_step="Load the calendar again.")
        if placement.is_out or placement.state == "cancelled":
            raise Invalid(f"{placement.channel} cannot be moved: it is out, on its way, or cancelled.")
        require(by, "write_post", now, placement.channel.scope)
    for placement in rows:
        if releasing.time_was_signed(placement, at.due_at):  # then the other moment needs another signature
            _put(placement, at, Outcome(), by, now)
            continue
        if placement.waits:
            _retime(placement, at, by, now)
            continue
        Placement.objects.filter(pk=placement.pk).update(**at.columns())
        placement.refresh_from_db()
        if releasing.approval_holds(placement):
            releasing.release(placement, now=now)
    return rows


def _retime(placement: Placement, at: Moment, by: User, now: datetime) -> None:
    freezing.refuse_frozen(placement)
    delivery, approval = placement.delivery, placement.approval
    if delivery is None or approval is None:
        raise LostRace("This was changed by someone else a moment ago.")
    own_signed = approval.by_id is not None and placement.asked_by_id == by.pk
    if not own_signed and not may(by, "schedule_post", now, placement.channel.scope):
        raise NotAllowed(
            f"Only a publisher moves what is scheduled on {placement.channel}.", next_step="Ask a publisher."
        )
    if delivery.state == "scheduled":
        outbox.reschedule(delivery, due_at=at.due_at, by=by, now=now, version=delivery.version)
    else:
        outbox.decide(delivery, "reschedule", by=by, now=now, due_at=at.due_at)
    Placement.objects.filter(pk=placement.pk).update(**at.columns())
    placement.refresh_from_db()
    if approval.by and approval.by_id != by.pk:
        words = f"{by.name} moved “{placement.post}” on {placement.channel}, which you signed, to "
        url = reverse("calendar:post", args=[placement.post.key])
        tell(approval.by, "post.moved", words + day_and_time(at.due_at, at.zone) + ".", url, now=now)


@transaction.atomic
def cancel(
    post: Post, placements: list[Placement], *, by: User, now: datetime, all_or_nothing: bool = True
) -> list[Placement]:
    """Take these out of the plan. What is out cannot be cancelled: it is refused, or left where that is fine."""
    done = []
    for placement in releasing.locked(post, placements):
        if placement.state == "cancelled":
            continue
        if placement.is_out:
            if all_or_nothing:
                raise Invalid(
                    f"{placement.channel} is out or on its way and cannot be cancelled.",
                    next_step="Once it is published you can delete it there.",
                )
            continue
        act = "cancel_post" if placement.state == "approved" else "write_post"
        require(by, act, now, placement.channel.scope)
        releasing.call_off(placement, by=by, now=now)
        done.append(move(placement, "cancelled", now=now, by=by))
    return done


def reopen(placement: Placement, *, by: User, now: datetime) -> Placement:
    """A cancelled placement is a draft again."""
    require(by, "write_post", now, placement.channel.scope)
    return move(placement, "draft", now=now, by=by, approval=None, wall_at=None, due_at=None, zone="")


@transaction.atomic
def take_back(placement: Placement, *, by: User, now: datetime) -> Placement:
    """Its words changed: call off what was to go out; it is a draft again and needs a new approval."""
    placement = releasing.locked(placement.post, [placement])[0]
    releasing.call_off(placement, by=by, now=now)
    return move(placement, "draft", now=now, by=by, approval=None)


@transaction.atomic
def plan(post: Post, placements: list[Placement], at: Moment | None) -> None:
    """Pencil in a time for drafts, or rub it out; nothing goes out by that."""
    drafts = [one.pk for one in releasing.locked(post, placements) if one.state == "draft"]
    empty = {"wall_at": None, "zone": "", "due_at": None}
    Placement.objects.filter(pk__in=drafts).update(**(at.columns() if at else empty))
