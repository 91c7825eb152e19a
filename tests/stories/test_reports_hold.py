"""What a weekly report holds through: weeks of 167 and 169 hours, dead channels, posts that go, a past that changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from channels_app import connecting, outbox
from metrics import collecting, reporting
from metrics.models import FrozenReport, Tracked
from tests.factories import make_channel, make_delivery, make_town, make_user
from tests.factories_inbox import make_conversation
from tests.factories_measures import make_report

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
LAST = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)


def lines(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["name"]: line for part in content["sections"] for line in part["lines"]}


@pytest.mark.parametrize(
    ("zone", "monday", "hours", "start", "end"),
    [
        ("Europe/London", date(2026, 10, 19), 169, datetime(2026, 10, 18, 23), datetime(2026, 10, 26, 0)),
        ("Europe/London", date(2027, 3, 22), 167, datetime(2027, 3, 22, 0), datetime(2027, 3, 28, 23)),
        ("America/Edmonton", date(2026, 10, 26), 169, datetime(2026, 10, 26, 6), datetime(2026, 11, 2, 7)),
    ],
)
def test_when_clocks_change_every_message_belongs_to_exactly_one_week(
    zone: str, monday: date, hours: int, start: datetime, end: datetime
) -> None:
    make_town(zone=zone, pack="none")
    start, end = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
    channel = make_channel(created_at=start - WEEK)
    for at in (start - SECOND, start, end - SECOND, end):
        make_conversation(channel, at=at)
        make_delivery("published", channel=channel, published_at=at)
    week = reporting.week_of(monday)
    assert (week.start, week.end, end - start) == (start, end, timedelta(hours=hours))
    now = end + 2 * WEEK
    told = [lines(reporting.content(monday + n * WEEK, now)) for n in (-1, 0, 1)]
    assert [one["participants"]["value"] for one in told] == [1, 2, 1]
    assert [one["conversation_balance"]["whole"] for one in told] == [1, 2, 1]
    assert [one["response_rate"]["whole"] for one in told] == [1, 2, 1]


def test_a_channel_that_was_dead_for_two_days_is_a_gap_with_its_reason_and_no_number() -> None:
    make_town(zone="Europe/London", pack="none")
    tuesday = datetime(2026, 11, 10, 9, tzinfo=UTC)
    channel = make_channel(name="Fernhill", created_at=tuesday - 10 * WEEK)
    collecting.track_new(tuesday)
    Tracked.objects.update(next_at=tuesday)
    connecting.needs_reconnect(channel, "The token was withdrawn.", tuesday - timedelta(hours=1))
    for day in range(2):
        assert collecting.note_unreachable(tuesday + timedelta(days=day)) == 1
    profile = Tracked.objects.get()
    profile.readings.create(measure="followers", at=tuesday + timedelta(days=2), value=2450)
    content = reporting.content(LAST, MONDAY_SIX)
    words = "no numbers from Tuesday 09:00 to Thursday 09:00, no connection since Tuesday 10 November"
    assert f"Fernhill on Mastodon: {words}" in content["missing"]
    assert lines(content)["followers"]["value"] == 2450
    assert lines(content)["engagement_rate"]["value"] is None
    assert content["jumps"] == []
    still_dead = reporting.content(LAST + WEEK, MONDAY_SIX + WEEK)
    assert lines(still_dead)["followers"]["value"] == 2450, "a number of the last fortnight"
    long_dead = lines(reporting.content(LAST + 3 * WEEK, MONDAY_SIX + 3 * WEEK))["followers"]
    assert long_dead["value"] is None
    assert long_dead["missing"]


def test_a_post_deleted_after_the_report_stays_counted_and_the_next_one_tells() -> None:
    make_town(zone="Europe/London", pack="none")
    at = MONDAY_SIX - timedelta(days=4)
    channel = make_channel(name="Fernhill")
    gone, kept = (
        make_delivery("published", channel=channel, published_at=at, text=text) for text in ("Mill Road", "Bins")
    )
    first = make_report(LAST, MONDAY_SIX)
    before = first.frozen.content
    outbox.removed(channel, gone.remote_id, MONDAY_SIX + timedelta(days=1))
    second = make_report(LAST + WEEK, MONDAY_SIX + WEEK).frozen.content
    assert FrozenReport.objects.get(report=first).content == before
    assert lines(before)["conversation_balance"]["whole"] == 2
    assert second["restated"] == [
        "Week of 9 November, a post on Fernhill on Mastodon, “Mill Road”, is gone since Tuesday 17 November; "
        "it stays counted"
    ]
    assert reporting.content(LAST + 2 * WEEK, MONDAY_SIX + 2 * WEEK)["restated"] == []
    client = Client()
    client.force_login(make_user("manager"))
    query = "?from=2026-11-09&to=2026-11-16"
    rows = client.get(reverse("measures:figure-rows", args=["conversation_balance"]) + query).content.decode()
    assert str(gone.key) in rows
    assert str(kept.key) in rows


def test_what_is_written_of_last_week_later_changes_the_next_report_and_not_the_last() -> None:
    make_town(zone="Europe/London", pack="none")
    at = MONDAY_SIX - timedelta(days=4)
    channel = make_channel()
    make_conversation(channel, at=at)
    first = make_report(LAST, MONDAY_SIX)
    before = first.frozen.content
    make_conversation(channel, at=at + timedelta(hours=1))
    second = make_report(LAST + WEEK, MONDAY_SIX + WEEK).frozen.content
    assert FrozenReport.objects.get(report=first).content == before
    assert "Week of 9 November, People who wrote: 1 is now 2" in second["restated"]
    third = make_report(LAST + 2 * WEEK, MONDAY_SIX + 2 * WEEK).frozen.content
    assert third["restated"] == [], "each change is told once"
