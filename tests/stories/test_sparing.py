"""A channel with more to read than its platform allows is read more slowly, and one without is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_app.models import Channel, Cursor
from engagement import pace, sparing
from tests.factories import NOON, make_channel

pytestmark = pytest.mark.django_db


def follow(channel: Channel, posts: int, age: timedelta = timedelta(hours=1)) -> Cursor:
    """Cursors as intake makes them: one for the posts, one for the comments under each."""
    rows = [Cursor(channel=channel, stream="posts", next_poll_at=NOON)]
    rows += [
        Cursor(channel=channel, stream="comments", root=f"{age}-{n}", root_at=NOON - age, next_poll_at=NOON)
        for n in range(posts)
    ]
    Cursor.objects.bulk_create(rows, ignore_conflicts=True)
    return Cursor.objects.filter(channel=channel).latest("pk")


def test_fresh_posts_count_for_more_than_old_ones() -> None:
    channel = make_channel("youtube")
    fresh = follow(channel, 4)
    follow(channel, 4, timedelta(days=5))
    cursor = follow(channel, 4, timedelta(days=400))
    seconds = pace.EVERY.total_seconds()
    found = sparing.polls(cursor, NOON)
    assert found["posts"] == pytest.approx(1 / seconds)
    assert found["comments"] == pytest.approx(4 / seconds + 4 / 3600 + 4 / pace.OLDER.total_seconds())
    assert sparing.stretch(fresh, NOON) == sparing.stretch(cursor, NOON) > 1


def test_channels_of_one_google_project_share_its_units_and_pages_do_not() -> None:
    for platform, shared in (("youtube", True), ("facebook", False)):
        one = follow(make_channel(platform), 30)
        alone = sparing.polls(one, NOON)["comments"]
        follow(make_channel(platform), 30)
        assert (sparing.polls(one, NOON)["comments"] > alone) is shared


def test_a_quiet_channel_is_read_at_the_usual_pace_with_one_question() -> None:
    cursor = follow(make_channel("mastodon"), 0)
    assert sparing.stretch(cursor, NOON) == 1
