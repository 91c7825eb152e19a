"""Who has the final say on a subject at a moment, and who stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from policy.models import FinalSay

ANYTHING = "anything else"


@dataclass(frozen=True)
class Answer:
    """`holder` decides, `deputy` stands in; both None when nobody is named. `why` is the sentence shown to staff."""

    holder: User | None
    deputy: User | None
    why: str


def who(subject: str, at: datetime) -> Answer:
    """The person named for this subject at that moment; where there is none, whoever decides on anything else."""
    rows = FinalSay.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, subject__in=[subject, ANYTHING]
    )
    named = {row.subject: row for row in rows.select_related("holder", "deputy")}
    row = named.get(subject) or named.get(ANYTHING)
    if row is None:
        return Answer(None, None, f"Nobody is named for {subject} yet.")
    return _present(row, subject)


def _present(row: FinalSay, subject: str) -> Answer:
    """The deputy decides where the holder's account is no longer active."""
    about = subject if row.subject == subject else f"{ANYTHING}, {subject} included"
    holder, deputy = row.holder, row.deputy
    if holder.is_active:
        stands_in = deputy if deputy is not None and deputy.is_active else None
        return Answer(holder, stands_in, f"{holder.name} decides on {about}.")
    if deputy is not None and deputy.is_active:
        return Answer(deputy, None, f"{deputy.name} decides on {about} for {holder.name}, who has left.")
    return Answer(None, None, f"{holder.name} decided on {about} and has left; nobody is named since.")
