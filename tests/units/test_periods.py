"""Weeks, months and quarters as an address asks for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from metrics import periods

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("by", "of", "first", "last", "words"),
    [
        ("", "", date(2026, 11, 23), date(2026, 11, 29), "23 to 29 November 2026"),
        ("week", "2026-11-30", date(2026, 11, 30), date(2026, 12, 6), "30 November to 6 December 2026"),
        ("week", "2031-01-01", date(2026, 11, 30), date(2026, 12, 6), "30 November to 6 December 2026"),
        ("month", "", date(2026, 10, 1), date(2026, 10, 31), "October 2026"),
        ("month", "2026-02-28", date(2026, 2, 1), date(2026, 2, 28), "February 2026"),
        ("quarter", "", date(2026, 7, 1), date(2026, 9, 30), "July to September 2026"),
        ("quarter", "2026-11-05", date(2026, 10, 1), date(2026, 12, 31), "October to December 2026"),
        ("decade", "yesterday", date(2026, 11, 23), date(2026, 11, 29), "23 to 29 November 2026"),
        ("month", "0001-01-01", date(2026, 10, 1), date(2026, 10, 31), "October 2026"),
    ],
)
def test_an_address_means_one_period_and_none_to_come(by: str, of: str, first: date, last: date, words: str) -> None:
    found = periods.asked(by, of, NOW, LONDON)
    assert (found.span.first, found.last, found.words) == (first, last, words)
    assert found.before.end == found.span.start
    assert found.runs(NOW) == (found.span.end > NOW)


def test_a_week_in_which_the_clocks_change_is_an_hour_longer_or_shorter() -> None:
    back, on = (periods.asked("week", day, NOW, LONDON).span for day in ("2026-10-25", "2026-03-29"))
    hours = [(one.end.astimezone(UTC) - one.start.astimezone(UTC)) / timedelta(hours=1) for one in (back, on)]
    assert hours == [169, 167]
    autumn = periods.asked("quarter", "2026-12-31", NOW, LONDON)
    assert autumn.query == "from=2026-10-01&to=2027-01-01"


@pytest.mark.parametrize(("by", "count", "first"), [
    ("week", 12, date(2026, 9, 7)), ("month", 12, date(2025, 11, 1)), ("quarter", 5, date(2025, 7, 1)),
])  # fmt: skip
def test_a_row_leads_up_to_the_period(by: str, count: int, first: date) -> None:
    period = periods.asked(by, "", NOW, LONDON)
    row = periods.leading_to(period)
    assert (len(row), row[0].first, row[-1]) == (count, first, period.span)
    assert row[-2] == period.before
    assert periods.following(period, NOW) == period.after
    running = periods.asked(by, "2026-11-30", NOW, LONDON)
    assert periods.following(running, NOW) is None
