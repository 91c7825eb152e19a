"""What waits for one person's decision: questions about answers that lie with them, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.access import may, scopes_for
from accounts.models import User
from channels_app.models import Channel
from engagement import deciding, words
from engagement.deciding import SIGNER
from engagement.models import Decision
from engagement.words import Pill
from policy import finalsay
from policy.models import FinalSay

MOST = 100
AT_THIS_HOUR = 8  # questions that lie with another, for which the register is asked whether they are this person's now


@dataclass(frozen=True)
class Asked:
    """One question, how much time is left for it, and when that ends in words."""

    decision: Decision
    countdown: Pill
    by: str

    @property
    def what(self) -> str:
        """The question itself; of a signature that a rule wants, that rule."""
        return self.decision.words or self.decision.rule or "An answer is to be signed."


def waiting_for(user: User, now: datetime) -> Sequence[Asked]:
    """What this person can decide now and was not asked by them: what lies with them or with any approver, and what
    the register makes theirs at this hour. One query where they are not named in the register for a colleague's.
    """
    if not may(user, SIGNER, now):
        return []
    rows = Decision.objects.open().filter(
        reply__parent__channel__in=Channel.objects.filter(scopes_for(user, SIGNER, now))
    )
    rows = rows.exclude(reply__author=user).annotate(until=Coalesce("limit_at", "due_at"), named=_named(user, now))
    rows = rows.filter(Q(reason="") | Q(holder=user) | Q(holder=None) | Q(named=True))
    rows = rows.select_related("asked_by", "reply__author", "reply__parent__channel__scope", "reply__parent__person")
    found, left = [], AT_THIS_HOUR
    known: dict[tuple[object, ...], bool] = {}
    for row in rows.order_by("until", "pk")[:MOST]:
        if row.escalated and row.holder_id not in {None, user.pk}:
            like = (row.subject, row.holder_id, row.reply.author_id, row.reply.parent.channel_id)
            if like not in known and left:
                known[like], left = user.pk in deciding.may_decide(row, row.reply, now), left - 1
            if not known.get(like):
                continue
        until = row.limit_at or row.due_at
        found.append(Asked(row, words.until(until, row.asked_at, now), words.when(until, now)))
    return found


def _named(user: User, now: datetime) -> Exists:
    """Whether the register names this person for the subject of a question, in whatever part."""
    rows = FinalSay.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)
    rows = rows.filter(Q(subject=OuterRef("subject")) | Q(subject=finalsay.ANYTHING))
    parts = Q(holder=user) | Q(deputy=user) | Q(second=user) | Q(after_hours=user)
    return Exists(rows.filter(parts))
