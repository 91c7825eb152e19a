"""Phrases as X is asked for them: nothing in them means anything to X, and no question is too long."""

from __future__ import annotations

import pytest

from channels_app.platforms.x_search import LONGEST, queries, quoted


@pytest.mark.parametrize(
    ("phrase", "asked"),
    [("bins", "bins"), ("Mill Road", '"Mill Road"'), ("@TownofX", "@TownofX"), ("#bins", "#bins"), ("bin*", "bin"),
     ('from:ann "x"', '"from ann x"'), ("-bins", "bins"), ("a) OR (b", '"a OR b"'), ("mill-road", '"mill-road"'),
     ("!!", "")],
)  # fmt: skip
def test_a_phrase_is_only_a_phrase(phrase: str, asked: str) -> None:
    assert quoted(phrase) == asked


def test_many_phrases_make_several_questions_and_none_is_lost() -> None:
    phrases = [f"number {n} of the long phrases" for n in range(40)]
    asked = list(queries(phrases, "@fernhill"))
    assert len(asked) > 1
    assert all(len(one) <= LONGEST for one in asked)
    assert all(one.endswith(") -is:retweet -from:fernhill") for one in asked)
    assert all(any(f'"{phrase}"' in one for one in asked) for phrase in phrases)


def test_nothing_to_look_for_is_no_question() -> None:
    assert list(queries(["!!"], "@fernhill")) == []
