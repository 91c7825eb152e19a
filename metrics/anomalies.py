"""Followers that come or go faster than ever before: a reason to look, and a footnote in reports. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from metrics.figures import middle
from metrics.gaps import Point

DAY = timedelta(days=1)
USUAL = timedelta(days=28)
LEAST = 100  # followers in a day, below which nothing is said
TIMES = 10  # the usual change of a day
SHARE = 0.02  # of the followers there were


@dataclass(frozen=True)
class Jump:
    """A change between two readings: per day, against what is usual for this channel."""

    at: datetime
    was: int
    became: int
    a_day: float
    usual: float

    @property
    def words(self) -> str:
        change = self.became - self.was
        way = "more" if change > 0 else "fewer"
        return (
            f"{abs(change):,} followers {way} between two readings, where {self.usual:,.0f} a day are usual. "
            "Look who they are before counting them."
        )


def jumps(points: Sequence[Point]) -> list[Jump]:
    """The changes out of all proportion, in readings given in the order of time; a gap is spread over its days."""
    known = [one for one in points if one.value is not None]
    changes: list[tuple[datetime, float]] = []
    found = []
    for before, after in zip(known, known[1:], strict=False):
        was, became = before.value or 0, after.value or 0
        a_day = (became - was) / max((after.at - before.at) / DAY, 1.0)
        recent = [abs(value) for at, value in changes if after.at - at <= USUAL]
        usual = middle(recent) or 0.0
        if abs(a_day) >= max(LEAST, TIMES * usual, SHARE * was):
            found.append(Jump(after.at, was, became, a_day, usual))
        else:
            changes.append((after.at, a_day))
    return found
