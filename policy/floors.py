"""How much of what goes out the town's policy asks to be conversation: asks, answers and joining in.

A floor is in percent. It is for one channel, or for every channel that has none of its own. What is settled is added
to what was settled before, so that a time of the past is held against what was asked then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import Scope, User
from accounts.refusals import Invalid
from policy.models import ConversationFloor

ACT = "write_policy"


@dataclass(frozen=True)
class Floors:
    """What is asked at one moment: of the town in general, and of single channels by the row id of their scope."""

    town: int | None = None
    own: Mapping[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.town is not None or bool(self.own)

    def of(self, scope_id: int) -> int | None:
        """What is asked of this channel; None where nothing is."""
        return self.own.get(scope_id, self.town)


def at(now: datetime) -> Floors:
    """What was asked at that moment: of each scope the newest word counts, one that takes away asks for nothing."""
    rows = ConversationFloor.objects.filter(at__lte=now).order_by("at", "pk").values_list("scope", "share")
    newest: dict[int | None, int | None] = {}
    newest.update(rows)
    own = {scope: share for scope, share in newest.items() if scope is not None and share is not None}
    return Floors(newest.get(None), own)


@transaction.atomic
def settle(share: int | None, scope: Scope | None, why: str, *, by: User, now: datetime) -> ConversationFloor:
    """Ask for so much from now on; without a share for no more than holds for the town, and of the town for nothing.

    Raises Invalid where that is no share, changes nothing, or says no reason.
    """
    require(by, ACT, now)
    if share is not None and not 1 <= share <= 100:
        raise Invalid("A share is from 1 to 100 %.", next_step="Leave it empty to ask for none.")
    if not why.strip():
        raise Invalid("Say why, in a few words: it stands beside the figure.")
    held = at(now)
    was = held.own.get(scope.pk) if scope else held.town
    if was == share:
        raise Invalid(f"That holds already for {scope or 'every channel'}.")
    row = ConversationFloor.objects.create(share=share, scope=scope, why=why.strip()[:160], by=by, at=now)
    audit.record("set_floor", row, by=by, now=now, was=was, became=share, why=row.why)
    return row
