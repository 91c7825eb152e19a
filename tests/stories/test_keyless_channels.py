"""A feed that is only read, and a place where a person posts: nothing is said of keys and papers that are not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from channels_app import connecting
from channels_app.models import Channel
from tests.factories import NOON, make_channel, make_town, make_user

pytestmark = pytest.mark.django_db
Read = Callable[[str], str]


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Channel:
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    make_town()
    return make_channel("rss", name="County flood desk", last_read_at=NOON)


@pytest.fixture
def read() -> Read:
    client = Client()
    client.force_login(make_user("administrator"))
    return lambda address: client.get(address).content.decode()


def test_a_feed_has_no_keys_no_case_and_no_kit(feed: Channel, read: Read):
    page = read(reverse("channels:channel", args=[feed.key]))
    assert "nothing is posted there, and nobody can be answered" in page
    assert "None: anybody may read it" in page
    for words in ("Enter new keys", "Case and kit", "Waiting to go out", "Answers end with", "keys are withdrawn"):
        assert words not in page, words
    assert "Try the connection" in page


def test_a_place_for_hands_names_no_key_and_keeps_its_case(feed: Channel, read: Read):
    nextdoor = make_channel("manual", name="Fernhill on Nextdoor")
    page = read(reverse("channels:channel", args=[nextdoor.key]))
    assert "None: a person posts here" in page
    assert "Case and kit" in page
    for words in (
        "Enter new keys",
        "Try the connection",
        "Answers end with",
        "Parley reads it every few minutes",
        "Parley alone",
    ):
        assert words not in page, words


def test_a_feed_is_in_no_register_and_under_no_review(feed: Channel, read: Read):
    other = make_channel("manual", name="Fernhill on Nextdoor")
    for name in ("channels:keys", "desk:review-channels"):
        page = read(reverse(name)).partition("<main")[2]
        assert other.name in page
        assert feed.name not in page


def test_a_feed_is_read_at_once_and_needs_no_opening(feed: Channel):
    made = connecting.connect("rss", "", {"feed": "https://news.fernhill.example/feed.atom"}, by=None, now=NOON)
    assert not made.in_preparation
