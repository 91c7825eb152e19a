"""A week held against the town's own weeks before, by numbers that were as young."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from metrics import collecting
from metrics.measures import from_followers
from metrics.measures.influence import influence, ratios
from metrics.measures.shape import Span
from metrics.models import Reading, Tracked
from tests.factories import NOON, make_channel, make_town, make_user

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none", population=20_000)
    return make_user("manager")


def read(tracked: Tracked, at: datetime, **numbers: int) -> None:
    for name, value in numbers.items():
        Reading.objects.create(tracked=tracked, measure=name, at=at, value=value)


@pytest.mark.parametrize("now", [NOON + 4 * DAY + DAY / 2, NOON + DAY])
def test_a_town_that_reaches_as_many_every_week_is_as_influential_as_usual(boss: User, now: datetime) -> None:
    channel = make_channel(name="Fernhill")
    collecting.track_new(NOON - 14 * WEEK)
    profile = Tracked.objects.get(channel=channel)
    for n in range(14):
        at = NOON - n * WEEK - 2 * DAY
        read(profile, at, followers=1000)
        tracked = Tracked.objects.create(channel=channel, remote_id=f"p{n}", published_at=at)
        read(tracked, at + DAY, reach=400)
        read(tracked, at + 10 * DAY, reach=4000)
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    rows = from_followers.influence(Span(monday, monday + WEEK, now))
    assert ratios(rows)["reach"] == 1.0
    steady = [one if one.part == "reach" else replace(one, value=3.0) for one in rows]
    assert influence(steady).value == pytest.approx(100)
