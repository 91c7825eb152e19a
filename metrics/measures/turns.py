"""How far a talk goes: the turns that residents and the town take in a conversation. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from metrics.figures import Figure, many, none
from metrics.measures.shape import Row

ONCE = 2  # turns of a question and its answer


@dataclass(frozen=True)
class DepthRow(Row):
    """One conversation in which both sides spoke, by the first message of the time: how many turns they took, and how
    many messages those were. What one side says until the other speaks is one turn; a receipt is none.
    """

    turns: int
    messages: int


def thread_depth(rows: Sequence[DepthRow]) -> Figure:
    """The middle value of turns; the mean, the messages and how many went on after an answer are said beside it."""
    if not rows:
        return none("there was no conversation in which both sides spoke", whole=0)
    further = sum(one.turns > ONCE for one in rows)
    notes = (
        f"{fmean(one.turns for one in rows):.1f} turns on average, {fmean(one.messages for one in rows):.1f} messages",
        f"{further} of {many(len(rows), 'conversation', 'conversations')} went on after a question and its answer",
    )
    return Figure(float(median(one.turns for one in rows)), None, len(rows), notes=notes)
