"""Which day is meant: only from the words and the day they are read on."""

from __future__ import annotations

from datetime import date

import pytest

from policy.checks import dates, languages

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 May", date(2027, 5, 3)),
        ("May 3rd", date(2027, 5, 3)),
        ("Sept. 3, 2027", date(2027, 9, 3)),
        ("the 3rd of December 2026", date(2026, 12, 3)),
        ("1 November", date(2026, 11, 1)),
        ("1 October", date(2027, 10, 1)),
        ("29 February", None),
        ("29 February 2028", date(2028, 2, 29)),
        ("2027-02-03", date(2027, 2, 3)),
        ("25/12/2026", date(2026, 12, 25)),
        ("12/25/26", date(2026, 12, 25)),
        ("03/04/2027", None),
        ("today", MONDAY),
        ("tonight", MONDAY),
        ("tomorrow", date(2026, 11, 24)),
        ("Friday", date(2026, 11, 27)),
        ("next Monday", date(2026, 11, 30)),
        ("by the end of the week", date(2026, 11, 29)),
        ("end of Friday", date(2026, 11, 27)),
        ("by the end of the year", date(2026, 12, 31)),
        ("this weekend", date(2026, 11, 29)),
        ("next week", date(2026, 12, 6)),
        ("within 24 hours", date(2026, 11, 24)),
        ("within an hour", MONDAY),
        ("in ten days", date(2026, 12, 3)),
        ("within five working days", date(2026, 11, 30)),
    ],
)
def test_the_day_that_is_meant(text: str, day: date | None) -> None:
    [when] = dates.find(f"It is done {text}, we hope", MONDAY)
    assert when.day == day
    assert dates.find(f"It is done {text}, we hope", None)


@pytest.mark.parametrize(
    "text", ["24/7", "£3.50", "2.5%", "bus 4 and 11", "a 3-2 win", "may we", "in the park", "10:95"]
)
def test_what_is_no_day(text: str) -> None:
    assert [when for when in dates.find(f"It is {text} here", MONDAY) if when.kind != "time"] == []


def test_the_end_of_a_leap_february() -> None:
    [when] = dates.find("by the end of the month", date(2028, 2, 3))
    assert when.day == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Mae'r ffordd ar gau heddiw yn y dref ac am ddiwrnod", "cy"),
        ("La route est fermée pour les travaux dans la rue de la gare", "fr"),
        ("Die Straße ist wegen der Arbeiten an der Brücke und im Park nicht frei", "de"),
        ("The road is closed for the works on the bridge and in the park", "en"),
        ("La Rue", ""),
        ("Fernhill Mill Pond Lane Church Hill Station Bridge", ""),
    ],
)
def test_the_language_of_a_paragraph(text: str, tag: str) -> None:
    assert languages.guess(text) == tag
