"""The clock's arithmetic, held against a clock that looks at every single minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy import clocks
from policy.clocks import Hours

MINUTE = timedelta(minutes=1)
OFFICE = [[["09:00", "12:30"], ["13:30", "17:00"]]] * 5 + [[], []]
ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "UTC",
]
CHANGES = [datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1), datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def is_open(hours: Hours, at: datetime) -> bool:
    wall = at.astimezone(hours.zone)
    if wall.date() in hours.holidays:
        return False
    minute = wall.hour * 60 + wall.minute
    return any(shift.opens <= minute < shift.closes for shift in hours.week[wall.weekday()])


def counted(hours: Hours, start: datetime, end: datetime) -> timedelta:
    total, at = timedelta(0), start
    while at < end:
        total += MINUTE if is_open(hours, at) else timedelta(0)
        at += MINUTE
    return total


def reached(hours: Hours, start: datetime, promised: timedelta) -> datetime | None:
    at, total = start, timedelta(0)
    for _ in range(30 * 24 * 60):
        if is_open(hours, at):
            total += MINUTE
            if total >= promised:
                return at + MINUTE
        at += MINUTE
    return None


@st.composite
def shifts(draw: st.DrawFn) -> list[list[str]]:
    marks = sorted(draw(st.lists(st.integers(0, 288), min_size=0, max_size=6, unique=True)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [[f"{a * 5 // 60:02}:{a * 5 % 60:02}", f"{b * 5 // 60:02}:{b * 5 % 60:02}"] for a, b in pairs]


@st.composite
def calendars(draw: st.DrawFn) -> Hours:
    free = draw(st.frozensets(st.dates(date(2026, 3, 1), date(2026, 11, 5)), max_size=4))
    return Hours.of(draw(st.sampled_from(ZONES)), [draw(shifts()) for _ in range(7)], free)


starts = st.builds(
    lambda near, minutes: near.replace(tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-4000, 4000),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calendars(), starts, st.integers(0, 6000))
def test_service_time_is_what_a_minute_by_minute_clock_counts(hours: Hours, start: datetime, minutes: int):
    end = start + timedelta(minutes=minutes)
    assert clocks.elapsed(start, end, hours) == counted(hours, start, end)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calendars(), starts, st.integers(1, 1500))
def test_due_is_the_minute_at_which_the_promise_has_passed(hours: Hours, start: datetime, minutes: int):
    promised = timedelta(minutes=minutes)
    found = reached(hours, start, promised)
    if found is not None:
        assert clocks.due(start, promised, hours) == found


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calendars(), starts, st.integers(1, 900), st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 900))))
def test_a_paused_clock_stands_still(hours: Hours, start: datetime, minutes: int, pauses: list[tuple[int, int]]):
    spans = [(start + a * MINUTE, start + (a + b) * MINUTE) for a, b in pauses]
    promised = timedelta(minutes=minutes)
    at = clocks.due_with_pauses(start, promised, spans, hours)
    if at is not None:
        running = sum((clocks.elapsed(a, b, hours) for a, b in clocks.without(start, at, spans)), timedelta(0))
        assert running == promised


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
