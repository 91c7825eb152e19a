"""Followers out of all proportion, and hours against what is planned: tables over pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from metrics.anomalies import jumps
from metrics.capacity import Past, forecast
from metrics.gaps import Point

FIRST = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)


def days(*values: int | None) -> list[Point]:
    return [
        Point(FIRST + timedelta(days=n), value, "" if value is not None else "busy") for n, value in enumerate(values)
    ]


USUAL, LARGE = ([least + 4 * n for n in range(20)] for least in (5000, 250_000))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (USUAL, []),
        ([*USUAL, USUAL[-1] + 2000], [2000]),  # in one night
        ([*USUAL, USUAL[-1] + 2000, USUAL[-1] + 2004], [2000]),
        ([*USUAL, USUAL[-1] - 900], [-900]),
        ([*USUAL, USUAL[-1] + 90], []),  # less than would matter to anybody
        ([*USUAL, *[None] * 29, USUAL[-1] + 120], []),  # four a day over a month without readings
        ([40, 41, 43, 190], [147]),  # a small account that was bought
        ([*LARGE, 252_076], [2000]),  # of any size
        ([*LARGE, 252_075], []),
        ([200], []),
        ([], []),
    ],
)
def test_a_jump_is_a_change_out_of_all_proportion_to_the_usual(values: list[int | None], found: list[int]) -> None:
    assert [one.became - one.was for one in jumps(days(*values))] == found


def test_a_jump_says_what_is_usual_and_asks_for_a_look() -> None:
    (one,) = jumps(days(*USUAL, USUAL[-1] + 2000))
    assert one.words.startswith("2,000 followers more between two readings, where 4 a day are usual.")


PAST = Past(weeks=4, posts=40, under_posts=160, otherwise=80)


def test_doubling_the_planned_posts_raises_the_inbound_by_the_measured_replies_of_a_post() -> None:
    once, twice = forecast(10, PAST, 45, 12, 20), forecast(20, PAST, 45, 12, 20)
    assert (once.inbound, twice.inbound) == (10 * 4 + 20, 20 * 4 + 20)
    assert (once.hours, twice.hours) == ((450 + 60 * 12) / 60, (900 + 100 * 12) / 60)
    assert (once.over, twice.over) == (False, True)
    assert twice.words.startswith("Over capacity. 20 posts planned, about 4.0 messages each: about 100 messages")


@pytest.mark.parametrize("past", [Past(4, 0, 0, 30), Past(0, 0, 0, 0), Past(0, 3, 3, 0)])
def test_nothing_is_forecast_where_no_post_shows_what_one_brings_in(past: Past) -> None:
    found = forecast(10, past, 45, 12, 20)
    assert (found.inbound, found.hours, found.over) == (None, None, False)
    assert "nothing can be forecast" in found.words


def test_without_hours_nobody_is_over_capacity_and_it_is_said() -> None:
    found = forecast(10, PAST, 45, 12, None)
    assert not found.over
    assert found.words.endswith("Nobody has said how many hours there are.")
