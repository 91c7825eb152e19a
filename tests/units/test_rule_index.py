"""The index of the rules' words leaves out no rule that fits, and asks no more than it has to."""

from __future__ import annotations

import random

import pytest

from engagement.rules.indexing import Index
from engagement.wordmatch import Phrases, Text

WORDS = [
    "bin",
    "bins",
    "missed",
    "road",
    "mill",
    "lamp",
    "dark",
    "out",
    "pool",
    "café",
    "cafes",
    "waste",
    "collection",
    "townhall",
    "#bins",
    "@fernhill",
    "thai",
    "ถนน",
]
RULES = [
    "bin",
    "bin*",
    "missed bin",
    "missed bin*",
    "mill road",
    "#bins",
    "@fernhill",
    "café",
    "ถนน",
    "t*",
    "town hall",
]


def rule(*said: str) -> Phrases:
    return Phrases(tuple(said))


def test_a_rule_that_fits_is_always_among_those_worth_asking() -> None:
    dice = random.Random(3)
    for _ in range(600):
        rules = [rule(*dice.sample(RULES, dice.randint(0, 3))) for _ in range(12)]
        text = Text(" ".join(dice.choices(WORDS, k=dice.randint(0, 8))))
        fits = [place for place, one in enumerate(rules) if not one.said or one.found_in(text)]
        worth = Index(rules).worth(text)
        assert set(fits) <= set(worth)
        assert worth == sorted(worth)


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("The bins were left", [1, 4]),
        ("A missed meeting", [2, 4]),
        ("When does the pool open?", [4]),
        ("MILL ROAD", [3, 4]),
        ("townhall today", [4, 5]),
    ],
)
def test_only_rules_with_a_word_in_it_are_asked(text: str, worth: list[int]) -> None:
    rules = [rule("bin"), rule("bin*"), rule("missed bin*"), rule("mill road"), rule(), rule("town hall")]
    assert Index(rules).worth(Text(text)) == worth
