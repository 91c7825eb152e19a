"""Sign-off of posts: asked for, given or sent back; always of the exact words, never by whoever wrote them.

Where several rules ask, several people may have to sign the same words: each signature but the last is kept apart, and
the last one becomes the approval.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.access import require, scopes_for
from accounts.models import User
from accounts.notifications import tell, tell_role
from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import checking, readiness, releasing, remarks, reminding, wording
from calendar_app.authors import writers
from calendar_app.models import Placement, Post, Signature
from channels_app.models import Channel
from policy import approvals, second_looks, signing
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
    reminding.plan(placement, steps, now)
    _tell_signers(placement, steps, by, now)
    return placement


def _tell_signers(placement: Placement, steps: Sequence[Step], by: User, now: datetime) -> None:
    """Those a rule names, and everybody who may sign where a step names nobody."""
    words = f"{by.name} asks for your sign-off: “{placement.post}” on {placement.channel}."
    url, once = reverse("desk:sign-off"), f"placement:{placement.key}:{now.isoformat()}"
    for step in steps:
        if step.signer:
            tell(step.signer, "post.to_sign", words, url, now=now, once=once)
        else:
            scope = placement.channel.scope
            tell_role(step.who, scope, "post.to_sign", words, url, now=now, once=once, besides=[by])


def queue(user: User, now: datetime) -> list[Placement]:
    """What waits for a signature on the channels where this person may sign, the earliest moment first."""
    rows = Placement.objects.filter(
        state="in_review",
        post__dropped_at=None,
        channel__in=Channel.objects.filter(scopes_for(user, "approve_post", now)),
    )
    return list(
        rows.select_related("post__author", "post__topic", "channel__scope", "asked_by", "delivery", "approval")
        .prefetch_related("post__pictures__media", "post__versions", "reminders__user", "post__remarks__by")
        .order_by("due_at", "asked_at")[:100]
    )


def asked_by(user: User, now: datetime) -> list[Placement]:
    """What this person waits for."""
    rows = Placement.objects.visible_to(user, now).filter(state="in_review", asked_by=user, post__dropped_at=None)
    return list(rows.select_related("post", "channel").prefetch_related("reminders__user").order_by("asked_at")[:50])


def signed_late(user: User, now: datetime) -> list[Placement]:
    """What was signed after its moment: whoever asked for it says whether it goes out now, or when."""
    rows = Placement.objects.visible_to(user, now).filter(asked_by=user, post__dropped_at=None)
    late = rows.filter(state="approved", delivery=None, due_at__lte=now)
    return list(late.select_related("post", "channel", "approval__by").order_by("due_at")[:50])


def seal(placement: Placement, steps: Sequence[Step], post: Post | None = None) -> str:
    """What a signature is of: the hash of the words, and the moment where a rule has that signed too."""
    words = wording.content_hash(placement, post)
    return f"{words}@{_moment(placement)}" if any(step.timed for step in steps) else words


def _moment(placement: Placement) -> str:
    return placement.due_at.isoformat() if placement.due_at else ""


def missing(placement: Placement, steps: Sequence[Step], now: datetime) -> list[Step]:
    """The signatures that exactly these words still need."""
    own, scope = writers(placement.post) | {placement.asked_by_id or 0}, placement.channel.scope
    given = placement.signatures.filter(hash=wording.content_hash(placement)).select_related("by")
    people = [one.by for one in given]
    return [step for step in steps if not set(people) & set(signing.signers(step, scope, now, own))]


@transaction.atomic
def approve(placement: Placement, seen: str, *, by: User, now: datetime, remark: str = "") -> Placement:
    """Sign exactly the words with the seal `seen`. They go out at their time if it is still to come, else never.

    Where others have to sign too it stays in the queue, for them.
    """
    placement = releasing.locked(placement.post, [placement])[0]
    scope = placement.channel.scope
    require(by, "approve_post", now, scope)
    own = writers(placement.post) | {placement.asked_by_id or 0}
    if by.pk in own:
        raise NotAllowed(
            "Nobody approves their own words.",
            next_step="Ask another approver; it stays in the queue.",
            rule="sign_off",
        )
    asked_by, steps = _as_read(placement, seen, now)
    left = missing(placement, steps, now)
    mine = [step for step in left if by in signing.signers(step, scope, now, own)] or left
    rest = [step for step in left if step not in mine]
    content = wording.content_hash(placement)
    if rest:
        return _sign_in_part(placement, content, rest, by, now)
    due_at = placement.due_at if any(step.timed for step in steps) else None
    approval = approvals.grant(
        content, mine, asked_by=asked_by, by=by, scope=scope, now=now, remark=remark, besides=own, timed_for=due_at
    )
    words = "is signed off and scheduled" if _let_go(placement, approval, by, now, remark) else LATE
    remarks.settle(placement.post, now)
    _tell_asker(placement, "post.signed", f"“{placement.post}” on {placement.channel} {words}.", now)
    return placement


def _sign_in_part(placement: Placement, content: str, rest: Sequence[Step], by: User, now: datetime) -> Placement:
    Signature.objects.get_or_create(placement=placement, hash=content, by=by, defaults={"at": now})
    audit.record("signed", placement, by=by, now=now, still=[step.words for step in rest])
    _tell_signers(placement, rest, placement.asked_by or placement.post.author, now)
    return placement


LATE = "is signed off, too late to go out by itself: send it now, or give it a new time"


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
        wording.content_hash(placement),
        steps,
        by=by,
        writers=writers(placement.post) | {asked_by.pk},
        scope=placement.channel.scope,
        asked_at=placement.asked_at,
        now=now,
        due_at=placement.due_at,
    )
    _let_go(placement, approval, by, now, approval.rule_words)
    remarks.settle(placement.post, now)
    return placement


def _as_read(placement: Placement, seen: str, now: datetime) -> tuple[User, list[Step]]:
    """Who asked, and the signatures it needs, for words (and a moment) that still are as they were read."""
    if placement.state != "in_review":
        raise LostRace("This does not wait for a signature any more.", next_step="Load the queue again.")
    words, _, moment = seen.partition("@")
    if wording.content_hash(placement) != words:
        raise LostRace("The words were changed while you were reading.", next_step="Read them again and decide.")
    asked_by = placement.asked_by or placement.post.author
    readiness.require_checked(placement.post, [placement], now)
    steps = steps_for(placement, asked_by, now)
    if any(step.timed for step in steps) and moment != _moment(placement):
        raise LostRace("Its time was changed while you were reading.", next_step="Look again and decide.")
    return asked_by, steps


def _let_go(placement: Placement, approval: Approval, by: User, now: datetime, reason: str) -> bool:
    """Approved; whether it goes out at its time, which is still to come."""
    move(placement, "approved", now=now, by=by, reason=reason, approval=approval)
    in_time = placement.due_at is not None and placement.due_at > now
    if in_time:
        releasing.release(placement, now=now, checked=True)
    return in_time


@transaction.atomic
def send_back(
    placement: Placement, reason: str, *, by: User, now: datetime, about: str = "words", quote: str = ""
) -> Placement:
    """Back to draft, with what should change and where for whoever asked."""
    if not reason.strip():
        raise Invalid("Say what should change, so that it can be changed.")
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "approve_post", now, placement.channel.scope)
    move(placement, "draft", now=now, by=by, reason=reason.strip()[:500])
    remarks.ask_change(placement, reason.strip(), about=about, quote=quote, by=by, now=now)
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
