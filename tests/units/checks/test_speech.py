"""A post as it is heard, before and after the fixes."""

from __future__ import annotations

import pytest

from policy import checks, speech
from policy.checks import Context, Draft, Image
from policy.speech import Piece

LOUD = "𝐅𝐑𝐄𝐄 👏👏 #binday"


def heard(text: str) -> list[str]:
    return [piece.spoken for piece in speech.spoken(text)]


def test_a_loud_post_is_a_litany() -> None:
    assert speech.spoken(LOUD) == [
        Piece("fancy", "𝐅", "mathematical bold capital F"),
        Piece("fancy", "𝐑", "mathematical bold capital R"),
        Piece("fancy", "𝐄", "mathematical bold capital E"),
        Piece("fancy", "𝐄", "mathematical bold capital E"),
        Piece("emoji", "👏", "clapping hands"),
        Piece("emoji", "👏", "clapping hands"),
        Piece("hashtag", "#binday", "hashtag binday"),
    ]


def test_its_fixes_make_it_heard() -> None:
    text = LOUD
    while fixable := [one for one in checks.check(Draft(text), Context()) if one.fix]:
        text = checks.apply(text, fixable[0])
    assert text == "FREE #BinDay 👏"
    assert checks.check(Draft(text), Context()) == []
    assert heard(text) == ["FREE", "hashtag Bin Day", "clapping hands"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", []),
        (" \n ", []),
        ("Bin day is Tuesday.", ["Bin day is Tuesday."]),
        ("One.\nTwo.", ["One. Two."]),
        ("👍🏽", ["thumbs up: medium skin tone"]),
        ("👩‍🚒", ["woman firefighter"]),
        ("❤", ["red heart"]),
        ("❤️", ["red heart"]),
        ("🇬🇧", ["flag: United Kingdom"]),
        ("1️⃣", ["keycap: 1"]),
        ("ʜɪ", ["latin letter small capital H", "latin letter small capital I"]),
        ("Ⓗ", ["circled latin capital letter H"]),
        ("#FernhillNHSDay #bin_day", ["hashtag Fernhill NHS Day", "hashtag bin day"]),
        ("Thank you @FernhillTown!", ["Thank you", "at Fernhill Town"]),
        ("See https://www.fernhill.example/bins/ now", ["See", "link, fernhill.example/bins", "now"]),
        ("© 2026 Fernhill", ["© 2026 Fernhill"]),
    ],
)
def test_each_thing_is_said_its_way(text: str, said: list[str]) -> None:
    assert heard(text) == said


def test_pictures_and_the_card_come_after_the_words() -> None:
    pictures = [Image("Three oak\nbenches"), Image("", decorative=True), Image("")]
    stream = speech.spoken("New benches.", pictures, "https://fernhill.example/benches", "Where they stand")
    assert [(piece.kind, piece.spoken) for piece in stream] == [
        ("text", "New benches."),
        ("alt", "image, Three oak benches"),
        ("alt", "image, and nothing that says what is in it"),
        ("link", "link, Where they stand"),
    ]
    assert speech.said(stream).startswith("New benches. · image, Three oak benches")
    assert speech.spoken("", link="https://fernhill.example/a")[0].spoken == "link, fernhill.example/a"
