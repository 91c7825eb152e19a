"""The pace of an objective: how fast it moved, how fast it would have to, and where that leads. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from policy.models import Objective

Period = Literal["week", "month"]
DAYS: dict[Period, float] = {"week": 7, "month": 365.25 / 12}


@dataclass(frozen=True)
class Pace:
    """Steps are in the measure's unit for each period; None where they cannot be known. `ends_at` is where the pace so
    far leads by the target's day, `most` what the measure cannot exceed, such as a hundred in a hundred.
    """

    period: Period
    so_far: float | None
    needed: float | None
    ends_at: float | None
    reached: bool = False
    most: float | None = None

    @property
    def words(self) -> str:
        """One or two sentences; honest about what is not known."""
        if self.so_far is None:
            return "Without a dated starting number nobody can say how fast it moves."
        told = f"{self.so_far:+.1f} a {self.period} so far"
        if self.reached:
            return f"{told}; the target is reached."
        if self.needed is None or self.ends_at is None:
            return f"{told}; its day is over."
        leads = max(self.ends_at, 0.0) if self.most is None else min(max(self.ends_at, 0.0), self.most)
        return f"{told}, {self.needed:+.1f} a {self.period} needed from now on. At this pace it ends at {leads:,.1f}."


def pace(objective: Objective, current: float | None, day: date, period: Period, most: float | None = None) -> Pace:
    """How an objective moves, by the straight way from its baseline to `current`."""
    length = DAYS[period]
    left = (objective.target_on - day).days / length
    if current is None or objective.baseline is None or objective.baseline_on is None:
        return Pace(period, None, None, None)
    passed = (day - objective.baseline_on).days / length
    so_far = (current - objective.baseline) / passed if passed > 0 else None
    if so_far is None:
        return Pace(period, None, (objective.target - current) / left if left > 0 else None, None)
    rising = objective.target >= objective.baseline
    reached = current >= objective.target if rising else current <= objective.target
    if left <= 0:
        return Pace(period, so_far, None, None, reached)
    return Pace(period, so_far, (objective.target - current) / left, current + so_far * left, reached, most)
