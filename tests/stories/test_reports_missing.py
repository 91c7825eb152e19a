"""What a report cannot say is said with its reason: of posts, of channels that nobody read, of weekly figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from channels_app import connecting
from metrics import aims, collecting, gaps, reporting, weekly
from metrics.models import Reading, Tracked
from tests.factories import make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective
from tests.factories_measures import bring_in

pytestmark = pytest.mark.django_db
WEEK, DAY = timedelta(days=7), timedelta(days=1)
LAST = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def town() -> None:
    make_town(zone="Europe/London", pack="none")


def line(content: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for part in content["sections"] for one in part["lines"] if one["name"] == name)


def test_why_nobody_could_read_the_numbers_of_posts_stands_beside_what_they_lack() -> None:
    channel = make_channel(name="Fernhill", created_at=TUESDAY - 10 * WEEK)
    make_delivery("published", channel=channel, published_at=TUESDAY)
    collecting.track_new(TUESDAY)
    connecting.needs_reconnect(channel, "The token was withdrawn.", TUESDAY + timedelta(minutes=1))
    collecting.note_unreachable(TUESDAY + DAY)
    content = reporting.content(LAST, MONDAY_SIX)
    for name in ("engagement_rate", "population_reached"):
        assert line(content, name)["missing"] == "no connection since Tuesday 10 November"
    post = Tracked.objects.exclude(remote_id="").get()
    for measure, value in (("likes", 5), ("reach", 100)):
        Reading.objects.create(tracked=post, measure=measure, at=TUESDAY + timedelta(hours=1), value=value)
    stale = line(reporting.content(LAST, MONDAY_SIX), "engagement_rate")
    assert stale["value"] == 5
    assert "1 post without a newer number: no connection since Tuesday 10 November" in stale["notes"]


def test_a_channel_that_nobody_read_at_all_is_a_gap_with_the_reason_that_was_told_last() -> None:
    week = reporting.week_of(LAST)
    silent, untold = (make_channel(name=name, created_at=TUESDAY - WEEK) for name in ("A", "B"))
    new = make_channel(name="C", created_at=week.end - DAY)
    for one, facts in ((silent, {"value": 7}), (untold, {"missing": "Letters tell no numbers"})):
        profile = Tracked.objects.create(channel=one, remote_id="", published_at=TUESDAY - WEEK)
        Reading.objects.create(tracked=profile, measure="followers", at=TUESDAY - WEEK, **facts)
    found = gaps.missing([silent, untold, new], week.start, week.end)
    assert [(one, gap.since, gap.until, gap.words) for one, gap in found] == [
        (silent, week.start, None, "no reading in this time"),
        (untold, week.start, None, "Letters tell no numbers"),
    ]


def test_a_weekly_figure_that_is_not_known_says_why() -> None:
    make_channel(created_at=TUESDAY - WEEK)
    week = reporting.week_of(LAST)
    said = {name: weekly.series(name, [week], MONDAY_SIX)[0].missing for name in weekly.FIGURES}
    assert said == {
        "answered_in_time": "nobody asked for an answer",
        "first_answer_hours": "nobody asked for an answer",
        "conversation_share": "nothing went out",
        "total_followers": "no channel told its followers",
    }
    make_objective(owner=make_user("manager"))
    assert reporting.content(LAST, MONDAY_SIX)["objectives"][0]["missing"] == "no channel told its followers"


def test_followers_brought_in_by_file_count_for_an_objective_as_in_its_rows() -> None:
    boss = make_user("manager")
    make_channel(name="Fernhill")
    rows = [("2026-11-12", "Fernhill", "2450")]
    bring_in(rows, ("Day", "Channel", "Followers"), kind="followers", by=boss, now=MONDAY_SIX - DAY)
    objective = make_objective(owner=boss)
    week = reporting.week_of(LAST)
    figure = aims.of(objective, [week, reporting.week_of(LAST + 3 * WEEK)], MONDAY_SIX + 4 * WEEK)
    assert [one.value for one in figure] == [2450, None]
    assert figure[1].missing == "no channel told its followers"
