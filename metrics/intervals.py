"""How far a number may be from the truth, where only a part was looked at. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

Z = 1.96
IN_95 = "in 95 of 100 such samples the interval holds the true share"
# Student's t for 95 in 100 by degrees of freedom; between two of them the smaller one's, which is the wider.
T = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26, 10: 2.23, 15: 2.13, 20: 2.09,
     30: 2.04, 60: 2.0}  # fmt: skip


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The interval of 95 in 100 around a share, in per cent (Wilson's): never below 0 nor above 100."""
    share, square = part / whole, Z * Z
    middle = share + square / (2 * whole)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    low, high = (middle - half) / (1 + square / whole), (middle + half) / (1 + square / whole)
    return max(100 * low, 0.0), min(100 * high, 100.0)


@dataclass(frozen=True)
class Moved:
    """From one mean to another: the difference, and the ends of its interval of 95 in 100."""

    before: float
    after: float
    low: float
    high: float

    @property
    def by(self) -> float:
        return self.after - self.before


def moved(before: Sequence[float], after: Sequence[float]) -> Moved | None:
    """How much the mean moved, by Welch's interval with the degrees of freedom of the shorter side, which is wider
    than need be. None with fewer than three values on a side: they do not show how much weeks differ anyway.
    """
    if len(before) < 3 or len(after) < 3:
        return None
    first, last = fmean(before), fmean(after)
    degrees = min(len(before), len(after)) - 1
    half = T[max(one for one in T if one <= degrees)] * sqrt(
        variance(before) / len(before) + variance(after) / len(after)
    )
    return Moved(first, last, last - first - half, last - first + half)
