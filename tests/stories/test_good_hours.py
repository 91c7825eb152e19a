"""Good hours come from a channel's own history, and only where chance does not explain them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from calendar_app import attending, slots
from calendar_app.models import GoodHour, HoursLook, Placement
from channels_app.models import Channel
from metrics import hours
from metrics.models import Reading, Tracked
from tests.factories import COUNT, NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_post

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
FLAT = [3.0, 5, 4, 6, 2, 5, 4]


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ({}, []),
        ({(0, 9): [90.0] * 10, (1, 9): [1.0] * 10}, []),  # twenty posts say nothing
        ({(0, 9): FLAT * 2, (1, 9): FLAT * 2, (2, 18): FLAT}, []),  # no hour differs
        ({(0, 9): FLAT * 4, (1, 18): [20.0, 22, 25, 19, 30, 24]}, [(1, 18)]),
        ({(0, 9): FLAT * 5, (1, 18): [900.0, 800, 700, 950]}, []),  # too few in the hour
        ({(0, 9): FLAT * 4, (1, 18): [20.0, 22, 25, 19, 30], (3, 8): [21.0, 19, 26, 22, 31]}, [(1, 18), (3, 8)]),
        ({(0, 9): [7.0] * 40, (1, 9): [7.0] * 40}, []),
    ],
)
def test_an_hour_is_good_where_chance_does_not_explain_it(numbers, found):
    assert [(one.weekday, one.hour) for one in hours.good(numbers)] == found
    assert hours.good(numbers) == hours.good(dict(reversed(numbers.items())))


def test_the_test_is_the_one_of_the_books():
    """Mann and Whitney's own kind of example: U is 19 of 25, the normal approximation with its correction."""
    assert hours.better([5, 7, 9, 11, 13], [4, 6, 8, 10, 3]) == pytest.approx(0.105, abs=0.001)
    assert hours.better([1.0] * 9, [1.0] * 9) == 1.0
    assert hours.better([], [1.0]) == 1.0


def make_read(channel: Channel, at: datetime, likes: int | None, age: timedelta = DAY) -> None:
    """A post that went out then, and its reading at that age."""
    tracked = Tracked.objects.create(channel=channel, remote_id=f"t{next(COUNT)}", published_at=at)
    missing = {"missing": "not given"} if likes is None else {}
    Reading.objects.create(tracked=tracked, measure="likes", at=at + age, value=likes, **missing)
    if likes is not None:
        Reading.objects.create(tracked=tracked, measure="impressions", at=at + age, value=9_999)
        Reading.objects.create(tracked=tracked, measure="likes", at=at + timedelta(days=9), value=5_000)


def history(channel: Channel, *, good: bool = True) -> None:
    """Twenty Tuesdays at nine and twenty Thursdays at six in the evening, town time, over a change of the clocks."""
    tuesday = datetime(2026, 11, 10, 9, 0, tzinfo=LONDON)
    for week in range(20):
        make_read(channel, tuesday - week * 7 * DAY, int(FLAT[week % 7]))
        evening = (tuesday + 2 * DAY).replace(hour=18) - (week + 1) * 7 * DAY
        make_read(channel, evening, int(FLAT[week % 7]) + (20 if good else 0))


@pytest.mark.django_db
def test_the_history_of_a_channel_becomes_its_good_hours_in_the_towns_time():
    make_town(zone="Europe/London")
    good, flat, young = make_channel("x"), make_channel("facebook"), make_channel()
    history(good)
    history(flat, good=False)
    make_read(young, NOON - 3 * DAY, 4)
    make_read(young, NOON - 5 * DAY, None)
    assert hours.measure_due(NOON) == 3
    assert hours.measure_due(NOON + timedelta(hours=1)) == 0
    row = GoodHour.objects.get()
    assert (row.channel, row.weekday, row.hour, row.posts, row.rate) == (good, 3, 18, 20, 24.0)
    told = [(one.best, one.posts, one.missing) for one in attending.hours([good, flat, young])]
    assert told == [(["Thu 18:00"], 20, 0), ([], 40, 0), ([], 1, 29)]
    assert HoursLook.objects.count() == 3


@pytest.mark.django_db
def test_the_composer_says_what_is_known_and_takes_the_next_good_hour(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    make_town(zone="Europe/London")
    writer, known, flat = make_user("publisher"), make_channel("x"), make_channel("facebook")
    GoodHour.objects.create(channel=known, weekday=3, hour=18, rate=24, posts=20, measured_at=NOON)
    HoursLook.objects.create(channel=known, posts=40, needed=30, measured_at=NOON)
    HoursLook.objects.create(channel=flat, posts=40, needed=30, measured_at=NOON)
    post = make_post(author=writer, channels=[known, flat])
    client = Client()
    client.force_login(writer)
    url = reverse("calendar:edit-post", args=[post.key])
    page = client.get(url).content.decode()
    for words in ("Thu 18:00", "No reliable difference", "Next good hour"):
        assert words in page
    at = slots.next_good([known, flat], NOON)
    assert at
    assert (at.wall.weekday(), at.wall.hour) == (3, 18)
    assert slots.next_good([flat], NOON) is None
    sent = {"text": post.text, "version": 1, "channels": [str(known.key), str(flat.key)], "act": "good-hour"}
    sent |= {"kind": "news", "situation": "everyday", "topic": post.topic.pk, "benefit": "learn"}
    client.post(url, sent)
    assert Placement.objects.filter(due_at=at.due_at).count() == 2
