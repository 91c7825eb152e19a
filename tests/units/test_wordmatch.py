"""Names and phrases in what people write: found as a person would find them, and nowhere else."""

from __future__ import annotations

import pytest

from engagement.wordmatch import Phrases, Text, lines, one_slip

THERE = [
    ("bin", "When is the BIN collected?"),
    ("bin", "My bin. Again!"),
    ("bin*", "The bins were left"),
    ("Town Hall", "the town hall is shut"),
    ("Town Hall", "the town-hall is shut"),
    ("Town Hall", "meet at #TownHall"),
    ("Town Hall", "meet at townhall today"),
    ("Mill Road", "puddles on #mill_road again"),
    ("Fernhill", "Fernhill's bins"),
    ("café", "the CAFE by the pool"),
    ("cafe", "the café by the pool"),
    ("Łódź road", "łódź road"),
    ("straße", "STRASSE"),
    ("@TownofX", "thanks @townofx for nothing"),
    ("@townofx", "thanks @TownofX@social.example!"),
    ("#bins", "again #Bins"),
    ("can't", "I can’t believe it"),
    ("pot\u00adhole", "pot\u200bhole"),
    ("水道", "今日は水道が止まった"),
    ("ถนน", "บนถนนมี"),
    ("дорога", "Дорога розбита"),
]
NOT_THERE = [
    ("bin", "a cabin in the woods"),
    ("bin", "the bins"),
    ("bin*", "cabin"),
    ("Mill Road", "Mill Roadworks"),
    ("Mill Road", "the road to the mill"),
    ("@TownofX", "Town of X, TownofX"),
    ("@town", "@townofx"),
    ("#bins", "bins"),
    ("bin", ""),
    ("", "anything"),
    ("!!", "anything!!"),
]


@pytest.mark.parametrize(("phrase", "text"), THERE)
def test_it_is_found(phrase: str, text: str) -> None:
    assert Phrases((phrase,)).found_in(Text(text)) == phrase


@pytest.mark.parametrize(("phrase", "text"), NOT_THERE)
def test_it_is_not_found(phrase: str, text: str) -> None:
    assert Phrases((phrase,)).found_in(Text(text)) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the Toon Hall is shut", True),
        ("the Town Halll is shut", True),
        ("the Twon Hall is shut", True),
        ("the Town Hal is shut", True),
        ("the Town Ball is fun", False),  # another first letter is another word
        ("the Down Hall", False),
        ("the Toon Halls", False),  # two slips
        ("the Town", False),
    ],
)
def test_one_slip_of_the_pen_is_forgiven_where_it_is_asked_for(text: str, found: bool) -> None:
    assert bool(Phrases(("Town Hall",), slips=True).found_in(Text(text))) is found
    assert Phrases(("Town Hall",)).found_in(Text(text)) == ""


def test_short_words_are_never_guessed() -> None:
    assert Phrases(("pool",), slips=True).found_in(Text("a poll")) == ""


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [("abc", "abc", True), ("abc", "abd", True), ("abc", "acb", True), ("abc", "ab", True), ("abc", "abcd", True),
     ("abc", "axy", False), ("abc", "cba", False), ("abc", "a", False), ("", "a", True)],
)  # fmt: skip
def test_one_slip(one: str, other: str, slip: bool) -> None:
    assert one_slip(one, other) is slip


def test_the_first_phrase_of_the_list_is_the_one_named() -> None:
    assert Phrases(("lid", "bin")).found_in(Text("bin and lid")) == "lid"


def test_the_lines_of_a_box_are_its_phrases() -> None:
    assert lines(" Mill   Road \n\n  bins\nbins\n") == ["Mill Road", "bins"]
