"""The clock's arithmetic by example; `test_minute_clock` holds it against every single minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from policy import clocks
from policy.clocks import Hours

OFFICE = [[["09:00", "12:30"], ["13:30", "17:00"]]] * 5 + [[], []]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize("start", [utc(2026, 10, 31, 12), utc(2026, 3, 7, 12)])
def test_twenty_four_hours_are_twenty_four_hours_when_the_clocks_change(start: datetime):
    local = start.astimezone(ZoneInfo("America/New_York"))
    due = clocks.due(local, timedelta(hours=24))
    assert due - start == timedelta(hours=24)


def test_service_hours_stop_for_lunch_nights_weekends_and_holidays():
    hours = Hours.of("Europe/London", OFFICE, {date(2026, 4, 6)})
    friday = utc(2026, 4, 3, 15)  # 16:00 in London: one hour is left
    assert clocks.due(friday, timedelta(hours=4, minutes=30), hours) == utc(2026, 4, 7, 11, 30)


def test_late_is_negative_and_counts_only_open_time():
    hours = Hours.of("UTC", OFFICE)
    due = utc(2026, 9, 4, 16)
    assert clocks.left(due, utc(2026, 9, 4, 15), hours) == timedelta(hours=1)
    assert clocks.left(due, utc(2026, 9, 7, 9, 30), hours) == -timedelta(hours=1, minutes=30)
    assert clocks.left(due, utc(2026, 9, 5, 16)) == -timedelta(hours=24)


def test_a_desk_that_never_opens_is_never_due():
    assert clocks.due(utc(2026, 1, 1), timedelta(hours=1), Hours.of("UTC", [[]] * 7)) is None


def test_midnight_closes_a_day_and_overlapping_shifts_count_once():
    hours = Hours.of("UTC", [[["20:00", "00:00"], ["19:00", "22:00"]]] + [[]] * 6)
    assert clocks.elapsed(utc(2026, 9, 7), utc(2026, 9, 9), hours) == timedelta(hours=5)


@pytest.mark.parametrize("shift", [("17:00", "09:00"), ("09:00", "25:00"), ("09:70", "10:00")])
def test_a_shift_must_close_after_it_opens(shift: tuple[str, str]):
    with pytest.raises(ValueError, match=r"shift|time of day"):
        Hours.of("UTC", [[list(shift)], *[[]] * 6])
