"""Slots on the town's clocks, rhythm held against bounds, link-only posts, the days a page of the calendar shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from calendar_app import balance, cadence, slots
from calendar_app.balance import Line, Share
from calendar_app.views import spans
from channels_app.models import Channel

WORKDAYS = [True] * 5 + [False] * 2
MONDAY = date(2026, 12, 21)
LONDON = "Europe/London"


def test_slots_come_in_the_order_of_the_week() -> None:
    week = [(2, time(17, 0)), (0, time(9, 0)), (2, time(8, 30))]
    found = slots.coming(week, LONDON, MONDAY, MONDAY + timedelta(days=7))
    assert [f"{one.wall:%a %H:%M}" for one in found] == ["Mon 09:00", "Wed 08:30", "Wed 17:00", "Mon 09:00"]


@pytest.mark.parametrize(
    ("day", "at", "instants"),
    [
        (date(2027, 3, 21), time(10, 0), ["2027-03-21T10:00", "2027-03-28T09:00"]),  # the clocks went forward between
        (date(2026, 10, 18), time(10, 0), ["2026-10-18T09:00", "2026-10-25T10:00"]),  # and back
        (date(2027, 3, 28), time(1, 30), ["2027-04-04T00:30"]),  # half past one does not exist on the first Sunday
        (date(2026, 10, 25), time(1, 30), ["2026-10-25T00:30", "2026-11-01T01:30"]),  # and comes twice: the first
    ],
)
def test_a_slot_keeps_its_wall_clock_time(day: date, at: time, instants: list[str]) -> None:
    found = slots.coming([(6, at)], LONDON, day, day + timedelta(days=7))
    assert [f"{one.due_at:%Y-%m-%dT%H:%M}" for one in found] == instants


def test_a_slot_is_taken_by_what_goes_out_beside_it() -> None:
    every = list(slots.coming([(0, time(9, 0)), (0, time(12, 0)), (0, time(15, 0))], "UTC", MONDAY, MONDAY))
    taken = [datetime(2026, 12, 21, 12, 20, tzinfo=UTC)]
    found = slots.free(every, taken, datetime(2026, 12, 21, 9, 0, tzinfo=UTC))
    assert [one.wall.hour for one in found] == [15]


@pytest.mark.parametrize(
    ("least", "off", "bound"),
    [(5, [], 5), (5, [25], 4), (5, [21, 22, 23, 24, 25], 0), (2, [25], 1), (3, [26], 3), (0, [], 0)],
)
def test_a_holiday_takes_its_share_of_the_least(least: int, off: list[int], bound: int) -> None:
    assert cadence.bound_of(least, MONDAY, WORKDAYS, {date(2026, 12, day) for day in off}) == bound


@pytest.mark.parametrize(
    ("count", "bounds", "kind"),
    [(0, (2, 5), "silent"), (1, (2, 5), "few"), (2, (2, 5), ""), (5, (2, 5), ""), (6, (2, 5), "many"),
     (0, (0, 5), ""), (0, (None, None), ""), (9, (2, None), "")],
)  # fmt: skip
def test_a_week_is_silent_short_too_much_or_fine(count: int, bounds: tuple[int | None, int | None], kind: str) -> None:
    found = cadence.judge(Channel(), MONDAY, count, bounds)
    assert (found.kind if found else "") == kind


@pytest.mark.parametrize(
    ("text", "link", "pictured", "bare"),
    [
        ("Read more: https://a.example/b", "", False, True),
        ("Budget out now", "https://a.example/b", False, True),
        ("Budget out now", "https://a.example/b", True, False),
        ("Budget out now", "", False, False),
        ("Your bin goes out a day early next week, so put it out on Monday.", "https://a.example/b", False, False),
    ],
)
def test_a_post_is_link_only_when_there_is_little_else(text: str, link: str, pictured: bool, bare: bool) -> None:
    assert balance.is_link_only(text, link, pictured) is bare


def line(day: str, benefit: str = "learn") -> Line:
    return Line(1, uuid4(), datetime.fromisoformat(day).replace(tzinfo=UTC), "", "", benefit, None)


def test_the_benefits_add_up_to_the_posts_that_have_one() -> None:
    rows = [
        line("2026-10-31T23:30"),
        line("2026-11-01T00:00", "say"),
        line("2026-11-20T10:00"),
        line("2026-11-21T10:00", ""),
    ]
    made = balance.benefits(rows, balance.months(date(2026, 11, 30), 2), LONDON)
    assert [row[0] for row in made.rows] == ["October 2026", "November 2026"]
    assert sum(int(number) for row in made.rows for number in row[1:]) == made.total == 3
    assert len(made.names) == len(made.rows[0])
    assert "“Learn something” makes up 67 % of posts" in made.finding


@pytest.mark.parametrize(
    ("part", "whole", "percent", "over"),
    [(0, 0, None, False), (1, 3, 33, True), (33, 100, 33, False), (34, 100, 34, True)],
)
def test_a_share_is_over_its_ceiling_or_not(part: int, whole: int, percent: int | None, over: bool) -> None:
    share = Share(part, whole, 33)
    assert (share.percent, share.over) == (percent, over)


@pytest.mark.parametrize(
    ("query", "title", "first"),
    [
        ({}, "November 2026", "2026-10-26"),
        ({"month": "2026-12"}, "December 2026", "2026-11-30"),
        ({"view": "week"}, "16 to 22 November 2026", "2026-11-16"),
        ({"view": "week", "week": "2026-12-02"}, "30 November to 6 December 2026", "2026-11-30"),
        ({"view": "week", "month": "2027-01"}, "28 December to 3 January 2027", "2026-12-28"),
        ({"view": "week", "week": "2026-13-77"}, "16 to 22 November 2026", "2026-11-16"),
        ({"view": "nonsense", "month": "abc"}, "November 2026", "2026-10-26"),
    ],
)
def test_the_address_says_which_days(query: dict[str, str], title: str, first: str) -> None:
    span = spans.asked(query, date(2026, 11, 18))
    assert (span.title, span.first.isoformat()) == (title, first)
