"""Weeks, months and quarters as pages ask for them: one of them, the one before, and the row that leads up to it. Pure.

They are the town's: a week runs Monday to Monday, and a month from midnight to midnight by its clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from metrics.weekly import Week, months, quarters, weeks

Kind = Literal["week", "month", "quarter"]
KINDS: tuple[Kind, ...] = ("week", "month", "quarter")
ROWS: dict[Kind, Callable[[datetime, ZoneInfo, int], list[Week]]] = {
    "week": weeks,
    "month": months,
    "quarter": quarters,
}
SHOWN: dict[Kind, int] = {"week": 12, "month": 12, "quarter": 5}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One week, month or quarter, and the one before it."""

    kind: Kind
    span: Week
    before: Week

    @property
    def last(self) -> date:
        return self.after - DAY

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it."""
        return self.span.end.date()

    @property
    def zone(self) -> ZoneInfo:
        return cast("ZoneInfo", self.span.start.tzinfo)

    @property
    def words(self) -> str:
        return words(self.kind, self.span)

    @property
    def query(self) -> str:
        """Its days, as the page of a figure asks for them."""
        return urlencode({"from": self.span.first.isoformat(), "to": self.after.isoformat()})

    @property
    def address(self) -> str:
        """What makes a page show this one."""
        return address(self.kind, self.span.first)

    def runs(self, now: datetime) -> bool:
        """It is not over yet, so that its figures are not those of a whole one."""
        return now < self.span.end


def address(kind: Kind, day: date) -> str:
    return urlencode({"by": kind, "of": day.isoformat()})


def words(kind: Kind, span: Week) -> str:
    """A week by its two days, a month by its name, a quarter by its first and last month."""
    first, last = span.first, span.end.date() - DAY
    if kind == "month":
        return f"{first:%B %Y}"
    if kind == "quarter":
        return f"{first:%B} to {last:%B %Y}"
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{start} to {last.day} {last:%B %Y}"


def containing(kind: Kind, day: date, zone: ZoneInfo) -> Period:
    """The one a day lies in."""
    noon = datetime.combine(day, time(12), zone)
    before, span = ROWS[kind](noon, zone, 2)
    return Period(kind, span, before)


def asked(by: str, of: str, now: datetime, zone: ZoneInfo, usual: Kind = "week") -> Period:
    """What an address asks for; the last whole one where it names no day that can be. None to come is shown."""
    kind = by if by in KINDS else usual
    running = containing(kind, now.astimezone(zone).date(), zone)
    try:
        day = date.fromisoformat(of)
    except ValueError:
        day = running.before.first
    if day < date(2000, 1, 1):
        day = running.before.first
    return containing(kind, min(day, running.span.first), zone)


def leading_to(period: Period) -> Sequence[Week]:
    """The row of a chart: so many of them, this one the last."""
    noon = datetime.combine(period.span.first, time(12), period.zone)
    return ROWS[period.kind](noon, period.zone, SHOWN[period.kind])


def following(period: Period, now: datetime) -> date | None:
    """The first day of the next one; None where that has not begun."""
    return period.after if period.span.end <= now else None
