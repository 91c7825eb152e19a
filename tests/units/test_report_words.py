"""The sentences of a report, as somebody reads them aloud."""

from __future__ import annotations

from typing import Any

import pytest

from metrics import report_words

LINE = {"name": "response_rate", "unit": "%", "value": 80.0, "shown": "80", "part": 8, "whole": 10, "missing": "",
        "change": "", "notes": [], "low": None, "high": None}  # fmt: skip
AIM = {"value": 12.0, "missing": "", "needed": "14", "target": "20", "target_unit": "a week", "unit": "",
       "by": "2027-06-30", "pace": "It moves."}  # fmt: skip
SHIFT = {"because": "Few wrote", "will": "We ask", "until": "2026-12-01", "measure": "Got an answer", "unit": "%",
         "then": "40", "after": None, "outcome": "", "words": "", "by": "Dev Patel"}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], "No objective is set"),
        (["met"], "The one objective is met"),
        (["no baseline"], "The one objective has no baseline"),
        (["on track", "behind"], "1 of 2 objectives is met or on track"),
        (["behind", "behind"], "0 of 2 objectives are met or on track"),
        (["met", "on track", "behind"], "2 of 3 objectives are met or on track"),
    ],
)
def test_objectives_are_counted_in_a_sentence(told: list[str], words: str) -> None:
    assert report_words.standings(told) == words


@pytest.mark.parametrize(
    ("facts", "figure", "of"),
    [
        ({}, "80 %", "8 of 10"),
        ({"value": None, "part": 0, "whole": 0}, "not known", "0 of 0"),
        ({"unit": "", "shown": "1,200", "part": None}, "1,200", ""),
        ({"name": "spend", "unit": "money", "low": 1200.0, "high": 3400.0}, "1,200 to 3,400", ""),
    ],
)
def test_a_figure_is_printed_with_its_unit_its_range_and_its_part(facts: dict[str, Any], figure: str, of: str) -> None:
    line = LINE | facts
    assert (report_words.figure(line), report_words.of(line)) == (figure, of)


def test_what_stands_beside_a_figure_is_sentences() -> None:
    line = LINE | {"missing": "nobody asked", "change": "3 more than the week before", "notes": ["one", "two"]}
    assert report_words.beside(line) == "Nobody asked. 3 more than the week before. One; two."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ", the line asks for 14; target 20 a week by 30 June 2027. It moves."),
        ({"value": None, "missing": "nobody counted", "needed": None, "target_unit": "", "unit": "%"},
         ", nobody counted; target 20 % by 30 June 2027. It moves."),
    ],
)  # fmt: skip
def test_an_objective_says_its_line_its_target_and_its_pace(facts: dict[str, Any], words: str) -> None:
    assert report_words.against(AIM | facts) == words


def test_a_post_says_one_comment_or_many_and_of_nothing_nothing() -> None:
    post = {"channel": "Fernhill on X", "number": 1, "rate": ""}
    assert report_words.post(post, "comments") == "Fernhill on X: 1 comment"
    assert report_words.post(post | {"number": 1200, "rate": "4.0 % of 900 reached"}, "shares") == (
        "Fernhill on X: 1,200 shares, 4.0 % of 900 reached"
    )
    assert report_words.post(post | {"number": 0}, "shares") == "Fernhill on X"


def test_below_a_list_stands_what_is_not_in_it() -> None:
    lists = {"posts": [{}], "more": 2, "untold": 1, "nothing": "Nobody did.", "notes": ["X tells no clicks."]}
    assert report_words.below(lists) == [
        "And 2 more.", "For 1 post no platform gives this number.", "X tells no clicks."
    ]  # fmt: skip
    assert report_words.below(lists | {"posts": []}) == ["Nobody did."]


def test_a_decision_says_its_day_and_the_figure_from_before_and_after() -> None:
    review = SHIFT | {"outcome": "It helped", "after": "60", "words": "More wrote."}
    told = report_words.changed({"decided": [SHIFT], "reviewed": [review], "waiting": []})
    assert [(one["when"], one["said"]) for one in told] == [
        ("Decided in this week, until 1 December 2026", "Got an answer: 40 % then. Dev Patel"),
        ("Looked at again in this week", "Got an answer: 40 % then, 60 % at the review. More wrote. Dev Patel"),
    ]
