"""What counts in a caption, which addresses are fetched in practice, and what Instagram's errors mean."""

from __future__ import annotations

import pytest

from channels_app.emulator.fetching import fetched
from channels_app.platforms import facebook, instagram, instagram_containers
from channels_app.platforms.base import Outgoing
from channels_app.platforms.graph import code_of
from channels_app.platforms.instagram_client import TABLE
from tests.served import served


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 2200, ""),
        ("x" * 2201, "2200 characters"),
        ("#a #b #c #d #2026", ""),
        ("#a #b #c #d #e #f", "5 hashtags"),
        ("#a #b #c #d #e and R&#38;D, C#3, # 7", ""),
        (" ".join(["@name"] * 20), ""),
        (" ".join(["@na.me"] * 21), "20 names"),
        (" ".join(["post@fernhill.example"] * 30), ""),
    ],
)
def test_hashtags_and_names_are_counted_as_people_see_them(text: str, problem: str):
    found = instagram_containers.too_much(text)
    assert problem in found
    assert bool(found) == bool(problem)


def test_a_link_is_counted_with_the_words_it_stands_in():
    outgoing = Outgoing("post", "Read this.", link="https://fernhill.example/a")
    assert instagram.measure("Read this.", link=outgoing.link).used == len(instagram.words(outgoing))


@pytest.mark.parametrize("url", ["https://example.org/a.jpg", "http://10.0.0.1/a.jpg", "file:///etc/passwd", ""])
def test_in_practice_nothing_beyond_this_machine_is_fetched(url: str):
    assert fetched(url) is None


def test_what_is_on_this_machine_is_fetched_or_not_there():
    address = served(b"a picture")
    assert fetched(address) == b"a picture"
    assert fetched(f"{address}x") is None


@pytest.mark.parametrize(
    ("status", "code", "subcode", "name"),
    [
        (400, -2, 2207020, "-2/2207020"),
        (400, 9, 2207042, "9/2207042"),
        (400, 9, 1, "9"),
        (400, 4, 2207051, "4/2207051"),
        (400, 36003, 2207009, "36003"),
        (400, 10, 2534022, "10/2534022"),
        (403, 200, None, "200"),
        (500, 190, None, "HTTP 500"),
    ],
)
def test_an_error_is_named_as_instagrams_table_names_it(status: int, code: int, subcode: int | None, name: str):
    body = {"error": {"code": code, "error_subcode": subcode}}
    assert code_of(status, body, TABLE) == name
    assert (name in instagram.PROOF) == (name not in {"9", "HTTP 500"})


def test_one_host_two_platforms_each_with_its_own_words():
    assert instagram.HOST == facebook.HOST
    assert "Facebook" not in " ".join(instagram.PROOF.values())
