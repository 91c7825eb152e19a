"""What a row of readings does not say, and what it took back: gaps with their reason, restatements by name.

The rules are pure; `of_profiles` fetches the readings of channels they are asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels_app.models import Channel
from metrics.catalogue import MEASURES
from metrics.models import Reading


@dataclass(frozen=True)
class Point:
    """One reading: a value, or none and the reason."""

    at: datetime
    value: int | None
    missing: str = ""


@dataclass(frozen=True)
class Gap:
    """Readings without a value, one after another: from the first of them until a value came; None while none has.

    `words` are the newest reason, which is the one people know by now.
    """

    since: datetime
    until: datetime | None
    words: str


@dataclass(frozen=True)
class Restatement:
    """A total that became smaller: the platform has taken back a part of what it said before."""

    at: datetime
    was: int
    became: int

    @property
    def words(self) -> str:
        return f"restated from {self.was:,} to {self.became:,}"


def gaps(points: Iterable[Point]) -> list[Gap]:
    """The gaps in readings given in the order of time."""
    found: list[Gap] = []
    since, words = None, ""
    for one in points:
        if one.value is None:
            since, words = since or one.at, one.missing
        elif since is not None:
            found.append(Gap(since, one.at, words))
            since = None
    return [*found, Gap(since, None, words)] if since is not None else found


def restatements(measure: str, points: Iterable[Point]) -> list[Restatement]:
    """Where a measure that can only grow became smaller; a level may fall and restates nothing."""
    if MEASURES[measure].kind != "cumulative":
        return []
    known = [one for one in points if one.value is not None]
    return [
        Restatement(after.at, before.value, after.value)
        for before, after in zip(known, known[1:], strict=False)
        if before.value is not None and after.value is not None and after.value < before.value
    ]


def of_profiles(channels: Sequence[Channel], measure: str, start: datetime, end: datetime) -> dict[int, list[Point]]:
    """The readings of these channels' profiles, by the channel's row id and in the order of time: one query."""
    rows = Reading.objects.filter(tracked__channel__in=channels, tracked__remote_id="", measure=measure)
    rows = rows.filter(at__gte=start, at__lt=end).order_by("at")
    found: dict[int, list[Point]] = defaultdict(list)
    for channel, at, value, missing in rows.values_list("tracked__channel", "at", "value", "missing"):
        found[channel].append(Point(at, value, missing))
    return dict(found)


def missing(channels: Sequence[Channel], start: datetime, end: datetime) -> list[tuple[Channel, Gap]]:
    """Which channels have no follower numbers in this time or a part of it, since when and why."""
    points = of_profiles(channels, "followers", start, end)
    return [(one, gap) for one in channels for gap in gaps(points.get(one.pk, ()))]
