"""After release: what a person decides about a delivery, taking a post down, and what the outbox asks and tells."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import OuterRef
from django.urls import reverse

from accounts import audit
from accounts.access import may, require
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import IllegalMove, Invalid, LostRace
from accounts.walltime import to_wall
from calendar_app import corrections, freezing, guarding, ideas, pictures, readiness, receipts, releasing
from calendar_app.models import Idea, Placement, Release, TakedownDecision
from channels_app import outbox
from channels_app.models import Delivery
from channels_app.outbox import Block
from policy import approvals

FOR_A_PERSON = ("needs_attention", "missed", "blocked")
TOLD = {
    "needs_attention": "needs somebody to look",
    "missed": "missed its moment and was not sent",
    "failed": "was not taken by the platform",
    "blocked": "is held back",
}


@transaction.atomic
def decide(
    placement: Placement,
    decision: str,
    *,
    by: User,
    now: datetime,
    version: int,
    reason: str = "",
    url: str = "",
    due_at: datetime | None = None,
) -> Delivery:
    """A person's word on a delivery that waits for one: it is there, send it, send it later, or drop it."""
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "decide_delivery", now, placement.channel.scope)
    delivery = placement.delivery
    if delivery is None or placement.shown_state not in FOR_A_PERSON:
        raise LostRace("This does not wait for a decision any more.", next_step="Look at what became of it.")
    freezing.refuse_frozen(placement)
    if decision in {"send", "reschedule"}:
        readiness.require_checked(placement.post, [placement], now)
    when = due_at if decision == "reschedule" else None
    done = outbox.decide(delivery, decision, by, now, reason, url=url, due_at=when, version=version)  # type: ignore[arg-type]
    if done.state == "scheduled":
        wall = to_wall(done.due_at, placement.zone or "UTC").replace(tzinfo=UTC)
        Placement.objects.filter(pk=placement.pk).update(due_at=done.due_at, wall_at=wall)
    return done


@transaction.atomic
def posted(placement: Placement, url: str, at: datetime, *, by: User, now: datetime, version: int) -> Delivery:
    """A person posted it by hand, and says where and when."""
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "decide_delivery", now, placement.channel.scope)
    delivery = placement.delivery
    if delivery is None or placement.shown_state not in FOR_A_PERSON:
        raise LostRace("This does not wait to be posted by hand any more.", next_step="Look at what became of it.")
    freezing.refuse_frozen(placement)
    return outbox.posted_by_hand(delivery, url, at, by, now, version)


@transaction.atomic
def delete(placement: Placement, ground: str, reason: str, *, by: User, now: datetime) -> Delivery:
    """Take a published post down, for a reason that is kept: through the outbox, like everything said in public.

    What was wrong is not taken down before somebody has decided how it is put right. What it said stays on record.
    """
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "delete_post", now, placement.channel.scope)
    out = placement.delivery
    if out is None or placement.shown_state != "published":
        raise IllegalMove(f"It is not published on {placement.channel}.", rule="deleting")
    if not out.remote_id:
        raise IllegalMove(
            "Parley does not know its number on the platform, only that a person saw it there.",
            next_step="Delete it on the platform.",
            rule="deleting",
        )
    running = takedown(placement)
    if running is not None and running.state not in {"failed", "cancelled"}:
        return running
    _note_takedown(placement, out, ground, reason.strip()[:500], by, now)
    parts = [one for one in outbox.parts_after(out) if one.state == "published" and one.remote_id]
    downs = [outbox.take_down(placement.channel, one.remote_id, origin="post", by=by, now=now) for one in parts[::-1]]
    delivery = outbox.take_down(placement.channel, out.remote_id, origin="post", by=by, now=now)
    releasing.note(placement, [*downs, delivery], now)
    return delivery


