"""How much platforms still let themselves be asked, as the health page says it: told, when, or not told at all."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import clock
from channels_app import caring, quotas
from channels_app.platforms.quotas import Quota
from tests.factories import NOON, make_channel, make_town, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def words(channel, now=NOON) -> list[tuple[str, str]]:
    return [(line.words, line.tone) for line in caring.quota(channel, now)]


def test_what_was_told_last_is_said_with_the_time_it_was_told():
    make_town()
    channel = make_channel("mastodon")
    assert words(channel) == [("Mastodon has told nothing yet. It comes with the next reading.", "plain")]
    quotas.put(channel, [Quota("calls", 200, 300, 300), Quota("uploads", 2, 30, None)], NOON - MINUTE)
    quotas.put(channel, [Quota("calls", 30, 300, 300)], NOON)
    (calls, calls_tone), (uploads, uploads_tone) = words(channel)
    assert re.fullmatch(r"30 of 300 calls left, until .*:05; told .*:00\.", calls)
    assert re.fullmatch(r"2 of 30 uploads left, told .*:59\.", uploads)
    assert (calls_tone, uploads_tone) == ("warn", "warn")
    (later, tone), _ = words(channel, NOON + 6 * MINUTE)
    assert later.startswith("Full again since ")
    assert "Last told" in later
    assert tone == "plain"


def test_each_channel_has_its_own_numbers():
    make_town()
    one, other = make_channel("bluesky"), make_channel("bluesky")
    quotas.put(one, [Quota("calls", 5, 3000, 60)], NOON)
    assert quotas.of(other) == []
    assert [told.left for told in quotas.of(one)] == [5]


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        (
            "linkedin",
            "Not told by LinkedIn until it is used up. "
            "Parley keeps its reading within 30% of 5,000 calls of a page a day.",
        ),
        (
            "youtube",
            "Not told by YouTube until it is used up. "
            "Parley keeps its reading within 30% of 10,000 units of the Google project a day.",
        ),
    ],
)
def test_where_nothing_is_told_that_is_said(platform: str, said: str):
    make_town()
    assert words(make_channel(platform)) == [(said, "plain")]


def test_x_keeps_its_month_to_itself():
    make_town()
    channel = make_channel("x")
    quotas.put(channel, [Quota("searches", 299, 300, 60)], NOON)
    assert "month's cap" in words(channel)[-1][0]


def test_the_health_page_shows_it(client: Client):
    make_town()
    channel = make_channel("mastodon")
    quotas.put(channel, [Quota("calls", 12, 300, 300)], clock.now())
    client.force_login(make_user("administrator"))
    body = html.unescape(client.get("/channels/health/").content.decode())
    assert "12 of 300 calls left" in body
