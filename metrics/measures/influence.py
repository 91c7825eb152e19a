"""The Influence index: how the last week stands to the town's own twelve weeks before, from its own numbers. Pure.

100 × the geometric mean of four ratios to the own twelve-week median: people who wrote, messages of partners that pass
us on, people who come back after our answer, reach for each follower. 100 is as usual. Nothing is compared with others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

from metrics.figures import Figure, middle, none, ratio
from metrics.measures.shape import Row

PARTS = {
    "participants": "people who wrote",
    "partners": "messages of partners",
    "continuation": "share who came back",
    "reach": "reach for each follower",
}
WEEKS, LEAST = 12, 4


@dataclass(frozen=True)
class PartRow(Row):
    """One part of the index in one week; None where it is not known. The newest week is the one that is told."""

    on: date
    part: str
    value: float | None


def ratios(rows: Sequence[PartRow]) -> dict[str, float | None]:
    """Each part's newest week divided by the median of the weeks before it; None where that cannot be."""
    newest = max((one.on for one in rows), default=None)
    found: dict[str, float | None] = {}
    for part in PARTS:
        now = next((one.value for one in rows if one.part == part and one.on == newest), None)
        before = [one.value for one in rows if one.part == part and one.on != newest]
        known = [value for value in before if value is not None]
        found[part] = ratio(now, middle(known)) if len(known) >= LEAST else None
    return found


def influence(rows: Sequence[PartRow]) -> Figure:
    """The index; without any one of its four parts there is none."""
    found = ratios(rows)
    notes = [f"{words}: {value:.2f} times the usual" for part, words in PARTS.items()
             if (value := found[part]) is not None]  # fmt: skip
    lacking = [words for part, words in PARTS.items() if found[part] is None]
    if lacking:
        return none(f"not known or without a usual: {', '.join(lacking)}", whole=len(rows), notes=notes)
    value = 100 * prod(one or 0.0 for one in found.values()) ** (1 / len(PARTS))
    return Figure(value, whole=len(rows), notes=tuple(notes))
