"""What a mode makes of a post: why an election or mourning holds it, who exempted it, and the last question before it
goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, NotAllowed
from calendar_app import signoff, wording
from calendar_app.models import Placement, Post, Release
from calendar_app.models.posts import KINDS
from channels_app import outbox
from channels_app.models import Delivery
from channels_app.models.deliveries import WAITING
from channels_app.outbox import Block
from policy import holding, modes
from policy.holding import Facts, Named, Rules
from policy.models import MarkedPicture, ModeExemption, ModeSpan, PublicName

CODE = "mode"  # what is blocked for it asks a person when the mode is over
HOLDING = ("election", "mourning")
NAMES = {"election": "the election", "mourning": "mourning"}


@dataclass(frozen=True)
class Held:
    """One post on one channel that a mode holds, and why."""

    placement: Placement
    reasons: list[str]


def names() -> list[Named]:
    """The list of names, each with every spelling and the pictures marked with it."""
    marked: dict[int, set[str]] = {}
    for media, name in MarkedPicture.objects.values_list("media", "name"):
        marked.setdefault(name, set()).add(str(media))
    return [
        Named(
            one.name,
            one.kind,
            tuple(part.strip() for part in one.also.split(",") if part.strip()),
            frozenset(marked.get(one.pk, ())),
        )
        for one in PublicName.objects.filter(active=True)
    ]


def rules_of(span: ModeSpan) -> Rules:
    return Rules.of(span.holds) if span.holds else holding.DEFAULTS[span.mode]


def facts_of(post: Post, text: str, pictures: Iterable[tuple[str, str]]) -> Facts:
    """`pictures` are pairs of media key and alt text."""
    shown = list(pictures)
    return Facts(
        kind=post.kind,
        kind_words=dict(KINDS).get(post.kind, post.kind),
        topic=post.topic.name if post.topic else "",
        texts=(text, post.link),
        alts=tuple(alt for _, alt in shown),
        pictures=frozenset(key for key, _ in shown),
    )


def reasons(span: ModeSpan, facts: Facts, listed: Iterable[Named]) -> list[str]:
    return holding.reasons(facts, rules_of(span), listed)


def is_exempt(span: ModeSpan, post: Post) -> bool:
    """Whether somebody exempted the post as it is now: words that were changed since are other words."""
    return span.exemptions.filter(ref=post.key, withdrawn_at=None, at__gte=post.changed_at).exists()


def recheck(delivery: Delivery, now: datetime) -> Block | None:
    """Asked at the last moment of everything the calendar sends."""
    if delivery.kind != "post":
        return None
    running = [span for span in modes.spans(delivery.channel.scope, now) if span.mode in HOLDING]
    if not running:
        return None
    post = Post.objects.select_related("topic").filter(placements__releases__delivery=delivery).first()
    if post is None:
        return None
    payload = delivery.payload
    files = [*payload.get("pictures", ()), *filter(None, [payload.get("video")])]
    shown = [(one["media"], one.get("alt", "")) for one in files]
    options = (payload.get("poll") or {}).get("options", ())
    facts, listed = facts_of(post, "\n\n".join([outbox.text_of(delivery), *options]), shown), names()
    for span in running:
        why = reasons(span, facts, listed)
        if why and not is_exempt(span, post):
            return Block(CODE, f"Held during {NAMES[span.mode]}: {why[0]}")
    return None


def held(span: ModeSpan) -> list[Held]:
    """Everything planned that this mode holds, from its start on; what is exempted is left out."""
    listed, exempt = names(), dict(span.exemptions.filter(withdrawn_at=None).values_list("ref", "at"))
    rows = Placement.objects.planned().filter(due_at__gte=span.starts_at)
    if span.ends_at:
        rows = rows.filter(due_at__lt=span.ends_at)
    rows = rows.select_related("post__topic", "channel__scope", "delivery", "post__author")
    found = []
    for one in rows.prefetch_related("post__pictures__media", "post__facts").order_by("due_at", "pk")[:500]:
        if one.is_out or (span.scope_id and one.channel.scope_id != span.scope_id):
            continue
        if one.post.key in exempt and exempt[one.post.key] >= one.post.changed_at:
            continue
        shown = [(str(row.media.key), row.alt) for row in one.post.pictures.all()]
        why = reasons(span, facts_of(one.post, wording.everything(wording.said(one)), shown), listed)
        if why:
            found.append(Held(one, why))
    return found


def to_hold(span: ModeSpan) -> list[tuple[Delivery, str]]:
    """The deliveries that wait and must not go out while it runs, each with the first reason."""
    rows = [
        (one.placement.delivery, one.reasons[0])
        for one in held(span)
        if one.placement.delivery is not None and one.placement.delivery.state in WAITING
    ]
    return [(delivery, words) for delivery, words in rows if not delivery.may_be_out]


@transaction.atomic
def exempt(span: ModeSpan, post: Post, permitted_by: str, why: str, *, by: User, now: datetime) -> ModeExemption:
    """Let one post go out all the same, as it is now, with the name of who permitted it and why. Nobody exempts their
    own words, nor a post on a channel that is not theirs to sign for."""
    require(by, "permit_exception", now)
    for placement in post.placements.exclude(state="cancelled").select_related("channel__scope"):
        require(by, "permit_exception", now, placement.channel.scope)
    if by.pk in signoff.writers(post):
        raise NotAllowed("Nobody exempts their own post.", next_step="Ask another approver or manager.")
    if not permitted_by.strip() or not why.strip():
        raise Invalid("Say who permitted it and why.", next_step="Nothing was exempted.")
    if is_exempt(span, post):
        raise Invalid("This post is exempted already.")
    span.exemptions.filter(ref=post.key, withdrawn_at=None).update(withdrawn_at=now)  # of words that were changed
    row = ModeExemption.objects.create(
        span=span,
        ref=post.key,
        subject=str(post)[:200],
        permitted_by=permitted_by.strip()[:120],
        why=why.strip()[:300],
        by=by,
        at=now,
    )
    audit.record("exempted", post, by=by, now=now, mode=str(span), permitted_by=row.permitted_by, why=row.why)
    _let_go(post, now)
    return row


@transaction.atomic
def withdraw(row: ModeExemption, *, by: User, now: datetime) -> None:
    require(by, "permit_exception", now)
    if ModeExemption.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=now):
        audit.record("withdrew_exemption", row.span, by=by, now=now, post=row.subject)


def _let_go(post: Post, now: datetime) -> None:
    """What was held and is still to come is looked at again at once; it waits for its time as before."""
    mine = Release.objects.filter(placement__post=post).values("delivery")
    Delivery.objects.filter(pk__in=mine, state="blocked", why=CODE, due_at__gt=now).update(
        why="exempted", why_words="Exempted; it goes out at its time.", next_action_at=now
    )
