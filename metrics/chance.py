"""What chance explains and what it does not: ranks compared, with ties. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, variance

HALF = 0.5


@dataclass(frozen=True)
class Beats:
    """In which share of all pairs one of some beats one of the others, 0.0 to 1.0, a draw being half a win, and how
    far that strays by chance. A `spread` of nought: all are alike, and nothing can be told apart.
    """

    share: float
    spread: float

    def interval(self, sure: float) -> tuple[float, float]:
        """From where to where the share may lie, within 0.0 and 1.0, so many standard errors wide to each side."""
        return max(self.share - sure * self.spread, 0.0), min(self.share + sure * self.spread, 1.0)


def sure(chance: float, looked_at: int) -> float:
    """How many standard errors an interval must be wide to each side, so that all of so many intervals hold together
    but for that chance (Bonferroni's way: each one errs so many times less often).
    """
    return NormalDist().inv_cdf(1 - chance / max(looked_at, 1) / 2)


def beats(strata: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Beats | None:
    """Some against the rest, each pair within its own stratum; None where no stratum has both.

    A stratum weighs as many as it has of the first.
    """
    both = [(some, rest) for some, rest in strata if some and rest]
    whole = sum(len(some) for some, _ in both)
    if not whole:
        return None
    share = spread = 0.0
    for some, rest in both:
        weight, one = len(some) / whole, _within(some, rest)
        share, spread = share + weight * one.share, spread + (weight * one.spread) ** 2
    return Beats(share, math.sqrt(spread))


def _within(some: Sequence[float], rest: Sequence[float]) -> Beats:
    """One stratum. The wider of two spreads counts: that of ranks dealt out by chance, and that of what was found."""
    wins, losses = _beaten(some, rest), _beaten(rest, some)
    found = sum(variance(one) / len(one) if len(one) > 1 else 0.0 for one in (wins, losses))
    n, m = len(some), len(rest)
    whole = n + m
    ties = ranks([*some, *rest])[1]
    dealt = (whole + 1 - ties / (whole * (whole - 1))) / (12 * n * m)
    return Beats(fmean(wins), math.sqrt(max(dealt, found, 0.0)))


def _beaten(some: Sequence[float], rest: Sequence[float]) -> list[float]:
    """For each of some, the share of the rest below it; equal ones count half."""
    ordered = sorted(rest)
    return [HALF * (bisect_left(ordered, one) + bisect_right(ordered, one)) / len(ordered) for one in some]


def better(some: Sequence[float], rest: Sequence[float]) -> float:
    """How likely chance alone ranks `some` so far above `rest`, 0.0 to 1.0: Mann and Whitney's U, with ties."""
    n, m = len(some), len(rest)
    found, ties = ranks([*some, *rest])
    whole = n + m
    u = sum(found[:n]) - n * (n + 1) / 2
    spread = n * m / 12 * (whole + 1 - ties / (whole * (whole - 1))) if whole > 1 else 0.0
    if spread <= 0:
        return 1.0
    return 1 - NormalDist().cdf((u - n * m / 2 - HALF) / math.sqrt(spread))


def ranks(values: Sequence[float]) -> tuple[list[float], float]:
    """The rank of each value, equal ones sharing theirs, and the sum that corrects for them."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, ties, start = [0.0] * len(values), 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            found[place] = (start + end + 1) / 2
        ties += (end - start) ** 3 - (end - start)
        start = end
    return found, ties
