"""Objectives against their line, and what charts say: tables over pure functions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from metrics import charts, collecting, weekly
from metrics.catalogue import MEASURES
from metrics.progress import line, progress
from metrics.weekly import Figure
from policy.models import Objective

START = date(2026, 9, 1)
BORN = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SHARE, HOURS = MEASURES["answered_in_time"], MEASURES["first_answer_hours"]


def aim(baseline: float | None = 60, target: float = 90) -> Objective:
    return Objective(
        sentence="Answer in a day", baseline=baseline, baseline_on=START, target=target, target_on=date(2026, 12, 10)
    )


@pytest.mark.parametrize(
    ("day", "needed"),
    [(START, 60), (date(2026, 10, 21), 75), (date(2026, 12, 10), 90), (date(2027, 6, 1), 90), (date(2026, 1, 1), 60)],
)
def test_the_line_runs_straight_from_baseline_to_target(day: date, needed: float) -> None:
    assert line(aim(), day) == pytest.approx(needed)


@pytest.mark.parametrize(
    ("objective", "current", "standing"),
    [
        (aim(), 76, "on track"),
        (aim(), 74, "behind"),
        (aim(), 90, "met"),
        (aim(), None, "no reading yet"),
        (aim(baseline=None), 99, "no baseline"),
        (aim(baseline=20, target=8), 15, "behind"),
        (aim(baseline=20, target=8), 13, "on track"),
        (aim(baseline=20, target=8), 8, "met"),
    ],
)
def test_an_objective_stands_where_its_line_says(objective: Objective, current: float | None, standing: str) -> None:
    assert progress(objective, current, date(2026, 10, 21)).standing == standing


def test_without_a_baseline_nothing_can_be_said_to_improve() -> None:
    assert progress(aim(baseline=None), 99, START).share == 0


@pytest.mark.parametrize(
    ("age", "next_age"),
    [
        (timedelta(0), timedelta(minutes=15)),
        (timedelta(minutes=15), timedelta(hours=1)),
        (timedelta(hours=5), timedelta(hours=6)),
        (timedelta(hours=6), timedelta(days=1)),
        (timedelta(days=1), timedelta(days=2)),
        (timedelta(days=29, hours=23), timedelta(days=30)),
        (timedelta(days=30), timedelta(days=35)),
        (timedelta(days=364), None),
        (timedelta(days=365), None),
    ],
)
def test_readings_are_dense_when_young_and_sparse_when_old(age: timedelta, next_age: timedelta | None) -> None:
    found = collecting.next_reading(BORN, BORN + age)
    expected = BORN + next_age if next_age else (BORN + timedelta(days=371) if age < timedelta(days=365) else None)
    assert found == expected


def test_weeks_begin_on_the_towns_monday_across_the_change_of_clocks() -> None:
    zone = ZoneInfo("Europe/London")
    over = weekly.weeks(datetime(2026, 10, 28, 9, 0, tzinfo=UTC), zone, 2)
    assert [week.first for week in over] == [date(2026, 10, 19), date(2026, 10, 26)]
    assert over[0].end.astimezone(UTC) - over[0].start.astimezone(UTC) == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("values", "words", "tone"),
    [
        ([80, 90], "10 points more than the week before", "good"),
        ([90, 80], "10 points less than the week before", "warn"),
        ([80, 80.2], "same as the week before", "plain"),
        ([None, 80], "no comparison with the week before yet", "plain"),
        ([80], "no comparison with the week before yet", "plain"),
    ],
)
def test_a_change_is_said_in_words(values: list[float | None], words: str, tone: str) -> None:
    change = charts.change([Figure(value) for value in values], SHARE)
    assert (change.words, change.tone) == (words, tone)


def test_fewer_hours_are_good_news() -> None:
    assert charts.change([Figure(12.0), Figure(9.5)], HOURS).tone == "good"


def test_a_charts_title_says_the_finding_and_over_how_many_weeks() -> None:
    figures = [Figure(None), Figure(61.0), Figure(None), Figure(90.0)]
    assert charts.finding(SHARE, figures) == "Answered within the promise: from 61 to 90 % in 2 weeks"


def test_a_missing_figure_is_a_gap_in_the_chart_and_never_nought() -> None:
    over = weekly.weeks(datetime(2026, 11, 18, 12, 0, tzinfo=UTC), ZoneInfo("UTC"), 2)
    chart = charts.weekly("answered_in_time", over, [Figure(None), Figure(50.0)])
    assert [row[1] for row in chart.rows] == [None, 50]
