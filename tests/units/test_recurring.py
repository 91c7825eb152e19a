"""Rules of series: which days they mean, in which words, and what is no series."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from accounts.refusals import Invalid
from calendar_app import recurring
from calendar_app.recurring import LATER, SKIP, Asks, Rule

TEN = time(10, 0)


def rule(**facts: object) -> Rule:
    return Rule(**{"unit": "week", "every": 1, "start": date(2027, 1, 4), "clock": TEN, "count": 4, **facts})


def days(one: Rule) -> list[str]:
    return [f"{wall:%m-%d}" for wall in recurring.walls(one)]


@pytest.mark.parametrize(
    ("one", "expected", "words"),
    [
        (rule(weekdays=(0,)), ["01-04", "01-11", "01-18", "01-25"], "Every week on Monday at 10:00, 4 times"),
        (
            rule(every=2, weekdays=(0, 4)),
            ["01-04", "01-08", "01-18", "01-22"],
            "Every 2 weeks on Monday and Friday at 10:00, 4 times",
        ),
        (rule(unit="day", every=3), ["01-04", "01-07", "01-10", "01-13"], "Every 3 days at 10:00, 4 times"),
        (
            rule(unit="month", weekdays=(1,), place=2),
            ["01-12", "02-09", "03-09", "04-13"],
            "Every month on the second Tuesday at 10:00, 4 times",
        ),
        (
            rule(unit="month", weekdays=(4,), place=-1, every=2),
            ["01-29", "03-26", "05-28", "07-30"],
            "Every 2 months on the last Friday at 10:00, 4 times",
        ),
        (rule(unit="month"), ["01-04", "02-04", "03-04", "04-04"], "Every month on day 4 at 10:00, 4 times"),
        (
            rule(unit="month", start=date(2027, 1, 31)),
            ["01-31", "02-28", "03-31", "04-30"],
            "Every month on day 31, or the last of a shorter month, at 10:00, 4 times",
        ),
        (
            rule(count=None, until=date(2027, 1, 18), weekdays=(0,)),
            ["01-04", "01-11", "01-18"],
            "Every week on Monday at 10:00, until 18 January 2027",
        ),
        (
            rule(start=date(2027, 1, 6), weekdays=(0,), count=2),
            ["01-11", "01-18"],
            "Every week on Monday at 10:00, 2 times",
        ),
    ],
)
def test_a_rule_means_these_days_and_says_so(one, expected, words):
    assert days(one) == expected
    assert one.words == words
    assert recurring.of_json(one.as_json()) == one


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (rule(count=None), "until which day"),
        (rule(until=date(2028, 1, 1)), "until which day"),
        (rule(count=1), "at least two"),
        (rule(count=None, until=date(2026, 1, 1)), "at least two"),
        (rule(unit="day", count=None, until=date(2028, 1, 1)), "104 parts at most"),
    ],
)
def test_what_is_no_series_is_refused(one, why):
    with pytest.raises(Invalid, match=why):
        recurring.walls(one)


def test_it_stays_at_the_towns_clock_over_both_changes():
    summer = rule(start=date(2027, 3, 22), weekdays=(0,), count=3)
    assert [one.due_at.hour for one in recurring.slots(summer, "Europe/London")] == [10, 9, 9]
    winter = rule(start=date(2027, 10, 25), weekdays=(0,), count=2)
    assert [one.due_at.hour for one in recurring.slots(winter, "Europe/London")] == [9, 10]


def test_a_time_that_does_not_exist_is_asked_about_and_then_left_out_or_moved():
    early = rule(unit="day", start=date(2027, 3, 27), clock=time(1, 30), count=3)
    with pytest.raises(Asks) as asked:
        recurring.slots(early, "Europe/London")
    assert asked.value.gaps == ["01:30 does not exist on 28 March 2027: clocks go forward from 01:00 to 02:00."]
    assert len(recurring.slots(early, "Europe/London", gaps=SKIP)) == 2
    moved = recurring.slots(early, "Europe/London", gaps=LATER)[1]
    assert (moved.wall, moved.moved_from) == (datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 1, 30))
    assert recurring.slots(early, "Europe/London", gaps=LATER)[2].wall.hour == 1


def test_a_time_that_comes_twice_is_asked_about_and_then_the_one_that_was_said():
    early = rule(unit="day", start=date(2027, 10, 30), clock=time(1, 30), count=3)
    with pytest.raises(Asks) as asked:
        recurring.slots(early, "Europe/London", gaps=SKIP)
    assert asked.value.folds == ["01:30 comes twice on 31 October 2027: clocks go back."]
    first, second = (recurring.slots(early, "Europe/London", fold)[1].due_at for fold in (0, 1))
    assert second - first == timedelta(hours=1)
