"""The lawful one-person path: where nobody else may sign, the writer looks again after a wait and decides.

It is recorded as such. It stands for the second person alone: it gives nobody a right to publish or to answer that they
do not have, or that rests. Law and personal data are never passed by it, whoever overrode the finding.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.access import who_may
from accounts.models import Scope, User
from accounts.refusals import NotAllowed
from policy.approvals import NOT_ALONE, Step
from policy.models import Approval, PolicyChoices


@dataclass(frozen=True)
class SecondLook:
    """The one-person path: from when on the writer may look again and decide, and whether that is now."""

    opens_at: datetime
    open: bool


NEVER_ALONE = "override"  # law, personal data, approved positions: what `policy.judging` wants a second person for


def offered(
    steps: Sequence[Step], *, writers: Collection[int | None], scope: Scope, asked_at: datetime | None, now: datetime
) -> SecondLook | None:
    """Whether its own writer may look again instead of an approver: only where the town allows it and nobody else may
    sign, and who asked may send such words themselves. `writers` are all whose words these are."""
    choices = PolicyChoices.here()
    if not (choices.alone and steps and asked_at) or any(step.rule == NOT_ALONE for step in steps):
        return None
    known = [pk for pk in writers if pk is not None]
    if any(who_may(who, now, scope).exclude(pk__in=known).exists() for who in {step.who for step in steps}):
        return None
    opens_at = asked_at + timedelta(minutes=choices.look_minutes)
    return SecondLook(opens_at, now >= opens_at)


def look_again(
    content: str,
    steps: Sequence[Step],
    *,
    by: User,
    writers: Collection[int | None],
    scope: Scope,
    asked_at: datetime | None,
    now: datetime,
    remark: str = "",
    due_at: datetime | None = None,
) -> Approval:
    """The writer's own second look at exactly these words, recorded as such.

    Raises NotAllowed where somebody else can sign, before the wait is over, and for overridden law or personal data.
    """
    look = offered(steps, writers=writers, scope=scope, asked_at=asked_at, now=now)
    if look is None or by.pk not in writers:
        raise NotAllowed("Somebody else signs this.", next_step="It stays in the sign-off queue.", rule="sign_off")
    if any(step.rule == NEVER_ALONE for step in steps):
        raise NotAllowed(
            "A second look is not enough here: a check that two people answer for was overridden.",
            next_step="Change the words, then ask again.",
            rule="second_look",
        )
    if not look.open:
        raise NotAllowed(
            "The wait before your second look is not over.",
            next_step="The page counts down; nothing is lost until then.",
            rule="second_look",
        )
    return Approval.objects.create(
        hash=content,
        rule="second_look",
        rule_words=f"Second look by {by.name}, because nobody else may sign: {steps[0].words}"[:200],
        asked_by=by,
        by=None,
        second_look_by=by,
        first_look_at=asked_at,
        at=now,
        remark=remark,
        timed_for=due_at if any(step.timed for step in steps) else None,
    )
