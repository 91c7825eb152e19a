"""What Bluesky makes of a text: lengths, and links, names and tags by their bytes; and the names of records."""

from __future__ import annotations

import time

import pytest

from channels_app import platforms
from channels_app.platforms import bluesky_text as text

PEOPLE = {"ann.bsky.social": "did:plc:ann", "fernhill.example": "did:web:fernhill.example"}
LENGTHS = [
    ("", 0),
    ("Bins are collected on Tuesday.", 30),
    ("👨‍👩‍👧‍👦", 1),
    ("नमस्ते", 3),  # a conjunct is one
    ("cafe\u0301", 4),
    ("שלום עולם", 9),
    ("日本語", 3),
    ("https://fernhill.example/a/very/long/path", 41),  # a link counts in full
    ("あ" * 300, 300),
    ("👨‍👩‍👧‍👦" * 121, 303),  # 121 characters, but 3025 bytes
]
FACETS = [
    ("Read https://fernhill.example/a?b=c.", [("https://fernhill.example/a?b=c", "https://fernhill.example/a?b=c")]),
    ("👨‍👩‍👧‍👦 see stadt.de/x", [("stadt.de/x", "https://stadt.de/x")]),
    ("(https://a.example/b_(c))", [("https://a.example/b_(c)", "https://a.example/b_(c)")]),
    ("שלום #ספרייה @ann.bsky.social!", [("#ספרייה", "ספרייה"), ("@ann.bsky.social", "did:plc:ann")]),
    ("日本語 #図書館 https://例え.jp/あ", [("#図書館", "図書館"), ("https://例え.jp/あ", "https://例え.jp/あ")]),
    ("cafe\u0301 #cafe\u0301s", [("#cafe\u0301s", "cafe\u0301s")]),
    ("नमस्ते #नमस्ते 🎉 @fernhill.example", [("#नमस्ते", "नमस्ते"), ("@fernhill.example", "did:web:fernhill.example")]),
    ("It is closed.Then it opens, e.g. at 10.30 a.m.", []),
    ("mail ann@ann.bsky.social or @nobody.example", []),
    ("#1 #2026 #️⃣ a#b", []),
    ("#Weir2026, then", [("#Weir2026", "Weir2026")]),
    ("https://x.example/#part #part", [("https://x.example/#part", "https://x.example/#part"), ("#part", "part")]),
    ("https://", []),
]
HOSTILE = ["www." * 700, "a.b" * 900, "https://" * 400, "@a@b" * 700, "((((" * 700, "\u0301" * 3000, "a-" * 1500]


@pytest.mark.parametrize(("words", "length"), LENGTHS)
def test_characters_count_as_readers_see_them_and_bytes_count_too(words: str, length: int) -> None:
    assert platforms.get("bluesky").measure(words).used == length


def test_a_link_counts_where_it_stands() -> None:
    link = "https://fernhill.example/x"
    assert platforms.get("bluesky").measure("Read this.", link=link).used == 10 + 2 + len(link)
    assert platforms.get("bluesky").measure(f"Read {link}", link=link).used == 5 + len(link)


@pytest.mark.parametrize(("words", "expected"), FACETS)
def test_links_names_and_tags_are_marked_by_their_bytes(words: str, expected: list[tuple[str, str]]) -> None:
    data, found = words.encode(), []
    for facet in text.facets(words, lambda handle: PEOPLE.get(handle, "")):
        part = data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        (feature,) = facet["features"]
        kind = feature.pop("$type").rpartition("#")[2]
        assert list(feature) == [{"link": "uri", "mention": "did", "tag": "tag"}[kind]]
        found.append((part, next(iter(feature.values()))))
    assert found == expected


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_marked_in_time(words: str) -> None:
    started = time.perf_counter()
    text.facets(words, lambda handle: "")
    assert time.perf_counter() - started < 1


def test_a_name_has_the_servers_shape_is_always_the_same_and_sorts_as_its_moment() -> None:
    names = {text.rkey(f"delivery {number}") for number in range(500)}
    assert len(names) == 500
    assert all(len(name) == 13 and name[0] in "234567abcdefghij" and set(name) <= set(text.LETTERS) for name in names)
    assert text.rkey("one") == text.rkey("one")
    now = 1_796_000_000_000_000
    made = [text.tid(micros, count) for micros, count in ((0, 0), (now, 3), (now, 4), (now + 1, 0), (2**53 - 1, 1023))]
    assert made == sorted(made)
    assert max(names) < text.tid(now, 0)  # none lies in the future
    assert made[0] == "2222222222222"
