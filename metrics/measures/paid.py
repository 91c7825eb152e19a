"""What a result cost that was paid for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from metrics.figures import Figure, none
from metrics.measures.shape import Row


@dataclass(frozen=True)
class PaidRow(Row):
    """One thing paid for: what was spent in the span, and how many results it had in it. None: nobody wrote any down,
    which is not none at all.
    """

    COMPARED: ClassVar = {"outcome": "results you do not see"}

    words: str
    outcome: str
    spent: float
    outcomes: float | None
    source: str


def cost_per_outcome(rows: Sequence[PaidRow]) -> Figure:
    """Money spent for each result. Results of different kinds are not added up, and what has none written down is left
    out and said.
    """
    counted = [one for one in rows if one.outcomes is not None]
    unknown = [one.words or "something you do not see" for one in rows if one.outcomes is None]
    notes = [f"{words} is left out: no results were written down" for words in unknown]
    if not counted:
        why = "no results were written down" if rows else "nothing was paid for"
        return none(why, whole=0, notes=notes)
    kinds = sorted({one.outcome.strip().casefold() for one in counted})
    if len(kinds) > 1:
        return none(f"results of different kinds are not added up: {', '.join(kinds)}", whole=len(counted), notes=notes)
    results = sum(one.outcomes or 0.0 for one in counted)
    if not results:
        return none(f"there were no {kinds[0]}", part=0, whole=len(counted), notes=notes)
    spent = sum(one.spent for one in counted)
    notes.insert(0, f"{spent:,.2f} for {results:,.0f} {kinds[0]}")
    return Figure(spent / results, None, len(counted), notes=tuple(notes))
