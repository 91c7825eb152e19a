"""How much risk an answer has: by its words, those it answers, and the conversation's labels."""

from __future__ import annotations

from collections.abc import Iterable

from engagement.models import Label, Reply
from policy import tiers
from policy.models import PolicyChoices
from policy.tiers import Tier


def of(reply: Reply, rules: Iterable[str] = ()) -> Tier:
    """The tier of this answer; `rules` are those of the checks that found something in it."""
    labels = Label.objects.filter(conversations=reply.conversation_id).values_list("name", flat=True)
    more = tuple(line.strip() for line in PolicyChoices.here().risk_words.splitlines() if line.strip())
    return tiers.of(reply.text, reply.parent.text, labels=labels, rules=rules, more=more)
