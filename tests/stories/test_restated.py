"""What earlier reports would say otherwise is told once, in the next one: of any week, of topics and objectives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from channels_app import outbox
from engagement.models import ClockEvent
from metrics.models import Aim, Reading, Tracked
from policy.models import Objective
from tests.factories import make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective, make_topic
from tests.factories_inbox import make_conversation
from tests.factories_measures import bring_in, make_report

pytestmark = pytest.mark.django_db
WEEK, DAY = timedelta(days=7), timedelta(days=1)
LAST = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)
THURSDAY = MONDAY_SIX - 4 * DAY


@pytest.fixture(autouse=True)
def town() -> None:
    make_town(zone="Europe/London", pack="none")


def report(weeks: int = 0) -> dict[str, Any]:
    """So many weeks after the first one, on its Monday."""
    content: dict[str, Any] = make_report(LAST + weeks * WEEK, MONDAY_SIX + weeks * WEEK).frozen.content
    return content


def about(words: str, lines: list[str]) -> list[str]:
    return [one for one in lines if words in one]


def test_a_change_of_a_week_reported_long_ago_is_told_in_the_next_report_and_never_again() -> None:
    channel = make_channel()
    make_conversation(channel, at=THURSDAY)
    for week in range(3):
        report(week)
    make_conversation(channel, at=THURSDAY + timedelta(hours=1))
    told = report(3)["restated"]
    assert about("People who wrote", told) == ["Week of 9 November, People who wrote: 1 is now 2"]
    assert report(4)["restated"] == []
    make_conversation(channel, at=THURSDAY + timedelta(hours=2))
    assert about("People who wrote", report(5)["restated"]) == ["Week of 9 November, People who wrote: 2 is now 3"]


def test_an_answer_after_the_report_has_come_in_after_and_restates_nothing() -> None:
    asked = make_conversation(at=THURSDAY)
    report()
    late = MONDAY_SIX + DAY
    ClockEvent.objects.create(conversation=asked, kind="answered", at=late, noted_at=late, message=asked.messages.get())
    second = report(1)
    assert about("Got an answer", second["after"]) == ["Week of 9 November, Got an answer: 0 is now 100"]
    assert second["restated"] == []
    assert report(2)["after"] == []


def test_a_post_that_goes_weeks_after_its_report_is_told_in_the_next_one_and_never_again() -> None:
    channel = make_channel(name="Fernhill")
    gone = make_delivery("published", channel=channel, published_at=THURSDAY, text="Mill Road")
    for week in range(3):
        report(week)
    outbox.removed(channel, gone.remote_id, MONDAY_SIX + 16 * DAY)
    words = "Week of 9 November, a post on Fernhill on Mastodon, “Mill Road”, is gone since Wednesday 2 December"
    assert report(3)["restated"] == [f"{words}; it stays counted"]
    assert report(4)["restated"] == []


def test_a_corrected_file_restates_the_lines_about_a_topic_and_the_objective() -> None:
    boss, bins = make_user("manager"), make_topic(name="Bins")
    objective = make_objective(owner=boss, sentence="Fewer calls about bins")
    Objective.objects.filter(pk=objective.pk).update(measure="contacts", family="service")
    Aim.objects.create(objective=objective, topic=bins)
    calls = [((LAST - n * WEEK).isoformat(), "Bins", "Phone", "40") for n in range(8)]
    bring_in(calls, by=boss, now=MONDAY_SIX - DAY)
    report()
    bring_in([(LAST.isoformat(), "Bins", "Phone", "90")], by=boss, now=MONDAY_SIX + DAY)
    restated = report(1)["restated"]
    assert about("“Fewer calls", restated) == ["Week of 9 November, “Fewer calls about bins”: 40 is now 90"]
    assert about("Pressure on other services: Bins", restated)
    assert not about("Week of 9 November", report(2)["restated"])


def test_numbers_that_a_platform_took_back_are_named_in_the_next_report() -> None:
    channel = make_channel("x", name="Fernhill")
    post = Tracked.objects.create(channel=channel, remote_id="77", published_at=THURSDAY)
    for n, value in enumerate((1200, 1210, 9)):
        Reading.objects.create(tracked=post, measure="likes", at=THURSDAY + (n * 3 + 1) * DAY, value=value)
    report()
    words = "Likes of a post on Fernhill on X made outside Parley, restated from 1,210 to 9 by the platform"
    assert report(1)["restated"] == [words]
    assert report(2)["restated"] == []


def test_numbers_that_a_platform_took_back_are_named_on_the_page_of_their_channel() -> None:
    channel, other, now = make_channel("x", name="Fernhill"), make_channel("x", name="Other"), clock.now()
    post = Tracked.objects.create(channel=channel, remote_id="77", published_at=now - 2 * DAY)
    for age, value in ((DAY, 1210), (timedelta(seconds=1), 9)):
        Reading.objects.create(tracked=post, measure="likes", at=now - age, value=value)
    client = Client()
    client.force_login(make_user("manager"))
    urls = [reverse("figures:channel", args=[one.key]) for one in (channel, other)]
    pages = [client.get(url, {"by": "week", "of": str(now.date())}).content.decode() for url in urls]
    assert ["restated from 1,210 to 9 by the platform" in page for page in pages] == [True, False]


def test_numbers_that_a_platform_took_back_are_named_beside_the_rows_they_stand_in() -> None:
    """With what it said before and since, when, and who says so; not those of a channel that is not seen."""
    channel, other = make_channel("x", name="Fernhill"), make_channel("x", name="Other")
    for one in (channel, other):
        post = Tracked.objects.create(channel=one, remote_id="77", published_at=THURSDAY)
        for n, (likes, reach) in enumerate(((1200, 4000), (1210, 4000), (9, 3000))):
            at = THURSDAY + (n + 1) * timedelta(hours=6)
            for name, value in (("likes", likes), ("reach", reach)):
                Reading.objects.create(tracked=post, measure=name, at=at, value=value)
    client = Client()
    client.force_login(make_user("officer", scope=channel.scope))
    days = {"from": LAST.isoformat(), "to": (LAST + WEEK).isoformat()}
    told = {
        name: client.get(reverse("measures:figure", args=[name]), days).context["restated"]
        for name in ("engagement_rate", "population_reached", "own_clicks", "response_rate")
    }
    words = "of a post on Fernhill on X made outside Parley:"
    since = "since Friday 13 November 2026, 00:00, as X says"
    liked, seen = f"Likes {words} 1,210 before, 9 {since}", f"People reached {words} 4,000 before, 3,000 {since}"
    assert told == {
        "engagement_rate": [liked, seen],
        "population_reached": [seen],
        "own_clicks": [],
        "response_rate": [],
    }
