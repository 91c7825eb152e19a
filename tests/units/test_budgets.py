"""What platforms let themselves be asked, and how polls are stretched to stay within it."""

from __future__ import annotations

import pytest

from channels_app import platforms
from channels_app.platforms import budgets
from channels_app.platforms.budgets import BUDGETS, DAY, SHARE, Budget

FIVE_MINUTES = 1 / 300


def spent(platform: str, polls: dict[str, float]) -> dict[str, float]:
    """Which part of each budget the polls use in the long run, once they are stretched."""
    found = {}
    for group, budget in BUDGETS[platform].items():
        named = {name: rate for name, rate in polls.items() if group in {"", name}}
        used = [
            rate / budgets.stretch(platform, name, polls) * budget.costs.get(name, 1) for name, rate in named.items()
        ]
        found[group] = sum(used) * budget.seconds / budget.requests
    return found


@pytest.mark.parametrize("platform", sorted(BUDGETS))
@pytest.mark.parametrize("posts", [0, 1, 10, 500])
def test_polls_stay_within_the_share_of_reading_however_many_posts_there_are(platform: str, posts: int) -> None:
    polls = {"posts": FIVE_MINUTES, "mentions": FIVE_MINUTES, "comments": posts * FIVE_MINUTES}
    assert max(spent(platform, polls).values()) <= SHARE + 1e-9


@pytest.mark.parametrize("platform", ["x", "facebook", "mastodon", "bluesky", "instagram"])
def test_an_ordinary_channel_is_read_at_the_usual_pace(platform: str) -> None:
    polls = {"posts": FIVE_MINUTES, "mentions": FIVE_MINUTES, "comments": 12 * FIVE_MINUTES}
    assert {budgets.stretch(platform, name, polls) for name in polls} == {1.0}


def test_the_units_of_a_google_project_last_the_day() -> None:
    polls = {"posts": FIVE_MINUTES, "comments": 8 * FIVE_MINUTES}
    factor = budgets.stretch("youtube", "comments", polls)
    assert factor == pytest.approx((3 + 32) * 288 / (10_000 * SHARE))
    assert spent("youtube", polls)[""] == pytest.approx(SHARE)


def test_a_stream_with_a_budget_of_its_own_does_not_slow_the_others() -> None:
    polls = {"mentions": FIVE_MINUTES, "comments": 200 * FIVE_MINUTES}
    assert budgets.stretch("x", "comments", polls) > 1
    assert budgets.stretch("x", "mentions", polls) == 1


def test_a_platform_that_names_no_number_is_read_at_the_usual_pace() -> None:
    assert budgets.stretch("elsewhere", "posts", {"posts": 1000.0}) == 1
    assert not budgets.is_shared("elsewhere")


def test_every_platform_with_more_than_one_list_to_read_has_a_budget() -> None:
    read = {name for name in platforms.REGISTRY if platforms.get(name).STREAMS}
    assert read - set(BUDGETS) == {"rss"}


def test_every_budget_makes_sense_for_the_streams_there_are() -> None:
    assert budgets.is_shared("youtube")
    for name, groups in BUDGETS.items():
        streams = set(platforms.get(name).STREAMS) if name in platforms.REGISTRY else set()
        assert not streams or {*groups} - {""} <= streams
        for budget in groups.values():
            assert budget.what
            assert 0 < budget.seconds <= DAY
            assert 0 < budget.allowed() < budget.requests
    assert Budget(10, 1, "calls").allowed() == pytest.approx(3)
