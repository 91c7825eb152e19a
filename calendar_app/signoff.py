"""Sign-off of posts: asked for, given or sent back; always of the exact words, never by whoever wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.access import require, scopes_for
from accounts.models import User
from accounts.notifications import tell, tell_role
from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import checking, readiness, releasing, wording
from calendar_app.models import Placement, Post
from channels_app.models import Channel
from policy import approvals, second_looks
from policy.approvals import Step
from policy.models import Approval
from policy.moves import move
from policy.second_looks import SecondLook


def steps_for(placement: Placement, by: User, now: datetime) -> list[Step]:
    """The signatures this placement needs when this person asks for it to go out."""
    words = wording.payload(wording.said(placement))
    steps = approvals.steps_for(
        "post", by, placement.channel, now, words, post_kind=placement.post.kind, topic=placement.post.topic
    )
    return [*steps, *checking.override_steps(placement.post, [placement], now)]


def ask(placement: Placement, steps: Sequence[Step], *, by: User, now: datetime) -> Placement:
    """Put it into the sign-off queue and tell those who may sign; one that is there already stays as it is."""
    if placement.state == "in_review":
        return placement
    move(placement, "in_review", now=now, by=by, asked_by=by, asked_at=now)
    tell_role(
        steps[0].who,
        placement.channel.scope,
        "post.to_sign",
        f"{by.name} asks for your sign-off: “{placement.post}” on {placement.channel}.",
        reverse("desk:sign-off"),
        now=now,
        once=f"placement:{placement.key}:{now.isoformat()}",
        besides=[by],
    )
    return placement


def queue(user: User, now: datetime) -> list[Placement]:
    """What waits for a signature on the channels where this person may sign, the earliest moment first."""
    rows = Placement.objects.filter(
        state="in_review",
        post__dropped_at=None,
        channel__in=Channel.objects.filter(scopes_for(user, "approve_post", now)),
    )
    return list(
        rows.select_related("post__author", "post__topic", "channel__scope", "asked_by", "delivery", "approval")
        .prefetch_related("post__pictures__media", "post__versions")
        .order_by("due_at", "asked_at")[:100]
    )


def asked_by(user: User, now: datetime) -> list[Placement]:
    """What this person waits for."""
    rows = Placement.objects.visible_to(user, now).filter(state="in_review", asked_by=user, post__dropped_at=None)
    return list(rows.select_related("post", "channel").order_by("asked_at")[:50])


def writers(post: Post) -> set[int]:
    """Everybody whose words these are or may be: nobody of them signs them.

    A version that came too late counts as well: another person may have taken its words up.
    """
    return {post.author_id, *post.versions.values_list("by", flat=True)}


@transaction.atomic
def approve(placement: Placement, seen: str, *, by: User, now: datetime, remark: str = "") -> Placement:
    """Sign exactly the words with the hash `seen`. They go out at their time if it is still to come, else never."""
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "approve_post", now, placement.channel.scope)
    if by.pk in writers(placement.post) | {placement.asked_by_id}:
        raise NotAllowed(
            "Nobody approves their own words.",
            next_step="Ask another approver; it stays in the queue.",
            rule="sign_off",
        )
    asked_by, steps = _as_read(placement, seen, now)
    scope = placement.channel.scope
    approval = approvals.grant(seen, steps, asked_by=asked_by, by=by, scope=scope, now=now, remark=remark)
    words = "is signed off and scheduled" if _let_go(placement, approval, by, now, remark) else LATE
    _tell_asker(placement, "post.signed", f"“{placement.post}” on {placement.channel} {words}.", now)
    return placement


LATE = "is signed off; give it a time, or publish it"


def second_look(placement: Placement, now: datetime) -> SecondLook | None:
    """Whether its own writer may look again, because nobody else can sign it here."""
    asked_by = placement.asked_by or placement.post.author
    own, scope = writers(placement.post) | {asked_by.pk}, placement.channel.scope
    steps = steps_for(placement, asked_by, now)
    return second_looks.offered(steps, writers=own, scope=scope, asked_at=placement.asked_at, now=now)


@transaction.atomic
def look_again(placement: Placement, seen: str, *, by: User, now: datetime) -> Placement:
    """The writer's own second look at exactly these words. They go out at their time if it is still to come."""
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "schedule_post", now, placement.channel.scope)
    asked_by, steps = _as_read(placement, seen, now)
    approval = second_looks.look_again(
        seen,
        steps,
        by=by,
        writers=writers(placement.post) | {asked_by.pk},
        scope=placement.channel.scope,
        asked_at=placement.asked_at,
        now=now,
    )
    _let_go(placement, approval, by, now, approval.rule_words)
    return placement


def _as_read(placement: Placement, seen: str, now: datetime) -> tuple[User, list[Step]]:
    """Who asked, and the signatures it needs, for words that still are as they were read."""
    if placement.state != "in_review":
        raise LostRace("This does not wait for a signature any more.", next_step="Load the queue again.")
    if wording.content_hash(placement) != seen:
        raise LostRace("The words were changed while you were reading.", next_step="Read them again and decide.")
    asked_by = placement.asked_by or placement.post.author
    readiness.require_checked(placement.post, [placement], now)
    return asked_by, steps_for(placement, asked_by, now)


def _let_go(placement: Placement, approval: Approval, by: User, now: datetime, reason: str) -> bool:
    """Approved; whether it goes out at its time, which is still to come."""
    move(placement, "approved", now=now, by=by, reason=reason, approval=approval)
    in_time = placement.due_at is not None and placement.due_at > now
    if in_time:
        releasing.release(placement, now=now, checked=True)
    return in_time


@transaction.atomic
def send_back(placement: Placement, reason: str, *, by: User, now: datetime) -> Placement:
    """Back to draft, with the reason for whoever asked."""
    if not reason.strip():
        raise Invalid("Say what should change, so that it can be changed.")
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "approve_post", now, placement.channel.scope)
    move(placement, "draft", now=now, by=by, reason=reason.strip()[:500])
    words = f"{by.name} sent “{placement.post}” on {placement.channel} back: {reason.strip()[:150]}"
    _tell_asker(placement, "post.sent_back", words, now)
    return placement


@transaction.atomic
def withdraw(placement: Placement, *, by: User, now: datetime) -> Placement:
    """Whoever wrote it takes it out of the queue again."""
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "write_post", now, placement.channel.scope)
    return move(placement, "draft", now=now, by=by)


def _tell_asker(placement: Placement, event: str, words: str, now: datetime) -> None:
    asker = placement.asked_by or placement.post.author
    tell(asker, event, words, reverse("calendar:post", args=[placement.post.key]), now=now)
