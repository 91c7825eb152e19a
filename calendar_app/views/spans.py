"""Which days a page of the calendar shows, what they are called, and the addresses of those beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.dateparse import parse_date

from calendar_app import month as grid
from calendar_app.filtering import NAMED, Filters
from calendar_app.month import Day

YEARS = (2000, 2100)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH = re.compile(r"\d{4}-\d{2}")
WEEK = timedelta(days=7)
VIEWS = {"month": "Month", "week": "Week", "agenda": "Agenda"}
KNOWN = ("view", "month", "week", "select", *NAMED)


@dataclass(frozen=True)
class Span:
    """The days of one page. `here` is its place in the address, `before` and `after` those beside it in words."""

    view: str
    days: list[Day]
    title: str
    here: dict[str, str]
    before: tuple[str, dict[str, str]]
    after: tuple[str, dict[str, str]]
    is_now: bool

    @property
    def first(self) -> date:
        return self.days[0].date

    @property
    def last(self) -> date:
        return self.days[-1].date

    @property
    def unit(self) -> str:
        return "week" if self.view == "week" else "month"


def asked(query: Mapping[str, str], today: date) -> Span:
    """The span of the address: this month where it names none, or nonsense."""
    view = query.get("view", "")
    if view == "week":
        return week(to_date(query.get("week", "")) or _within(query.get("month", ""), today), today)
    year, number = asked_month(query.get("month", ""), today)
    return month(view if view in VIEWS else "month", year, number, today)


def month(view: str, year: int, number: int, today: date) -> Span:
    before, after = grid.neighbours(year, number)
    days = [day for row in grid.weeks(year, number, today) for day in row]
    this = (year, number) == (today.year, today.month)
    return Span(
        view, days, _month_words(year, number), _month(year, number), _beside(before), _beside(after), is_now=this
    )


def week(day: date, today: date) -> Span:
    monday = grid.monday_of(day)
    before, after = monday - WEEK, monday + WEEK
    return Span(
        "week",
        grid.week(monday, today),
        week_words(monday),
        {"view": "week", "week": monday.isoformat()},
        (f"Week of {before.day} {before:%B}", {"week": before.isoformat()}),
        (f"Week of {after.day} {after:%B}", {"week": after.isoformat()}),
        is_now=monday == grid.monday_of(today),
    )


def week_words(monday: date) -> str:
    """30 November to 6 December 2026"""
    sunday = monday + timedelta(days=6)
    start = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%B}"
    return f"{start} to {sunday.day} {sunday:%B %Y}"


def asked_month(words: str, today: date) -> tuple[int, int]:
    """The month of the address; this one where the address names none."""
    wanted = to_date(f"{words}-01") if MONTH.fullmatch(words) else None
    return (wanted.year, wanted.month) if wanted else (today.year, today.month)


def to_date(words: str) -> date | None:
    """A day of the years the calendar has, None for anything else."""
    try:
        day = parse_date(words) if DAY.fullmatch(words) else None
    except ValueError:  # well formed, but no such day
        return None
    return day if day and YEARS[0] <= day.year < YEARS[1] else None


def _within(words: str, today: date) -> date:
    """The day whose week a month opens with: today's where it is in it, else its first."""
    year, number = asked_month(words, today)
    return today if (year, number) == (today.year, today.month) else date(year, number, 1)


def _month(year: int, number: int) -> dict[str, str]:
    return {"month": f"{year:04d}-{number:02d}"}


def _month_words(year: int, number: int) -> str:
    return f"{date(year, number, 1):%B %Y}"


def _beside(place: tuple[int, int]) -> tuple[str, dict[str, str]]:
    return _month_words(*place), _month(*place)


def addresses(span: Span, asked: Mapping[str, str], wanted: Filters) -> dict[str, object]:
    """Every address on the page: the spans beside this one, the other views, filters to take away."""
    middle = span.days[len(span.days) // 2].date
    to_month = span.here if span.unit == "month" else _month(middle.year, middle.month)
    here = {"month": "", "week": "", **span.here}
    apart = {"month": "", "week": "", "view": span.view if span.view != "month" else ""}
    others = {
        "month": {"view": "", "week": "", **to_month},
        "week": span.here if span.unit == "week" else {"view": "week", "week": "", **span.here},
        "agenda": {"view": "agenda", "week": "", **to_month},
    }
    return {
        "before": (span.before[0], query(asked, **{**apart, **span.before[1]})),
        "after": (span.after[0], query(asked, **{**apart, **span.after[1]})),
        "today_query": query(asked, **apart),
        "views": [(words, query(asked, **others[key]), key == span.view) for key, words in VIEWS.items()],
        "hidden": [(name, value) for name, value in {**apart, **span.here}.items() if value],
        "query": query(asked, **here),
        "select_query": query(asked, **here, select="" if asked.get("select") else "1"),
        "clear_query": query(asked, **here, **dict.fromkeys(NAMED, "")),
        "chips": [{"words": words, "url": f"?{query(asked, **{**here, name: ''})}"} for name, words in wanted.chips()],
    }


def query(asked: Mapping[str, str], **changes: str) -> str:
    """The query string with these parameters changed or (empty) left out; unknown ones are dropped."""
    kept = {name: asked[name] for name in KNOWN if asked.get(name)}
    return urlencode({name: value for name, value in {**kept, **changes}.items() if value})
