"""The month as a grid: which days, what lies on them, what is marked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from calendar_app import cadence, month
from calendar_app.month import Card, Day, Row

WORKDAYS = [True] * 5 + [False] * 2


def row(post: int = 1, at: str = "2026-11-18T12:00", channel: int = 1, state: str = "scheduled") -> Row:
    return Row(post, channel, datetime.fromisoformat(at).replace(tzinfo=UTC), state)


def laid(rows: list[Row], today: date = date(2026, 11, 18), zone: str = "Europe/London") -> dict[date, Day]:
    weeks = month.weeks(2026, 11, today)
    month.lay(weeks, month.cards(rows, zone), {}, WORKDAYS, today)
    return {day.date: day for week in weeks for day in week}


def test_weeks_begin_on_monday_and_mark_the_neighbours() -> None:
    weeks = month.weeks(2026, 11, date(2026, 11, 18))
    assert (weeks[0][0].date, weeks[-1][-1].date) == (date(2026, 10, 26), date(2026, 12, 6))
    assert [day.date.day for week in weeks for day in week if not day.outside] == list(range(1, 31))
    assert [day.date.day for week in weeks for day in week if day.today] == [18]


def test_one_post_on_three_channels_at_one_moment_is_one_card() -> None:
    cards = month.cards([row(channel=1), row(channel=2), row(channel=3), row(at="2026-11-18T13:00")], "UTC")
    assert [len(card.rows) for card in cards] == [3, 1]


def test_a_card_shows_the_state_that_most_wants_to_be_seen() -> None:
    card = Card(1, datetime.now(UTC), datetime.now(UTC), [row(state="published"), row(state="failed")])
    assert card.state == "failed"


def test_a_card_says_when_one_of_its_channels_hears_the_words_again() -> None:
    rows = [Row(1, channel, datetime(2026, 11, 18, 12, tzinfo=UTC), "draft", f"k{channel}") for channel in (1, 2)]
    assert month.cards(rows, "UTC", {"k2"})[0].again
    assert not month.cards(rows, "UTC", {"other"})[0].again


def test_a_week_begins_on_monday_and_has_room_for_more() -> None:
    days = month.week(month.monday_of(date(2026, 11, 19)), date(2026, 11, 18))
    assert (days[0].date, days[-1].date) == (date(2026, 11, 16), date(2026, 11, 22))
    assert [day.date.day for day in days if day.today] == [18]
    assert days[0].most > Day(date(2026, 11, 16)).most


def test_a_holiday_is_no_gap() -> None:
    weeks = month.weeks(2026, 12, date(2026, 12, 1))
    month.lay(weeks, [], {}, WORKDAYS, date(2026, 12, 1), {date(2026, 12, 25)})
    gaps = {day.date.day for week in weeks for day in week if day.gap}
    assert 24 in gaps
    assert 25 not in gaps


def test_a_late_evening_lies_on_the_towns_day() -> None:
    days = laid([row(at="2026-11-18T23:30")], zone="Europe/Berlin")
    assert len(days[date(2026, 11, 19)].cards) == 1


@pytest.mark.parametrize(("zone", "hours"), [("Europe/London", 23), ("UTC", 24)])
def test_a_day_is_as_long_as_the_clocks_make_it(zone: str, hours: int) -> None:
    start, end = month.bounds(date(2027, 3, 28), date(2027, 3, 28), zone)
    assert end - start == timedelta(hours=hours)


def test_working_days_ahead_with_nothing_are_marked() -> None:
    days = laid([row(at="2026-11-19T12:00")])
    gaps = {day.day for day, one in days.items() if one.gap}
    assert 18 in gaps
    assert 19 not in gaps
    assert not gaps & {17, 21, 22}
    assert not any(one.gap for one in days.values() if one.outside)


def test_crowded_hours_are_marked() -> None:
    rows = [row(post=number, at=f"2026-11-18T12:{number}0") for number in range(3)]
    assert laid(rows)[date(2026, 11, 18)].crowded == [12]
    apart = [row(post=number, channel=number) for number in range(3)]
    assert laid(apart)[date(2026, 11, 18)].crowded == []


@pytest.mark.parametrize(("posts", "shown", "more"), [(3, 3, 0), (4, 4, 0), (5, 3, 2), (65, 3, 62)])
def test_a_full_day_shows_some_and_counts_the_rest(posts: int, shown: int, more: int) -> None:
    day = laid([row(post=number) for number in range(posts)])[date(2026, 11, 18)]
    assert (len(day.shown), day.more) == (shown, more)


def test_the_months_beside() -> None:
    assert month.neighbours(2026, 1) == ((2025, 12), (2026, 2))
    assert month.neighbours(2026, 12) == ((2026, 11), (2027, 1))


def test_weeks_are_counted_on_the_towns_clocks_over_their_change() -> None:
    times = ["2026-10-18T22:59", "2026-10-18T23:00", "2026-10-25T23:59", "2026-10-26T00:00", "2026-11-09T08:00"]
    rows = [row(at=at) for at in times] + [row(at="2026-11-09T09:00", state="cancelled"), row(at="2026-11-09T09:00")]
    found = {day.isoformat(): n for (_, day), n in cadence.counted_of(rows, "Europe/London").items()}
    assert found == {"2026-10-12": 1, "2026-10-19": 2, "2026-10-26": 1, "2026-11-09": 2}
