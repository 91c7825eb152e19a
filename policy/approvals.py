"""Sign-off: which words need whose, and the approval that stands for exact words on one channel.

An approval is of a content hash. Changed words have another hash, so an old approval cannot cover them. Where no rule
asks for a person the approval says so and names the rule; every delivery has one either way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from accounts import audit
from accounts.access import hindrances, may, require
from accounts.models import Scope, User
from accounts.refusals import IllegalMove, NotAllowed
from policy import permitted, signing, tiers
from policy.models import Approval, Topic
from policy.permitted import Verdict
from policy.signing import Step as Step  # whoever asks for steps names them
from policy.tiers import Tier


class Scoped(Protocol):
    """Anything rights are given over: a channel, for one."""

    @property
    def scope(self) -> Scope: ...


# Which act lets a person send each kind of thing on their own word.
OWN_WORD = {
    "post": "schedule_post",
    "reply": "answer",
    "delete": "delete_post",
    "hide": "delete_post",
    "unhide": "delete_post",
    "like": "answer",
    "unlike": "answer",
}
NOT_ALONE = "second_pair_of_eyes"  # who asks has no right here to send it on their own word
SIGNED_BY = {"reply": "approve_reply"}
FREE = {
    "post": ("own_post", "No sign-off needed: publishers answer for their own posts."),
    "reply": ("own_reply", "No sign-off needed: officers answer for their own replies."),
    "delete": ("own_delete", "No sign-off needed: publishers may take the town's posts down."),
    "hide": ("own_hide", "No sign-off needed: publishers may hide a comment."),
    "unhide": ("own_unhide", "No sign-off needed: publishers may show a comment again."),
    "like": ("own_like", "No sign-off needed: officers may like what residents write."),
    "unlike": ("own_unlike", "No sign-off needed: officers may take a like back."),
    "emergency": ("emergency_issuer", "No sign-off needed: the town chose beforehand who speaks in an emergency."),
}


def content_hash(payload: Mapping[str, object], channel_key: object) -> str:
    """SHA-256 over what goes out and where: the payload as canonical JSON, with the channel's key."""
    whole = {"channel": str(channel_key), "payload": payload}
    return hashlib.sha256(
        json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()
    ).hexdigest()


def steps_for(
    kind: str,
    author: User,
    channel: Scoped,
    now: datetime,
    payload: Mapping[str, object],
    *,
    post_kind: str = "",
    topic: Topic | int | None = None,
    tier: Tier | None = None,
) -> list[Step]:
    """The signatures these words need before they may go out; none where the author may send them alone.

    First what the matrix asks for, then the town's own rules. `author` is who asks for it to be sent; `post_kind` is
    the post's own kind (news, correction, …), `tier` how much risk an answer has where more is known of it than its
    words. Raises NotAllowed for what is not permitted at all.
    """
    verdict = _verdict(kind, author, channel, now, payload, post_kind, topic, tier)
    if verdict is not None and verdict.value == "no":
        raise NotAllowed(
            verdict.words(author),
            next_step="Your words are kept. Change what it is, or ask a colleague whose role includes it.",
            rule="permitted",
        )
    own = signing.steps(post_kind, author, channel.scope, now, topic) if kind == "post" else []
    return [*_of_the_matrix(kind, author, channel, now, payload, verdict, tier), *own]


def _of_the_matrix(
    kind: str,
    author: User,
    channel: Scoped,
    now: datetime,
    payload: Mapping[str, object],
    verdict: Verdict | None,
    tier: Tier | None,
) -> list[Step]:
    who = SIGNED_BY.get(kind, "approve_post")
    if not may(author, OWN_WORD[kind], now, channel.scope):
        owed = hindrances(author, OWN_WORD[kind], now, channel.scope)
        why = owed[0].about if owed else "does not publish here alone"
        return [Step(NOT_ALONE, f"{author.name} {why}: an approver signs."[:200], who)]
    if verdict is None or verdict.value == "yes":
        return []
    if verdict.kind == "post:correction":
        return [Step("correction", "A correction is signed off by an approver.", who)]
    if verdict.kind == "reply:3":
        tier = tier or tiers.of(str(payload.get("text", "")))
        return [Step("reply_tier", f"Tier 3, because {tier.why}: an approver signs."[:200], who)]
    return [Step("permitted", verdict.words(author)[:200], who)]


