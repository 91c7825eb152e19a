"""What a post carries beside its words: what fits where, what is wrong with it, and how long words become a thread."""

from __future__ import annotations

import pytest

from calendar_app import carrying, closings, previewing
from calendar_app.carrying import Consent, More, Poll, Quote
from calendar_app.words import Words
from channels_app.models import Channel

X, FACEBOOK, MASTODON = (Channel(platform=name, host=f"{name}.example") for name in ("x", "facebook", "mastodon"))
ASKED = Poll(("Yes", "No"), 60)


@pytest.mark.parametrize(
    ("channel", "parts", "poll"),
    [(X, ("b", "c"), ASKED), (MASTODON, ("b", "c"), ASKED), (FACEBOOK, ("b",), None)],
    ids=["x", "mastodon", "facebook"],
)
def test_what_a_platform_cannot_do_is_not_carried_there(channel, parts, poll):
    assert carrying.fitting(More(("b", " ", "c"), ASKED), channel) == More(parts, poll)


@pytest.mark.parametrize(
    ("poll", "pictures", "words"),
    [
        (ASKED, 0, ""),
        (Poll(("Yes",)), 0, "at least two answers"),
        (Poll(("Yes", "yes")), 0, "are the same"),
        (Poll(("Yes", "N" * 26)), 0, "26 of 25 characters"),
        (Poll(tuple("abcde")), 0, "4 answers in a poll at most"),
        (Poll(("Yes", "No"), 8 * 24 * 60), 0, "open for so long"),
        (ASKED, 1, "a poll or pictures"),
    ],
)
def test_a_poll_that_x_would_refuse_is_said_before(poll, pictures, words):
    found = carrying.problems(More(poll=poll), X, pictures)
    assert bool(found) == bool(words)
    assert words in " ".join(found)


@pytest.mark.parametrize(
    ("quote", "text", "alt", "words"),
    [
        (Quote("Water finds a way.", "Ada Pond", "Council, 3 May", "key"), "“Water finds a way.” Yes.", None, ""),
        (Quote("Water finds a way.", "Ada Pond"), "Water finds a way.", None, "where they come from"),
        (Quote("Water finds a way.", "Ada Pond", "Council"), "Something else.", None, "in the text as well"),
        (Quote("Water finds a way.", "Ada Pond", "Council", "key"), "Water finds a way.", "A card", "alt text"),
        (Quote("Water finds a way.", "Ada Pond", "Council", "key"), "Water finds a way.", "Water finds  a way.", ""),
        (Quote(), "No quote at all.", None, "who said them"),
    ],
)
def test_a_quote_is_whole_or_says_what_is_missing(quote, text, alt, words):
    found = carrying.quote_problems("quote", quote, [text], {"key": alt} if alt else {})
    assert bool(found) == bool(words)
    assert words in " ".join(found)


def test_behind_the_scenes_needs_a_recorded_consent_and_nothing_else_does():
    assert carrying.consent_problems("news", Consent()) == []
    assert carrying.consent_problems("behind", Consent("Ada", safe=True))
    assert carrying.consent_problems("behind", Consent("Ada", safe=True, by="key", at="2026-11-18")) == []


def test_whose_word_a_consent_is_stays_until_it_is_changed():
    first = carrying.recorded(Consent("Ada", safe=True), Consent(), "sam", "then")
    assert (first.by, first.at) == ("sam", "then")
    assert carrying.recorded(Consent("Ada", safe=True, by="forged"), first, "jo", "now") == first
    assert carrying.recorded(Consent("Ada and Bo", safe=True), first, "jo", "now").by == "jo"
    assert not carrying.recorded(Consent("Ada", safe=False), first, "jo", "now").recorded


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Short.", ["Short."]),
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("One.\n\nTwo is here.\nThree is here.", ["One.\n\nTwo is here.", "Three is here."]),
        ("a b c d e f g h i j k l m n", ["a b c d e f g h i j", "k l m n"]),
        ("Unbrokenwordofmanyletters", ["Unbrokenwordofmanyletters"]),
    ],
)
def test_long_words_are_cut_between_sentences_then_between_words(text, parts):
    assert closings.split(text, lambda part, place: len(part) <= 20, 9) == parts


def test_no_word_is_lost_by_cutting():
    text = "The weir is closed. It opens on Monday, says the river trust! Who wants to help?\n\nCome to the mill. " * 4
    parts = closings.split(text, lambda part, place: len(part) <= 60, 99)
    assert " ".join(parts).split() == text.split()
    assert max(len(one) for one in parts) <= 60


def test_closing_questions_are_offered_where_nothing_is_asked_yet():
    words = Words(text="We planted three trees.", kind="fix")
    offered = closings.fitting(words)
    assert offered[0] == "Where should we look next?"
    put = closings.put(words, "0")
    assert put.text.endswith("\n\nWhere should we look next?")
    assert closings.fitting(put) == []
    assert closings.put(words, "99") == closings.put(words, "x") == words
    for quiet in (words.but(kind="correction"), words.but(text=""), words.but(situation="death")):
        assert closings.fitting(quiet) == []


def test_the_feed_folds_long_words_at_a_word_and_shows_short_ones_whole():
    assert previewing.folded("Short.", "facebook") == ""
    assert previewing.folded("word " * 200, "facebook").endswith("word")
    assert len(previewing.folded("word " * 200, "facebook")) <= 477
    assert previewing.folded("1\n2\n3\n4\n5\n6", "facebook") == "1\n2\n3\n4\n5"
    assert previewing.folded("word " * 200, "x") == ""
