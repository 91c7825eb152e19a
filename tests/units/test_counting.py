"""Texts are as long as the platform says they are, and counting never takes long."""

from __future__ import annotations

import time

import pytest

from channels_app import platforms
from channels_app.platforms import counting
from channels_app.platforms.base import Account, Outgoing

X = [
    ("", 0),
    ("Bins are collected on Tuesday.", 30),
    ("Mehr dazu auf stadt.de", 37),  # a bare domain is a link and counts 23
    ("https://fernhill.example.org/a/very/long/path?with=a&query=too", 23),
    ("🎉", 2),
    ("👨‍👩‍👧‍👦", 2),
    ("日本語", 6),
    ("café", 4),
    ("cafe\u0301", 4),
    ("a\r\nb", 3),
    ("@fernhill hello", 15),
]
MASTODON = [
    ("", 0),
    ("Mehr dazu auf stadt.de", 22),  # a bare domain is not a link here
    ("https://fernhill.example.org/a/very/long/path?with=a&query=too", 23),
    ("@resident@far.away.example hello", 15),
    ("@resident hello", 15),
    ("mail to person@fernhill.example", 31),
    ("👨‍👩‍👧‍👦", 1),
    ("नमस्ते", 3),
    ("cafe\u0301", 4),
    ("日本語", 3),
    ("a\r\nb", 3),
]
HOSTILE = ["www." * 350, "www." * 2000, "a.b" * 4000, "https://" * 900, "@a@b" * 2000, "((((" * 3000, "\u0301" * 9000]


@pytest.mark.parametrize(("text", "length"), X)
def test_x_counts_by_weight(text: str, length: int) -> None:
    assert platforms.get("x").measure(text).used == length


@pytest.mark.parametrize(("text", "length"), MASTODON)
def test_mastodon_counts_what_people_see(text: str, length: int) -> None:
    assert platforms.get("mastodon").measure(text).used == length


def test_facebook_counts_characters() -> None:
    assert platforms.get("facebook").measure("Grüße 🎉").used == 7


def test_the_link_counts_where_it_stands_in_the_text() -> None:
    link = "https://fernhill.example.org/x"
    assert platforms.get("x").measure("Read this.", link=link).used == 10 + 2 + 23
    assert platforms.get("mastodon").measure(f"Read {link}", link=link).used == 5 + 23
    assert platforms.get("facebook").measure("Read this.", link=link).used == 10


def test_a_text_far_too_long_is_never_said_to_fit() -> None:
    for text in ("word " * 4000, "x" * 5000, "🎉" * 900, *HOSTILE[:3]):
        assert counting.x(text) > counting.X_LIMIT
        assert counting.at_least(text) <= max(counting.x(text), 1)


def test_a_long_link_is_still_one_link() -> None:
    assert counting.x("Map: https://maps.example.org/" + "tile=1&" * 500 + "z=3") == 28
    assert counting.mastodon("Map: https://maps.example.org/" + "tile=1&" * 500 + "z=3") == 28


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_counted_in_time(text: str) -> None:
    started = time.perf_counter()
    for name in platforms.REGISTRY:
        platforms.get(name).measure(text)
    assert time.perf_counter() - started < 4


def test_a_mastodon_servers_own_limit_holds() -> None:
    account = Account("mastodon", "social.example", "1", "@f", {}, limits={"text": 1000, "images": 8, "unknown": 3})
    module = platforms.get("mastodon")
    assert module.measure("hello", account).limit == 1000
    assert module.limits(account).images == 8


def test_a_mastodon_reply_names_whom_it_answers_once() -> None:
    words = platforms.get("mastodon").words
    assert words(Outgoing("reply", "Yes.", mention="@ann@far.example")) == "@ann@far.example Yes."
    assert words(Outgoing("reply", "Yes, @Ann@far.example.", mention="@ann@far.example")) == "Yes, @Ann@far.example."
