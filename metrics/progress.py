"""Objectives against their line: where the measure stands and where it would have to stand today. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from policy.models import Objective

Standing = Literal["met", "on track", "behind", "no reading yet", "no baseline"]


@dataclass(frozen=True)
class Progress:
    """`needed`: what the straight line from baseline to target asks for on the day; `share`: 0 to 1 of the way."""

    standing: Standing
    current: float | None
    needed: float | None
    share: float


def line(objective: Objective, day: date) -> float | None:
    """The value the line from baseline to target asks for on `day`; None without a dated baseline."""
    if objective.baseline is None or objective.baseline_on is None:
        return None
    span = (objective.target_on - objective.baseline_on).days
    passed = min(max((day - objective.baseline_on).days, 0), span)
    return objective.baseline + (objective.target - objective.baseline) * (passed / span if span else 1)


def progress(objective: Objective, current: float | None, day: date) -> Progress:
    """How an objective stands on `day`. Without a baseline nothing can be said to improve."""
    needed = line(objective, day)
    if objective.baseline is None or needed is None:
        return Progress("no baseline", current, None, 0)
    if current is None:
        return Progress("no reading yet", None, needed, 0)
    rising = objective.target >= objective.baseline
    reached = current >= objective.target if rising else current <= objective.target
    enough = current >= needed if rising else current <= needed
    way = objective.target - objective.baseline
    share = 1.0 if reached or not way else (current - objective.baseline) / way
    return Progress(
        "met" if reached else "on track" if enough else "behind", current, needed, min(max(share, 0.0), 1.0)
    )


def lines_to(objective: Objective, ends: Sequence[datetime]) -> list[float | None]:
    """The needed value at the end of each week or month, for the chart beside the measured ones."""
    return [line(objective, end.date()) for end in ends]
