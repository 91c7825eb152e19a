"""Where somebody who leaves has the final say, the deputy is told that it is theirs now; and they warn no more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts import audit
from accounts.leaving import Part
from accounts.models import User
from accounts.notifications import tell
from policy.models import FinalSay, Issuer


def part(user: User, by: User, now: datetime, real: bool) -> Part:
    """Deputies are told; a subject that is left without anybody is named, to be settled."""
    open_ones = FinalSay.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)
    found = Part()
    for row in open_ones.filter(holder=user).select_related("deputy"):
        deputy = row.deputy if row.deputy and row.deputy.is_active else None
        if deputy is None:
            found.to_do.append(
                f"Name somebody who has the final say on {row.subject}: it was {user.name}, without a deputy."
            )
            continue
        found.done.append(f"{deputy.name} now decides on {row.subject}, as deputy.")
        found.to_do.append(f"Name who has the final say on {row.subject} from now on, and a deputy.")
        if real:
            words = f"{user.name} has left: you have the final say on {row.subject} now."
            tell(deputy, "leaver.final_say", words, now=now)
    for row in open_ones.filter(deputy=user).exclude(holder=user):
        found.to_do.append(f"Name a new deputy of {row.holder.name} on {row.subject}.")
    _issuing(user, by, now, real, found)
    return found


def _issuing(user: User, by: User, now: datetime, real: bool, found: Part) -> None:
    row = Issuer.objects.filter(user=user, ends_at=None).first()
    if row is None:
        return
    if real:
        Issuer.objects.filter(pk=row.pk).update(ends_at=now)
        audit.record("took_issuer_off", row, by=by, now=now)
    found.done.append(f"{user.name} is off the list of those who issue emergency messages.")
    found.to_do.append("Choose somebody else who issues emergency messages, and look at who the fallback is.")
