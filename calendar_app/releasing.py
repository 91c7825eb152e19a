"""From an approved placement to its delivery: the one place where the calendar hands something to the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from accounts.walltime import day_words, from_wall, to_wall
from calendar_app import readiness, wording
from calendar_app.models import Placement, Post, Release
from calendar_app.models.placements import WAITING
from channels_app import outbox
from channels_app.models import Delivery

FURTHEST = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Moment:
    """One time told three ways: what the town's clocks show, their zone, and the instant."""

    wall: datetime
    zone: str
    due_at: datetime

    def columns(self) -> dict[str, object]:
        return {"wall_at": self.wall.replace(tzinfo=UTC), "zone": self.zone, "due_at": self.due_at}


def moment(wall: datetime, zone: str, fold: int | None, now: datetime) -> Moment:
    """A time a person chose. Invalid when it does not exist, is over, or is further away than anyone plans."""
    due_at = from_wall(wall, zone, fold)
    if due_at <= now:
        raise Invalid(
            f"{wall:%H:%M} on {day_words(wall)} is over; it is {to_wall(now, zone):%H:%M} now.",
            next_step="Choose a later time, or publish now.",
            rule="in_time",
        )
    if due_at > now + FURTHEST:
        raise Invalid(f"{day_words(wall)} is more than two years away.", next_step="Check the year.", rule="in_time")
    return Moment(wall.replace(tzinfo=None), zone, due_at)


def right_now(zone: str, now: datetime) -> Moment:
    return Moment(to_wall(now, zone), zone, now)


def locked(post: Post, placements: list[Placement]) -> list[Placement]:
    """The same placements as they are now, held until the end of the transaction, in one order for everybody."""
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    rows = Placement.objects.select_for_update(of=("self",)).filter(post=post, pk__in=[one.pk for one in placements])
    return list(rows.select_related("post", "channel__scope", "delivery", "approval__by", "asked_by").order_by("pk"))


def approval_holds(placement: Placement) -> bool:
    """Whether what is approved is what the placement says now, at the moment it has now where that was signed too."""
    approval = placement.approval
    return bool(
        placement.state == "approved"
        and approval
        and approval.withdrawn_at is None
        and not time_was_signed(placement, placement.due_at)
        and approval.hash == wording.content_hash(placement)
    )


def time_was_signed(placement: Placement, due_at: datetime | None) -> bool:
    """Whether its approval is for another moment than this one, and for that moment only."""
    approval = placement.approval
    return bool(approval and approval.timed_for and approval.timed_for != due_at)


def release(placement: Placement, *, now: datetime, checked: bool = False) -> Delivery:
    """Freeze the approved words into a delivery that is due at the placement's time.

    The checks run once more, unless whoever calls has just had them `checked` in this transaction.
    """
    if placement.approval is None or placement.due_at is None:
        raise IllegalMove("Without an approval and a time nothing goes out.")
    if not checked:
        readiness.require_checked(placement.post, [placement], now)
    _clear_parts(placement, now)
    words = wording.said(placement)
    delivery = outbox.create(
        channel=placement.channel,
        kind="post",
        origin="post",
        payload=wording.payload(words),
        approval=placement.approval,
        asked_by=placement.asked_by,
        due_at=placement.due_at,
        now=now,
    )
    note(placement, [delivery, *outbox.parts_after(delivery)], now)
    Placement.objects.filter(pk=placement.pk).update(delivery=delivery)
    placement.refresh_from_db()
    return delivery


def note(placement: Placement, deliveries: list[Delivery], now: datetime) -> None:
    """These are this placement's."""
    Release.objects.bulk_create(Release(placement=placement, delivery=one, at=now) for one in deliveries)


def _clear_parts(placement: Placement, now: datetime) -> None:
    """What was to follow a delivery that failed does not follow the new one."""
    if placement.delivery is None or placement.asked_by is None:
        return
    for one in outbox.parts_after(placement.delivery):
        if one.state in WAITING and not one.may_be_out:
            outbox.cancel(one, by=placement.asked_by, now=now, version=one.version)


def call_off(placement: Placement, *, by: User, now: datetime) -> None:
    """Cancel the delivery of a placement that still waits. LostRace when it is on its way already."""
    if placement.waits and placement.delivery:
        outbox.cancel(placement.delivery, by=by, now=now, version=placement.delivery.version)
