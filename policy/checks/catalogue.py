"""Every rule of the checks: what it is, how much it matters, why, where it comes from, and how it shows.

The words stand in `policy/words/rules_*.toml`; each rule has a case that it finds and a near miss that it must not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from policy.checks.base import Context, Draft, Image, ProfileItem, Receipt, Video
from policy.checks.house import Entry, House, Level, Manner, Position, read, shipped

FILES = ("rules_limits", "rules_pictures", "rules_reading", "rules_voice", "rules_care", "rules_trust")


@dataclass(frozen=True)
class Case:
    """A draft in its context; `words` tells it to a reader where the text alone does not."""

    words: str
    draft: Draft
    context: Context


@dataclass(frozen=True)
class Rule:
    """One check. `person` says that it rests on what a person declares or judges, not on the text alone.

    `level` is where it starts, `example` how it reads wrong and right, `clause` what it is called where the
    town's policy has no clause of its own for it.
    """

    id: str
    family: str
    title: str
    level: Level
    why: str
    source: str
    example: str
    person: bool
    fires: Case
    near: Case

    @property
    def clause(self) -> str:
        return FAMILIES[self.id.rstrip("0123456789")].format(self.id)


FAMILIES = MappingProxyType(
    {
        "L": "Platform limits",
        "A": "Accessibility {}",
        "V": "Voice {}",
        "M": "One message {}",
        "H": "Honesty {}",
        "P": "People {}",
    }
)


def case(row: Mapping[str, Any]) -> Case:
    """A case as the files tell it."""
    draft = Draft(
        row.get("text", ""),
        pictures=tuple(Image(**{"alt": "", **one}) for one in row.get("pictures", ())),
        videos=tuple(Video(**one) for one in row.get("videos", ())),
        **row.get("draft", {}),
    )
    return Case(row.get("words", draft.text), draft, _context(row))


def _context(row: Mapping[str, Any]) -> Context:
    facts = dict(row.get("context", {}))
    kinds = {one.name: str(one.type) for one in fields(Context)}
    for name, told in facts.items():
        if kinds[name].startswith("frozenset"):
            facts[name] = frozenset(told)
        elif kinds[name].startswith("tuple"):
            facts[name] = tuple(told)
    if "receipt" in row:
        facts["receipt"] = Receipt(**_frozen(row["receipt"]))
    if "profile" in row:
        facts["profile"] = tuple(ProfileItem(**one) for one in row["profile"])
    return Context(**facts, house=_house(row.get("house", {})))


def _house(row: Mapping[str, Any]) -> House:
    house = shipped()
    if "manner" in row:
        house = replace(house, version="case", manners={"": Manner(**row["manner"])})
    if "banned" in row:
        banned = tuple(Entry(*one) for one in row["banned"])
        house = replace(house, version="case", lists={**house.lists, "banned": banned})
    if "positions" in row:
        positions = tuple(Position(**_frozen(one)) for one in row["positions"])
        house = replace(house, version="case", positions=positions)
    return house


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(told) if isinstance(told, list) else told for name, told in row.items()}


def _rule(id_: str, family: str, row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=id_,
        family=family,
        title=row["title"],
        level=row["level"],
        why=row["why"],
        source=row["source"],
        example=row["example"],
        person=row.get("person", False),
        fires=case(row["fires"]),
        near=case(row["near"]),
    )


def _rules() -> dict[str, Rule]:
    return {id_: _rule(id_, file["family"], row) for file in map(read, FILES) for id_, row in file["rules"].items()}


RULES: Mapping[str, Rule] = MappingProxyType(_rules())