def _note_takedown(placement: Placement, out: Delivery, ground: str, reason: str, by: User, now: datetime) -> None:
    correction = corrections.covering(placement)
    if ground not in dict(TakedownDecision.GROUNDS) or not reason:
        raise Invalid("Say why it is taken down.", next_step="It stays on record with your name.", rule="deleting")
    if ground == "wrong" and correction is None:
        raise Invalid(
            "Decide first how it is put right: readers who saw it do not know that it was wrong.",
            next_step="Correct it, or note why there is no correction; then it can be deleted.",
            rule="correction",
        )
    TakedownDecision.objects.create(
        placement=placement, delivery=out, ground=ground, reason=reason, correction=correction, by=by, at=now
    )
    audit.record("decided_takedown", placement, by=by, now=now, ground=ground, reason=reason)


def takedown(placement: Placement) -> Delivery | None:
    """The newest attempt to take this placement's post down."""
    rows = Release.objects.filter(placement=placement, delivery__kind="delete").select_related("delivery__channel")
    last = rows.order_by("-pk").first()
    return last.delivery if last else None


def recheck(delivery: Delivery, now: datetime) -> Block | None:
    """Asked at the last moment: is this still the delivery its placement wants out?"""
    columns = (f"placement__{name}" for name in ("post__dropped_at", "post__kind", "post__topic", "state", "delivery"))
    frozen = freezing.is_frozen(OuterRef("delivery"))
    release = Release.objects.filter(delivery=delivery).values_list(*columns, frozen).first()
    if release is None or delivery.kind != "post":
        return None
    dropped_at, kind, topic, state, wanted, frozen_now = release
    if dropped_at or state == "cancelled":
        return Block("dropped", "The post was dropped from the plan.")
    if wanted != _first_of(delivery) or state != "approved":
        return Block("replaced", "The post was changed after this was scheduled.")
    if frozen_now:
        return freezing.FROZEN
    if delivery.channel.purpose == "broadcast":
        return Block(
            "one_way", f"{delivery.channel} only warns in an emergency: an ordinary post does not go out there."
        )
    words = approvals.obstacle(
        delivery.approval,
        "post",
        delivery.asked_by,
        delivery.channel,
        now,
        delivery.payload,
        post_kind=kind,
        topic=topic,
    )
    if words:
        return Block("permitted", words)
    return pictures.recheck(delivery, now) or guarding.recheck(delivery, now)


def _first_of(delivery: Delivery) -> int:
    """The delivery that a chain of parts began with."""
    first = delivery
    while first.follows is not None:
        first = first.follows
    return first.pk


def after(delivery: Delivery, now: datetime) -> None:
    """Have it read back once it is out, and tell whoever asked for it when it did not go out as planned.

    Those who decide are told by the outbox.
    """
    if delivery.kind == "post" and delivery.state == "published":
        _is_out(delivery, now)
    words = TOLD.get(delivery.state)
    asker = delivery.asked_by if words else None
    if words is None or asker is None or may(asker, "decide_delivery", now, delivery.channel.scope):
        return
    release = Release.objects.filter(delivery=delivery).select_related("placement__post").first()
    if release is not None:
        post = release.placement.post
        tell(
            asker,
            f"post.{delivery.state}",
            f"“{post}” {words} on {delivery.channel}. {delivery.why_words}".strip(),
            page(delivery),
            now=now,
            once=f"asked:{delivery.key}:{delivery.state}:{delivery.fence}",
        )


def _is_out(delivery: Delivery, now: datetime) -> None:
    release = Release.objects.filter(delivery=delivery).values_list("placement", "placement__post__idea").first()
    if release is not None:
        placement, idea = release
        receipts.expect(delivery, placement, now)
        if idea:
            ideas.tell_published(Idea.objects.select_related("by").get(pk=idea), delivery.channel, now)


def page(delivery: Delivery) -> str:
    """Where a person sees this delivery: the page of its post."""
    key = Release.objects.filter(delivery=delivery).values_list("placement__post__key", flat=True).first()
    return reverse("calendar:post", args=[key]) if key else reverse("calendar:month")
