"""Emergency templates: every hazard in every language, five parts, readable, and short enough where it has to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy import hazards
from policy.hazards import HAZARDS, MARKS, PARTS, Parts

LANGUAGES = ("en", "cy", "es", "fr")
PLACE = "Mill Road and Riverside"


def parts(tag: str, hazard: str) -> Parts:
    given = hazards.language(tag).template(hazard)
    return Parts(
        given["title"],
        given["hazard_words"],
        PLACE,
        given["action"],
        given["time"],
        "Fernhill Town Council",
        next_update="14:30",
    )


def test_there_are_these_languages_and_whoever_is_no_speaker_is_told() -> None:
    assert tuple(sorted(hazards.languages())) == tuple(sorted(LANGUAGES))
    assert [tag for tag in LANGUAGES if hazards.language(tag).checked] == ["en"]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_hazard_has_a_whole_template_that_reads_well(tag: str) -> None:
    for hazard in HAZARDS:
        text = hazards.compose(parts(tag, hazard), tag)
        assert PLACE in text.splitlines()[0]
        assert "14:30" in text
        assert not any(word.isupper() and len(word) > 2 for word in text.split()), text
        assert "!" not in text
        assert ".." not in text
        assert parts(tag, hazard).missing() == []
        assert len(text) <= 350
        assert len(hazards.compose(parts(tag, hazard), tag, "short")) <= 280


def test_every_hazard_has_its_marks_for_other_systems() -> None:
    assert set(MARKS) == set(hazards.language("en").templates)
    assert MARKS["clear"][1] == "AllClear"


@pytest.mark.parametrize("name", PARTS)
def test_a_missing_part_is_named(name: str) -> None:
    assert replace(parts("en", "flood"), **{name: " "}).missing() == [hazards.PART_WORDS[name]]


def test_the_message_says_what_where_and_what_to_do_before_anything_else() -> None:
    whole = replace(
        parts("en", "flood"), not_for="the upper town", replaces="14:05", more_url="https://fernhill.example/"
    )
    assert hazards.compose(whole, "en") == (
        "Flood warning: Mill Road and Riverside.\n\n"
        "The river is rising and homes and roads will flood. "
        "Move people, pets and medicine upstairs. Do not walk or drive through flood water. Act now. "
        "This does not concern the upper town. This replaces our message of 14:05. Next update by 14:30. "
        "From Fernhill Town Council. More: https://fernhill.example/"
    )


def test_whom_to_call_stands_there_where_there_is_room() -> None:
    for tag in LANGUAGES:
        called = replace(parts(tag, "flood"), number="999")
        assert "999" in hazards.compose(called, tag)
        assert "999" not in hazards.compose(called, tag, "full")
        assert "999" not in hazards.compose(parts(tag, "flood"), tag)


def test_an_exercise_says_so_first_in_every_language() -> None:
    for tag in LANGUAGES:
        text = hazards.compose(replace(parts(tag, "flood"), exercise=True), tag, "short")
        assert text.startswith(hazards.language(tag).labels["exercise"])
