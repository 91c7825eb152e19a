"""Gaps with their reason, and totals that were taken back: tables over pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from metrics.gaps import Gap, Point, Restatement, gaps, restatements

FIRST = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DEAD = "no connection since Tuesday 3 November"


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def points(*values: int | str) -> list[Point]:
    """One reading a day: a value, or the reason why there is none."""
    return [Point(day(n), None, one) if isinstance(one, str) else Point(day(n), one) for n, one in enumerate(values)]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([], []),
        ([5, 0, 7], []),
        ([5, DEAD, DEAD, 6], [Gap(day(1), day(3), DEAD)]),
        ([5, "busy", DEAD], [Gap(day(1), None, DEAD)]),
        ([DEAD, 5, "busy"], [Gap(day(0), day(1), DEAD), Gap(day(2), None, "busy")]),
    ],
)
def test_a_gap_runs_from_its_first_missing_reading_to_the_next_value(said: list[int | str], found: list[Gap]) -> None:
    assert gaps(points(*said)) == found


@pytest.mark.parametrize(
    ("measure", "said", "found"),
    [
        ("likes", [3, 9, 9, 12], []),
        ("likes", [3, 9, 7, 12], [Restatement(day(2), 9, 7)]),
        ("likes", [9, "busy", 7], [Restatement(day(2), 9, 7)]),
        ("likes", [9, 0], [Restatement(day(1), 9, 0)]),
        ("followers", [9, 7], []),
    ],
)
def test_a_total_that_became_smaller_is_restated_and_a_level_may_fall(
    measure: str, said: list[int | str], found: list[Restatement]
) -> None:
    assert restatements(measure, points(*said)) == found


def test_a_restatement_says_what_it_was() -> None:
    assert Restatement(day(1), 1200, 9).words == "restated from 1,200 to 9"
