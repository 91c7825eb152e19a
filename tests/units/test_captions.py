"""Captions: what is WebVTT is taken, and what is not is told line by line."""

from __future__ import annotations

import pytest

from channels_app.captions import problems

GOOD = "WEBVTT\n\n00:00:00.000 --> 00:00:03.500\nTurn the heating off.\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD.replace("\n", "\r\n"),
        "WEBVTT Warm rooms\n\nNOTE made by hand\n\n1\n00:01.000 --> 00:02.000 align:start\nOne\nand two\n",
        "WEBVTT\n\nSTYLE\n::cue { color: white }\n\n01:00:00.000 --> 01:00:01.000\nLate\n",
    ],
)
def test_captions_that_can_be_shown_are_taken(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Line 1"),
        ("1\n00:00:01,000 --> 00:00:02,000\nThis is SRT\n", "must begin with the word WEBVTT"),
        ("WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nComma\n", "Line 3: this is not a time"),
        ("WEBVTT\n\nwords without a time\n", "Line 3: here should stand a time"),
        ("WEBVTT\n\n00:00:05.000 --> 00:00:04.000\nBackwards\n", "ends before it begins"),
        ("WEBVTT\n\n00:00:05.000 --> 00:00:06.000\nA\n\n00:00:01.000 --> 00:00:02.000\nB\n", "before the one above"),
        ("WEBVTT\n\n00:00:05.000 --> 00:00:06.000\n\n", "has no words"),
        ("WEBVTT\n", "There is no caption"),
        ("WEBVTT\n" + "x" * 1_000_001, "longer than a million"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, told: str) -> None:
    assert told in " ".join(problems(text))
