"""The rows behind a figure as people read them on a page: times on the town's clock, and a way to the thing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from metrics.measures import answers, quality, reach, resources, turns
from metrics.measures.shape import Row

# What a row is about, where that has a page: the route that takes its reference.
OPENS: Mapping[type[Row], str] = {
    **dict.fromkeys((answers.WaitRow, answers.CaseRow, answers.InboundRow, turns.DepthRow), "inbox:conversation"),
    answers.PromiseRow: "promises:promise",
    **dict.fromkeys((reach.PostRow, reach.ReachRow, quality.LineRow, quality.AccessRow), "calendar:post"),
    resources.HoursRow: "channels:channel",
}


@dataclass(frozen=True)
class Cell:
    """What stands in one place of the table."""

    words: str
    number: bool = False


@dataclass(frozen=True)
class Line:
    """One row: what it is called or where it leads, and its cells."""

    name: str
    url: str
    cells: list[Cell]


UNSAID = ("ref", "channel_key")  # keys are for tables that are computed with


def heads(row: type[Row]) -> list[str]:
    """The columns beside the first one."""
    return [one.name.replace("_", " ").capitalize() for one in fields(row) if one.name not in UNSAID]


def line(row: Row, zone: ZoneInfo) -> Line:
    """One row of a page."""
    key = _key(row.ref)
    route = OPENS.get(type(row), "")
    url = reverse(route, args=[key]) if key and route else ""
    cells = [_cell(getattr(row, one.name), zone) for one in fields(row) if one.name not in UNSAID]
    return Line("" if key else row.ref, url, cells)


def _key(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None


def _cell(value: object, zone: ZoneInfo) -> Cell:
    if value is None:
        return Cell("")
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, datetime):
        at = value.astimezone(zone)
        return Cell(f"{at:%a} {at.day} {at:%b %Y, %H:%M}")
    if isinstance(value, date):
        return Cell(f"{value.day} {value:%b %Y}")
    if isinstance(value, int):
        return Cell(f"{value:,}", number=True)
    return Cell(f"{value:,.1f}", number=True) if isinstance(value, float) else Cell(str(value))
