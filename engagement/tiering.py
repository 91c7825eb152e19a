"""How much risk an answer has: by its words, those it answers, and the conversation's labels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from engagement.models import Label, Message, Reply
from policy import approvals, tiers
from policy.models import PolicyChoices
from policy.tiers import Tier

RISKY = 3


def of(reply: Reply, rules: Iterable[str] = ()) -> Tier:
    """The tier of this answer; `rules` are those of the checks that found something in it."""
    labels = Label.objects.filter(conversations=reply.conversation_id).values_list("name", flat=True)
    return tiers.of(reply.text, reply.parent.text, labels=labels, rules=rules, more=_more())


def told(parent: Message, text: str, labels: Iterable[str], *, by: User, now: datetime) -> str:
    """Beside the words: what an answer with risk needs before it goes out; "" for every other one."""
    if not text.strip():
        return ""
    tier = tiers.of(text, parent.text, labels=labels, more=_more())
    if tier.number < RISKY:
        return ""
    payload = {"text": text, "visibility": parent.visibility}
    steps = approvals.shown("reply", by, parent.channel, now, payload, tier=tier)
    return steps[0].words if steps else ""


def _more() -> tuple[str, ...]:
    """The town's own risk words."""
    return tuple(line.strip() for line in PolicyChoices.here().risk_words.splitlines() if line.strip())
