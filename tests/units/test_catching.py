"""Promises caught from words: which day they name, and which words promise nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engagement.catching import Caught, caught, same_words

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NEW_YEARS_EVE = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)  # a Thursday
CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}


def on(text: str, now: datetime = MONDAY, zone: ZoneInfo = LONDON, holidays=frozenset()) -> list[Caught]:
    return caught(text, now, zone, holidays)


DATED = [
    ("We'll get that fixed by Friday.", date(2026, 11, 27)),
    ("We will get that fixed by Friday", date(2026, 11, 27)),
    ("We’ll fix it by Monday.", date(2026, 11, 30)),
    ("We will mend it on Wednesday.", date(2026, 11, 25)),
    ("I will be in touch by next Friday.", date(2026, 11, 27)),
    ("On Friday we will mend it.", date(2026, 11, 27)),
    ("We will mend it before Friday.", date(2026, 11, 26)),
    ("We will mend it by Friday week.", date(2026, 12, 4)),
    ("We will mend it a week on Friday.", date(2026, 12, 4)),
    ("We will send the crew tomorrow.", date(2026, 11, 24)),
    ("We will send the crew today.", date(2026, 11, 23)),
    ("We will write here this afternoon.", date(2026, 11, 23)),
    ("We will reply here by 5 pm.", date(2026, 11, 23)),
    ("We will reply here by 17:00 on Thursday.", date(2026, 11, 26)),
    ("The crew will repair it within 3 working days.", date(2026, 11, 26)),
    ("Our roads team will repair it within five working days.", date(2026, 11, 30)),
    ("We will repair it in 2 to 3 weekdays.", date(2026, 11, 26)),
    ("We'll look at it within two weeks.", date(2026, 12, 7)),
    ("We'll look at it in a fortnight.", date(2026, 12, 7)),
    ("We'll come back to you within 24 hours.", date(2026, 11, 24)),
    ("We'll come back to you within the hour.", date(2026, 11, 23)),
    ("We'll look at it by the end of the week.", date(2026, 11, 29)),
    ("We will finish it by the end of the month.", date(2026, 11, 30)),
    ("We will finish it by the end of next month.", date(2026, 12, 31)),
    ("We will finish it next week.", date(2026, 12, 6)),
    ("We will finish it this week.", date(2026, 11, 29)),
    ("We will finish it by the end of the year.", date(2026, 12, 31)),
    ("We will repair the wall by 3 May.", date(2027, 5, 3)),
    ("We will repair the wall by the 3rd of December.", date(2026, 12, 3)),
    ("We will repair the wall before 3 December.", date(2026, 12, 2)),
    ("We will repair the wall by 2026-12-04.", date(2026, 12, 4)),
    ("It will be fixed by Friday.", date(2026, 11, 27)),
    ("Your bin will be emptied tomorrow.", date(2026, 11, 24)),
    ("You'll hear from us by Thursday.", date(2026, 11, 26)),
    ("Somebody will ring you tomorrow.", date(2026, 11, 24)),
    ("We’re going to repaint the line by Tuesday.", date(2026, 11, 24)),
    ("Sorry. We'll get St. Anne's gate mended by Friday.", date(2026, 11, 27)),
    ("We will check if the lamp is broken by Friday.", date(2026, 11, 27)),
    ("On Tuesday you wrote to us. We will fix it by Thursday.", date(2026, 11, 26)),
]


@pytest.mark.parametrize(("text", "day"), DATED)
def test_words_become_the_day_they_name(text: str, day: date):
    assert [one.day for one in on(text)] == [day]


EDGES = [
    ("We will fix it tomorrow.", NEW_YEARS_EVE, LONDON, date(2027, 1, 1)),
    ("We will fix it by Friday.", NEW_YEARS_EVE, LONDON, date(2027, 1, 1)),
    ("We will fix it within 2 working days.", NEW_YEARS_EVE, LONDON, date(2027, 1, 5)),
    ("We will fix it by the end of the month.", NEW_YEARS_EVE, LONDON, date(2026, 12, 31)),
    ("We will fix it by the end of next month.", NEW_YEARS_EVE, LONDON, date(2027, 1, 31)),
    ("We will fix it by the end of the year.", NEW_YEARS_EVE, LONDON, date(2026, 12, 31)),
    ("We will fix it next year.", NEW_YEARS_EVE, LONDON, date(2027, 12, 31)),
    ("We will fix it by 2 January.", NEW_YEARS_EVE, LONDON, date(2027, 1, 2)),
    ("We will fix it within 3 working days.", datetime(2026, 12, 23, 9, tzinfo=UTC), LONDON, date(2026, 12, 30)),
    ("We will fix it in a month.", datetime(2027, 1, 31, 9, tzinfo=UTC), LONDON, date(2027, 2, 28)),
    ("We will fix it by the end of the month.", datetime(2028, 2, 3, 9, tzinfo=UTC), LONDON, date(2028, 2, 29)),
    # half past eleven at night in the town is already the next day in UTC, or still the day before
    ("We will fix it tomorrow.", datetime(2026, 7, 1, 23, 30, tzinfo=UTC), LONDON, date(2026, 7, 3)),
    ("We will fix it tomorrow.", datetime(2026, 7, 2, 3, 30, tzinfo=UTC), NEW_YORK, date(2026, 7, 2)),
    # the night the clocks go forward takes an hour: 24 hours end on the day after tomorrow
    ("We'll answer you within 24 hours.", datetime(2026, 3, 28, 23, 30, tzinfo=UTC), LONDON, date(2026, 3, 30)),
    # the night they go back gives one: they end on the same evening
    ("We'll answer you within 24 hours.", datetime(2026, 10, 24, 23, 30, tzinfo=UTC), LONDON, date(2026, 10, 25)),
    ("We will fix it by Sunday.", datetime(2026, 3, 27, 12, tzinfo=UTC), LONDON, date(2026, 3, 29)),
    ("We will fix it today.", datetime(2026, 11, 1, 4, 30, tzinfo=UTC), NEW_YORK, date(2026, 11, 1)),
]


@pytest.mark.parametrize(("text", "now", "zone", "day"), EDGES)
def test_the_day_is_the_towns_over_year_ends_holidays_and_changes_of_the_clock(text, now, zone, day):
    assert [one.day for one in on(text, now, zone, CHRISTMAS)] == [day]


UNDATED = [
    "We'll make sure that's fixed.",
    "We’ll make sure that’s fixed.",
    "We will get back to you.",
    "I will get back to you about the lamp.",
    "Thank you. We'll get that sorted.",
    "We will let you know here.",
    "Our roads team will be in touch.",
    "We'll fix it.",
    "That will be repaired.",
    "They will get back to you.",
    "We'll make sure that it is cleared in Friday Street.",
]


@pytest.mark.parametrize("text", UNDATED)
def test_a_promise_without_a_day_is_caught_and_asks_for_one(text: str):
    assert [one.day for one in on(text)] == [None]


NOTHING = [
    "",
    "Thank you for telling us.",
    "The works end by Friday Street, next to the mill.",
    "We fixed it last Friday.",
    "We will welcome you by Friday Street.",
    "The crew was there on Friday.",
    "He said: “We will fix it by Friday.” Thank you for asking.",
    'The company wrote "we will fix it by Friday" to us.',
    "> We will fix it by Friday\nThank you, noted.",
    "If it stays dry, we will fix it by Friday.",
    "We will fix it by Friday if it stays dry.",
    "We will fix it by Friday unless it snows.",
    "Weather permitting, we will fix it by Friday.",
    "We hope to fix it by Friday.",
    "We aim to fix it by Friday.",
    "We would fix it by Friday.",
    "We could send somebody tomorrow.",
    "Will you be there on Friday?",
    "Shall we fix it by Friday?",
    "Will it be fixed by Friday?",
    "We will not fix it by Friday.",
    "We won't get to it this week.",
    "We can't fix it this week.",
    "We will be closed on Monday.",
    "The library will open on Friday at 9 am.",
    "You will have to move your car by Friday.",
    "We will always listen.",
    "It is on the list for this week.",
    "We'll see you there!",
    "It will rain on Friday.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_near_misses_promise_nothing(text: str):
    assert on(text) == []


def test_every_sentence_is_one_promise_with_its_own_words_and_place():
    text = "Sorry about that. We'll send the crew tomorrow.\nYou will hear from us by Friday. Thank you!"
    first, second = on(text)
    assert (first.quote, first.day) == ("We'll send the crew tomorrow.", date(2026, 11, 24))
    assert (second.quote, second.day) == ("You will hear from us by Friday.", date(2026, 11, 27))
    assert text[first.start : first.end].strip() == first.quote


def test_a_day_that_has_passed_is_none():
    assert [one.day for one in on("We will fix it by 3 May 2020.")] == [None]


def test_a_recurring_or_named_day_is_no_deadline():
    assert [one.day for one in on("We'll fix it after the Friday market, and every Friday we sweep.")] == [None]
    assert [one.day for one in on("We'll fix the stall that broke last Friday.")] == [None]


def test_words_are_the_same_whatever_their_spaces_and_capitals():
    assert same_words("We'll  fix it by Friday.") == same_words("we’ll fix it by friday")
    assert same_words("We'll fix it by Friday") != same_words("We'll fix it by Monday")


def test_the_same_words_always_give_the_same():
    text = "We'll mend it by Friday and paint it next week. You will hear from us within 3 working days."
    assert len({tuple(on(text)) for _ in range(20)}) == 1
