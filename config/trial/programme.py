"""When the town posts what: twelve weeks back and some days ahead, as (moment, draft)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.trial.posts import COMING, DRAFTS, WEEKLY, Draft

MONDAY_BINS, MEETING = time(8, 30), time(9, 0)
HOURS = (time(9, 15), time(12, 5), time(17, 30), time(10, 40), time(16, 10))
DAYS = (1, 2, 3, 4, 5)  # Tuesday to Saturday


@dataclass(frozen=True)
class Planned:
    """One post and the wall-clock time, without zone, at which it goes out."""

    wall: datetime
    draft: Draft

    def due(self, zone: ZoneInfo) -> datetime:
        return self.wall.replace(tzinfo=zone)


def weeks(first: date, count: int, dice: random.Random, a_week: int = 4) -> Iterator[Planned]:
    """The programme of `count` weeks from the Monday `first`: the weekly posts and `a_week` others, each draft once
    before any comes again.
    """
    bag: list[Draft] = []
    for week in range(count):
        monday = first + timedelta(weeks=week)
        yield Planned(datetime.combine(monday, MONDAY_BINS), WEEKLY[0])
        if week % 2:
            yield Planned(datetime.combine(monday + timedelta(days=2), MEETING), WEEKLY[1])
        for day in sorted(dice.sample(DAYS, a_week)):
            bag = bag or dice.sample(DRAFTS, len(DRAFTS))
            yield Planned(datetime.combine(monday + timedelta(days=day), dice.choice(HOURS)), bag.pop())


def coming(after: datetime, zone: ZoneInfo) -> Iterator[Planned]:
    """What is scheduled when the trial begins: the first within hours, the rest over the next nine days."""
    start = after.astimezone(zone).replace(tzinfo=None)
    gaps = (timedelta(hours=2), timedelta(hours=9), *(timedelta(days=days) for days in (1.4, 3, 5.2, 8.1)))
    for gap, draft in zip(gaps, COMING, strict=True):
        wall = (start + gap).replace(second=0, microsecond=0)
        yield Planned(wall.replace(minute=wall.minute // 5 * 5), draft)
