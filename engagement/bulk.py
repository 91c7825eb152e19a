"""One act on many conversations: each on its own, so that what cannot be done keeps nothing else from being done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.access import may
from accounts.models import User
from accounts.refusals import Refusal
from engagement.models import Conversation

MOST = 200


@dataclass(frozen=True)
class Left:
    """One that was left as it is, and why."""

    conversation: Conversation
    why: str


@dataclass
class Outcome:
    """What was done, what was not, and how many were not there any more."""

    done: list[Conversation] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    gone: int = 0


def chosen(keys: Sequence[str], user: User, now: datetime) -> list[Conversation]:
    """Those of them that this person sees, in the order they were ticked."""
    rows = Conversation.objects.visible_to(user, now).filter(key__in=keys[:MOST])
    found = {str(row.key): row for row in rows.select_related("channel__scope", "person", "assignee")}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def carry_out(
    rows: Sequence[Conversation], act: str, do: Callable[[Conversation], object], *, by: User, now: datetime
) -> Outcome:
    """Do it to each of them where this person may; a refusal is told with the row it is about."""
    outcome = Outcome()
    for row in rows:
        if not may(by, act, now, row.channel.scope):
            outcome.left.append(Left(row, f"You may not do this on {row.channel}."))
            continue
        try:
            do(row)
        except Refusal as refusal:
            outcome.left.append(Left(row, f"{refusal.words} {refusal.next_step}".strip()))
        else:
            outcome.done.append(row)
    return outcome
