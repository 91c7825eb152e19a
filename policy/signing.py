"""Who signs posts by the town's own rules, beside what the matrix of `policy.permitted` asks for anyway.

A rule names any of kind, topic, channel, author and mode; where all of it fits, a signature is asked for. Every rule
that fits asks. A named signer who cannot sign any more holds nothing up: then any approver of the channel may.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.access import require, who_may
from accounts.models import Scope, User
from accounts.refusals import Invalid, LostRace, NotAllowed
from policy import modes, permitted
from policy.models import SigningRule, Topic

SIGNS = "approve_post"


@dataclass(frozen=True)
class Step:
    """One signature a rule asks for: the rule, its words, and the act (see `accounts.access`) of those who may sign.

    `signer` and `deputy` are those the rule names, nobody where any of them may. `hours` until they are reminded, 0
    for what the town chose in general. `timed`: the moment is signed with the words.
    """

    rule: str
    words: str
    who: str
    signer: User | None = None
    deputy: User | None = None
    hours: int = 0
    timed: bool = False

    @property
    def named(self) -> list[User]:
        return [one for one in (self.signer, self.deputy) if one is not None]


def steps(post_kind: str, author: User, scope: Scope, now: datetime, topic: Topic | int | None = None) -> list[Step]:
    """What the town's own rules ask for when this person wants such a post to go out there."""
    rules = list(SigningRule.objects.in_force().select_related("signer", "deputy"))
    if not rules:
        return []
    running = frozenset(span.mode for span in modes.spans(scope, now))
    about = topic.pk if isinstance(topic, Topic) else topic
    kind = f"post:{post_kind or 'news'}"
    return [_step(rule) for rule in rules if rule.fits(kind, about, scope.pk, author.pk, running)]


def _step(rule: SigningRule) -> Step:
    whose = f"{rule.signer.name} signs" if rule.signer else "an approver signs"
    words = f"{rule.why.rstrip('.')}: {whose}."
    return Step("sign_off", words[:200], SIGNS, rule.signer, rule.deputy, rule.hours, rule.timed)


def signers(step: Step, scope: Scope, now: datetime, besides: Collection[int] = ()) -> list[User]:
    """Who may give this signature now; of those named, or of all where nobody named can."""
    able = who_may(step.who, now, scope).exclude(pk__in=besides)
    return list(able.filter(pk__in=[one.pk for one in step.named])) or list(able)


def require_named(step: Step, by: User, scope: Scope, now: datetime, besides: Collection[int] = ()) -> None:
    """Raise NotAllowed where the rule names somebody else, who can sign."""
    if step.named and by not in signers(step, scope, now, besides):
        raise NotAllowed(
            f"A rule of the town names who signs this: {' or '.join(one.name for one in step.named)}.",
            next_step="It stays in their sign-off queue.",
            rule="sign_off",
        )


def may_sign(by: User, wanted: Iterable[Step], scope: Scope, now: datetime, besides: Collection[int] = ()) -> bool:
    """Whether this person's signature is one that all these steps take."""
    return all(not step.named or by in signers(step, scope, now, besides) for step in wanted)


@transaction.atomic
def add(facts: Mapping[str, Any], *, by: User, now: datetime) -> SigningRule:
    """A rule that holds from now on. `facts` are its columns; Invalid says what of them cannot be."""
    require(by, "write_policy", now)
    signer, deputy, scope = facts.get("signer"), facts.get("deputy"), facts.get("scope")
    if facts.get("kind") and facts["kind"] not in permitted.POSTS:
        raise Invalid("Choose a kind of post, or any.")
    if not str(facts.get("why", "")).strip():
        raise Invalid("Say why, in a few words: everybody who waits for the signature reads it.")
    if deputy and not signer:
        raise Invalid("A deputy stands in for somebody: name who signs first.")
    if deputy and deputy == signer:
        raise Invalid("Signer and deputy are different people.")
    for one in (signer, deputy):
        if one and not who_may(SIGNS, now, scope, keys=False).filter(pk=one.pk).exists():
            raise Invalid(
                f"{one.name} is no approver{f' on {scope}' if scope else ''}.", next_step="Give the role first."
            )
    rule = SigningRule.objects.create(**{**facts, "why": str(facts["why"]).strip()}, by=by, at=now)
    audit.record("added_signing_rule", rule, by=by, now=now, rule=described(rule))
    return rule


@transaction.atomic
def end(rule: SigningRule, *, by: User, now: datetime) -> None:
    """It asks for nothing any more; what it asked for so far stays as it was."""
    require(by, "write_policy", now)
    if not SigningRule.objects.in_force().filter(pk=rule.pk).update(ended_at=now, ended_by=by):
        raise LostRace("A colleague ended this rule already.")
    audit.record("ended_signing_rule", rule, by=by, now=now, rule=described(rule))


def described(rule: SigningRule) -> str:
    """When it holds, in words: "Event, about Allotments, on Fernhill (X), written by Tom Birch, during mourning"."""
    parts = [permitted.POSTS.get(rule.kind, "Every kind of post")]
    parts += [f"about {rule.topic}"] if rule.topic else []
    parts += [f"on {rule.scope}"] if rule.scope else []
    parts += [f"asked for by {rule.author}"] if rule.author else []
    parts += [f"while {rule.get_mode_display().lower()} mode is on"] if rule.mode else []
    return ", ".join(parts)
