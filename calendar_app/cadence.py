"""How often each channel speaks, held against what the town settled: silent and over-posting weeks.

A holiday takes its share of the week's minimum away; the maximum stays, for nobody is asked to post on a day off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, prefetch_related_objects
from django.db.models.functions import TruncWeek

from accounts.models import Town
from accounts.walltime import to_wall
from calendar_app import civic
from calendar_app.models import Cadence, Placement
from calendar_app.month import Row, bounds, monday_of
from calendar_app.slots import GONE
from channels_app.models import Channel

WEEK = timedelta(days=7)
Counted = Mapping[tuple[int, date], int]  # posts by channel and Monday


@dataclass(frozen=True)
class Finding:
    """One channel in one week (its Monday) with too little or too much. `kind` is silent, few or many."""

    channel: Channel
    monday: date
    count: int
    bound: int
    kind: str

    @property
    def words(self) -> str:
        bound = f"at least {self.bound}" if self.kind != "many" else f"{self.bound} at most"
        count = {0: "nothing", 1: "1 post"}.get(self.count, f"{self.count} posts")
        return f"{count} in the week of {self.monday.day} {self.monday:%B}, where you want {bound}"


def bound_of(least: int, monday: date, working: Sequence[bool], off: Collection[date]) -> int:
    """The minimum of one week: as much of it as the week has working days left after its holidays. Pure."""
    days = [monday + timedelta(days=n) for n in range(7) if working[n]]
    left = [day for day in days if day not in off]
    return least if not days else least * len(left) // len(days)


def judge(channel: Channel, monday: date, count: int, bounds: tuple[int | None, int | None]) -> Finding | None:
    """What is to be said of one week of one channel, or nothing. `bounds` are its least and its most. Pure."""
    least, most = bounds
    if most is not None and count > most:
        return Finding(channel, monday, count, most, "many")
    if least and count < least:
        return Finding(channel, monday, count, least, "few" if count else "silent")
    return None


def findings(
    town: Town,
    channels: Sequence[Channel],
    first: date,
    last: date,
    dates: dict[date, list[civic.Event]],
    counted: Counted | None = None,
) -> list[Finding]:
    """Every whole week from Monday `first` to Sunday `last` on these channels, in order.

    `counted` spares a query to whoever has the rows; channels fetched without their cadence cost another.
    """
    prefetch_related_objects(list(channels), "cadence")
    wanted = {one.pk: one for one in channels if one.state not in {"archived", "paused"}}
    rules: list[Cadence] = [one.cadence for one in wanted.values() if hasattr(one, "cadence")]
    if not rules or last < first:
        return []
    counted = counts(town, list(wanted), first, last) if counted is None else counted
    working, off = [bool(shifts) for shifts in town.hours], civic.holidays(dates)
    found, monday = [], first
    while monday + WEEK <= last + timedelta(days=1):
        for rule in rules:
            least = bound_of(rule.least or 0, monday, working, off)
            count = counted.get((rule.channel_id, monday), 0)
            found.append(judge(wanted[rule.channel_id], monday, count, (least, rule.most)))
        monday += WEEK
    return [one for one in found if one]


def counted_of(rows: Iterable[Row], zone: str) -> Counted:
    """The same as `counts`, of rows that are there already, in the order of time. Pure."""
    found: Counter[tuple[int, date]] = Counter()
    monday, week = date.min, (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    for row in rows:
        if not week[0] <= row.due_at < week[1]:
            monday = monday_of(to_wall(row.due_at, zone).date())
            week = bounds(monday, monday + timedelta(days=6), zone)
        if row.state not in GONE:
            found[row.channel, monday] += 1
    return found


def counts(town: Town, channels: Sequence[int], first: date, last: date) -> dict[tuple[int, date], int]:
    """Posts by channel and Monday, whatever their state, without what never goes out."""
    start, end = bounds(first, last, town.zone)
    rows = Placement.objects.in_days(start, end).filter(channel__in=channels).exclude(delivery__state__in=GONE)
    week: Any = TruncWeek("due_at", tzinfo=town.tz)
    grouped = rows.order_by().values_list("channel_id", week).annotate(n=Count("pk"))
    return {(channel, monday.date()): n for channel, monday, n in grouped}


def now_and_next(town: Town, channels: Sequence[Channel], now: datetime) -> list[Finding]:
    """The week that runs and the one after it, for pages that are not the calendar."""
    today = now.astimezone(town.tz).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=n) for n in range(14)]
    return findings(town, channels, days[0], days[-1], civic.events(town, days))
