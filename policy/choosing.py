"""Changing what the town chose about its policy: compare-and-swap, then audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from policy.models import PolicyChoices

SHORTEST_LOOK = 5  # minutes
LONGEST_HOLD = 120


def change(told: Mapping[str, object], version: object, *, by: User, now: datetime) -> PolicyChoices:
    """Store these choices. `version` is that of the row they were made on."""
    require(by, "write_policy", now)
    if int(str(told.get("sign_hours", 1))) < 1:
        raise Invalid("Whoever is to sign needs at least an hour.")
    if int(str(told.get("look_minutes", SHORTEST_LOOK))) < SHORTEST_LOOK or int(str(told.get("look_hours", 1))) < 1:
        raise Invalid("A second look needs a wait: at least 5 minutes, for a guide at least an hour.")
    if int(str(told.get("cool_minutes", 0))) > LONGEST_HOLD:
        raise Invalid("A sharp answer is held for two hours at most: somebody waits for it.")
    before = PolicyChoices.here()
    was = {name: _plain(getattr(before, name)) for name in told}
    with transaction.atomic():
        rows = PolicyChoices.objects.filter(pk=1, version=int(str(version)) if str(version).isdecimal() else -1)
        if not rows.update(**told, version=F("version") + 1):
            raise LostRace("A colleague changed these choices meanwhile.", next_step="Look at theirs, then save again.")
        after = PolicyChoices.here()
        audit.record(
            "chose", after, by=by, now=now, was=was, became={name: _plain(value) for name, value in told.items()}
        )
    return after


def note(by: User | None, now: datetime, **told: object) -> None:
    """Store single facts that nobody else writes, such as a step of the set-up."""
    PolicyChoices.here()
    PolicyChoices.objects.filter(pk=1).update(**told)
    became = {name: str(value) for name, value in told.items()}
    audit.record("chose", PolicyChoices.here(), by=by, now=now, became=became)


def _plain(value: object) -> object:
    """A value as the audit trail keeps it: a person by name."""
    return value.name if isinstance(value, User) else value
