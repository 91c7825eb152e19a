"""The town's voice in numbers: over all messages together, and each writer's middle."""

from __future__ import annotations

import pytest

from policy.checks import drift
from policy.checks.house import shipped

HOUSE = shipped()


def test_measures_are_counted_by_hand() -> None:
    measured = drift.of_texts(["We're open today! You can come in.", "Our pool is yours 🎉"], HOUSE)
    assert measured == {
        "contractions": pytest.approx(100 / 3),
        "exclamations": pytest.approx(100 / 3),
        "emoji": 50.0,
        "sentence_length": pytest.approx(11 / 3),
        "you_we": pytest.approx(2 / 2),
    }


def test_nothing_to_measure_is_no_number() -> None:
    assert set(drift.of_texts([], HOUSE).values()) == {None}
    assert drift.of_texts(["Open."], HOUSE)["you_we"] is None


def test_what_lies_outside_is_named_with_its_band() -> None:
    measured = drift.of_texts(["We open! We close! We do! We mend!"], HOUSE)
    off = {one.band.name: one.value for one in drift.outside(measured, HOUSE)}
    assert off == {"contractions": 0.0, "exclamations": 100.0, "sentence_length": 2.0, "you_we": 0.0}


def test_one_long_message_does_not_move_a_writers_middle() -> None:
    texts = ["You can come in."] * 4 + [" ".join(["word"] * 90) + "."]
    assert drift.usual(texts, HOUSE)["sentence_length"] == 4.0
    assert drift.of_texts(texts, HOUSE)["sentence_length"] == pytest.approx((16 + 90) / 5)
