"""Whether people will notice: the warnings of a thin plan, and the estimate of who is left."""

from __future__ import annotations

import pytest

from calendar_app.coverage import Plan, missed, roughly, thin
from calendar_app.models import Reach


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (Plan(), "Nothing is planned yet."),
        (Plan(posts=1, channels=1), "One post on one channel"),
        (Plan(posts=2, channels=2), "Nothing is said twice"),
        (Plan(posts=4, channels=2), "beside social media"),
        (Plan(posts=4, channels=2, activities=1), "No partner"),
    ],
)
def test_a_thin_plan_is_told_where_it_is_thin(plan: Plan, told: str) -> None:
    assert told in " ".join(thin(plan))


def test_a_plan_with_repeats_partners_and_other_ways_gets_no_warning() -> None:
    assert thin(Plan(posts=4, channels=2, activities=1, partners=["Food bank"])) == []


@pytest.mark.parametrize(
    ("reaches", "times", "used", "share"),
    [
        ([], {}, set(), 100),
        ([(1, "", 50)], {}, set(), 100),
        ([(1, "", 50)], {1: 1}, set(), 85),
        ([(1, "", 100)], {1: 2}, set(), 49),
        ([(None, "letter", 90)], {}, {"letter"}, 10),
        ([(None, "letter", 90)], {}, {"radio"}, 100),
        ([(1, "", 50), (None, "letter", 90)], {1: 1}, {"letter"}, 8),
    ],
)
def test_who_is_left_is_estimated_from_what_reaches_them(
    reaches: list[tuple[int | None, str, int]], times: dict[int, int], used: set[str], share: int
) -> None:
    rows = [Reach(channel_id=channel, way=way, percent=percent) for channel, way, percent in reaches]
    assert missed(rows, times, used) == share


@pytest.mark.parametrize(("people", "told"), [(3848.0, 3800), (93.4, 93), (7.6, 8), (0.0, 0), (12_345.6, 12_000)])
def test_an_estimate_of_people_has_two_figures(people: float, told: int) -> None:
    assert roughly(people) == told
