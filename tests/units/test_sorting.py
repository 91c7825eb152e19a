"""The kind that words suggest, and what may be offered for it: criticism is answered, never hidden."""

from __future__ import annotations

import pytest

from engagement import sorting
from engagement.heat import posture
from engagement.models.triage import KINDS

TABLE = [
    ("When is the bin collected in Mill Road?", "question"),
    ("Can I bring a mattress to the tip", "question"),
    ("There is a huge pothole in Mill Road", "failure"),
    ("My bin was not emptied again", "failure"),
    ("The street light is out since Monday, when is it fixed?", "failure"),
    ("Not good enough. You promised this in March.", "criticism"),
    ("This is a waste of money and a terrible idea", "criticism"),
    ("I heard the council is closing the library for good", "misinformed"),
    ("Useless clowns, the lot of you", "rant"),
    ("We know where you live", "abuse"),
    ("I'll find you and you will be sorry", "abuse"),
    ("My neighbour hits her child every night", "safeguarding"),
    ("I do not want to go on, I want to end it all", "safeguarding"),
    ("This is a freedom of information request: how much did it cost?", "statutory"),
    ("Please delete all my data", "statutory"),
    ("I make a formal complaint about the useless parking clowns", "statutory"),
]


@pytest.mark.parametrize(("text", "kind"), TABLE)
def test_words_suggest_a_kind(text: str, kind: str):
    found = sorting.suggested(text)
    assert found is not None
    assert found.kind == kind
    assert found.words


@pytest.mark.parametrize("text", ["", "Thank you, lovely crew", "The heron is back on the pond"])
def test_what_suggests_nothing_is_left_to_a_person(text: str):
    assert sorting.suggested(text) is None


def test_every_kind_has_a_way_and_only_abuse_can_become_a_case():
    assert set(sorting.WAYS) == {kind for kind, _ in KINDS}
    assert {way for ways in sorting.WAYS.values() for way in ways} == set(sorting.WAY_WORDS)
    assert [kind for kind, _ in KINDS if sorting.may_open_case(kind)] == ["abuse"]


def test_nothing_that_hides_is_offered_for_criticism():
    for kind in ("criticism", "question", "failure", "misinformed", "rant"):
        offered = " ".join(sorting.WAY_WORDS[way] for way in sorting.WAYS[kind]).lower()
        assert not any(word in offered for word in ("hide", "remove", "delete", "block", "mute", "case"))


@pytest.mark.parametrize(
    ("texts", "answered", "expected"),
    [
        (["Why?"] * 10, False, "answer_once"),
        (["Why?"] * 10, True, "pin"),
        (["Why?"] * 2 + ["We know where you live"], True, "hold"),
        (["Why?"] * 3 + ["We know where you live"], False, "answer_once"),
        ([], False, "answer_once"),
    ],
)
def test_the_posture_follows_from_what_is_said(texts: list[str], answered: bool, expected: str):
    assert posture(texts, answered) == expected
