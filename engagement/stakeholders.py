"""The stakeholder map: organisations and groups by objective, in the order of a formula that the page shows.

Priority = weight of the objective × reach of the group × openness. No person is on the map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from engagement.models import ObjectiveWeight, Relationship, Stake
from policy.models import Objective


@dataclass(frozen=True)
class Placed:
    """One line of the map. `priority` is None where the reach is not known."""

    stake: Stake
    weight: int
    reach: int | None
    openness: int
    priority: int | None

    @property
    def formula(self) -> str:
        """The sum as people can check it."""
        if self.reach is None:
            return f"{self.weight} × reach not known × {self.openness}"
        return f"{self.weight} × {self.reach:,} × {self.openness} = {self.priority:,}"


def priority(weight: int, reach: int | None, openness: int) -> int | None:
    """Objective weight × reach × openness; None while the reach is unknown."""
    return None if reach is None else weight * reach * openness


def the_map() -> list[Placed]:
    """Every stake, the highest priority first; those without a known reach last."""
    weights = weights_now()
    rows = Stake.objects.filter(relationship__active=True).select_related("relationship", "objective")
    placed = [_placed(row, weights.get(row.objective_id, 1)) for row in rows]
    return sorted(placed, key=lambda one: (one.priority is None, -(one.priority or 0), one.stake.relationship.name))


def weights_now() -> dict[int, int]:
    """Weight by objective; one that is not here weighs 1."""
    return dict(ObjectiveWeight.objects.values_list("objective_id", "weight"))


@transaction.atomic
def set_weights(weights: Mapping[Objective, int], *, by: User, now: datetime) -> None:
    """Say how much objectives weigh, 0 to 10."""
    require(by, "note", now)
    was = weights_now()
    for objective, weight in weights.items():
        if not 0 <= weight <= 10:
            raise Invalid("A weight is from 0 to 10.")
        ObjectiveWeight.objects.update_or_create(objective=objective, defaults={"weight": weight})
    became = {str(objective): weight for objective, weight in weights.items()}
    audit.record("weighed_objectives", None, by=by, now=now, subject="Stakeholder map", was=len(was), became=became)


def add(
    relationship: Relationship,
    objective: Objective,
    openness: int,
    evidence: str,
    link: str,
    *,
    by: User,
    now: datetime,
) -> Stake:
    """Put an organisation or group on the map, with what shows that it has to do with the objective."""
    require(by, "note", now)
    if relationship.kind not in Relationship.TOGETHER:
        raise IllegalMove("Only organisations and groups are on the map: nobody is scored as a person.")
    if not evidence.strip():
        raise Invalid("Say what shows that they have to do with it.")
    facts = {"openness": openness, "evidence": evidence.strip()[:300], "link": link, "by": by, "at": now}
    one, _ = Stake.objects.update_or_create(relationship=relationship, objective=objective, defaults=facts)
    audit.record("placed_stakeholder", relationship, by=by, now=now, objective=str(objective), openness=openness)
    return one


def drop(one: Stake, *, by: User, now: datetime) -> None:
    """Take it off the map."""
    require(by, "note", now)
    audit.record("removed_stakeholder", one.relationship, by=by, now=now, objective=str(one.objective))
    one.delete()


def objectives() -> Sequence[Objective]:
    """The objectives that count now."""
    return list(Objective.objects.filter(active=True))


def _placed(row: Stake, weight: int) -> Placed:
    reach = row.relationship.reach
    return Placed(row, weight, reach, row.openness, priority(weight, reach, row.openness))