def shown(
    kind: str,
    author: User,
    channel: Scoped,
    now: datetime,
    payload: Mapping[str, object],
    *,
    post_kind: str = "",
    topic: Topic | int | None = None,
    tier: Tier | None = None,
) -> list[Step]:
    """`steps_for` to be shown beside words that are being written: what is not permitted is a step nobody can take."""
    try:
        return steps_for(kind, author, channel, now, payload, post_kind=post_kind, topic=topic, tier=tier)
    except NotAllowed as refused:
        return [Step(refused.rule, refused.words, "")]


def _verdict(
    kind: str,
    author: User,
    channel: Scoped,
    now: datetime,
    payload: Mapping[str, object],
    post_kind: str,
    topic: Topic | int | None,
    tier: Tier | None,
) -> Verdict | None:
    number = (tier or tiers.of(str(payload.get("text", "")))).number if kind == "reply" else 0
    kinds = permitted.kinds_of(kind, post_kind, number, payload.get("visibility") == "direct")
    return permitted.of(kinds, author, channel.scope, now, topic) if kinds else None


def obstacle(
    approval: Approval,
    kind: str,
    author: User | None,
    channel: Scoped,
    now: datetime,
    payload: Mapping[str, object],
    *,
    post_kind: str = "",
    topic: Topic | int | None = None,
    tier: Tier | None = None,
) -> str:
    """Asked at the last moment: why the matrix, as it is now, does not let this out; "" where it does.

    What was signed stays signed; what went without a signature must still be permitted without one.
    """
    if author is None:
        return ""
    verdict = _verdict(kind, author, channel, now, payload, post_kind, topic, tier)
    if approval.signed and (verdict is None or verdict.value != "no"):
        return ""
    if verdict is None or verdict.value == "yes":
        own = signing.steps(post_kind, author, channel.scope, now, topic) if kind == "post" else []
        return f"{own[0].words} Ask for sign-off." if own else ""
    return f"{verdict.words(author)} Ask for sign-off again." if verdict.value == "sign" else verdict.words(author)


def free(content: str, kind: str, *, asked_by: User | None, now: datetime) -> Approval:
    """The approval of words that no rule wants signed; it names the rule that says so."""
    rule, words = FREE[kind]
    return Approval.objects.create(hash=content, rule=rule, rule_words=words, asked_by=asked_by, by=None, at=now)


def grant(
    content: str,
    steps: Sequence[Step],
    *,
    asked_by: User | None,
    by: User,
    scope: Scope,
    now: datetime,
    remark: str = "",
    besides: Collection[int] = (),
    timed_for: datetime | None = None,
) -> Approval:
    """`by` signs these exact words. Raises NotAllowed for the own words and without the right to sign here.

    `besides` are all whose words these are; `timed_for` is the moment, where it is signed too.
    """
    if by == asked_by:
        raise NotAllowed(
            "Nobody approves their own words.",
            next_step="Ask another approver; it stays in the sign-off queue.",
            rule="sign_off",
        )
    for step in steps:
        require(by, step.who, now, scope)
        signing.require_named(step, by, scope, now, besides)
    first = steps[0] if steps else Step("asked", "Signed off because it was asked for.", "approve_post")
    return Approval.objects.create(
        hash=content,
        rule=first.rule,
        rule_words=first.words[:200],
        asked_by=asked_by,
        by=by,
        at=now,
        remark=remark,
        timed_for=timed_for,
    )


def void(approval: Approval, *, by: User, now: datetime) -> Approval:
    """Take an approval back; the row stays. What rests on it is not sent any more."""
    if not Approval.objects.filter(pk=approval.pk, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by):
        raise IllegalMove("This approval was taken back already.")
    audit.record("withdrawn", approval, by=by, now=now)
    approval.refresh_from_db()
    return approval
