"""Fields are filled from what is known, and what is not is named."""

from __future__ import annotations

import pytest

from accounts.refusals import Invalid
from engagement import filling
from engagement.considered import Fix, No, gives, words_of_fix, words_of_no
from engagement.filling import Facts
from engagement.picking import joined
from engagement.together import names
from tests.factories import NOON

FACTS = Facts(
    plain={"name": "Ken", "hours": "Monday to Friday 9:00 to 17:00", "department": "", "reference": ""},
    links={"bin-day": "https://fernhill.example/bins"},
    why={"reference": "stays inside", "link:pool": "leads to a page that does not work"},
)


@pytest.mark.parametrize(
    ("text", "filled", "gap"),
    [
        ("Dear {name}.", "Dear Ken.", ""),
        ("See {link:bin-day}", "See https://fernhill.example/bins", ""),
        ("See {link:Bin day}", "See https://fernhill.example/bins", ""),
        ("Ask {department}.", "Ask {department}.", "{department} has nothing to fill it here"),
        ("Quote {reference}.", "Quote {reference}.", "{reference} stays inside"),
        ("{colour}", "{colour}", "{colour} is not a field Parley knows"),
        ("{name:x}", "{name:x}", "{name:x} is not a field Parley knows"),
        ("{link:pool}", "{link:pool}", "{link:pool} leads to a page that does not work"),
        ("{link:moon}", "{link:moon}", "{link:moon} is not the name of a service the desk has a link for"),
        ("Set {1, 2} stays", "Set {1, 2} stays", ""),
    ],
)
def test_fields_are_filled_or_named(text: str, filled: str, gap: str) -> None:
    found = filling.fill(text, FACTS)
    assert (found.text, list(found.gaps)) == (filled, [gap] if gap else [])


def test_a_field_left_in_the_words_stops_them_and_is_named() -> None:
    filling.stop("We open at nine.")
    with pytest.raises(Invalid, match=r"\{name\}, \{link:moon\} are not filled in"):
        filling.stop("Dear {name}, see {link:moon} or {name}")


def test_hours_are_told_in_words() -> None:
    week = [[["09:00", "17:00"]]] * 4 + [[["09:00", "12:00"], ["13:00", "16:00"]], [], []]
    said = "Monday to Thursday 9:00 to 17:00, Friday 9:00 to 12:00 and 13:00 to 16:00"
    assert filling.hours_in_words(week) == said
    assert filling.hours_in_words([[]] * 7) == ""


@pytest.mark.parametrize(
    ("text", "at", "whole"),
    [
        ("", None, "WORDS"),
        ("Hello", None, "Hello WORDS"),
        ("Hello ;", 7, "Hello WORDS"),
        (";", 1, "WORDS"),
        ("Hello ; bye", 7, "Hello WORDS bye"),
        ("a;", 2, "a; WORDS"),
        ("Hello", 99, "Hello WORDS"),
    ],
)
def test_words_are_put_where_they_were_asked_for(text: str, at: int | None, whole: str) -> None:
    assert joined(text, "WORDS", at) == whole


def test_a_no_gives_reason_source_alternative_and_next_step() -> None:
    told = No(
        "money", "Because there is no money this year.", "Thank you for asking", "https://fernhill.example/budget",
        "Plant in spring", "You can speak at the council on 9 December",
    )  # fmt: skip
    assert words_of_no(told) == (
        "Thank you for asking. Sorry, we can't do that, because there is no money this year. It is set out here: "
        "https://fernhill.example/budget What we can do: plant in spring. You can speak at the council on 9 December."
    )
    with pytest.raises(Invalid, match="Say why in plain words"):
        words_of_no(No("money", "  "))


def test_a_fix_says_what_and_by_when() -> None:
    day = NOON.date()
    near, far = day.replace(day=20), day.replace(day=30)
    assert words_of_fix(Fix("Mend the light.", None, near), day) == (
        "We will mend the light by Friday, and write here when it is done."
    )
    assert "by 30 November" in words_of_fix(Fix("mend it", None, far, "FE-1"), day)
    assert "today" in words_of_fix(Fix("mend it", None, day), day)


@pytest.mark.parametrize(
    ("text", "still"),
    [
        ("Sorry, we can't, because the council has no money for trees this year.", True),
        ("There is no money this year, the council says.", True),
        ("Sorry, we can't do that.", False),
    ],
)
def test_a_reworded_reason_is_still_a_reason(text: str, still: bool) -> None:
    assert gives(text, "The council has no money this year") is still


class Somebody:
    def __init__(self, handle: str, name: str = "") -> None:
        self.handle, self.name = handle, name


@pytest.mark.parametrize(
    ("text", "who", "named"),
    [
        ("@ken Yes, on Friday.", Somebody("@ken"), True),
        ("@kenneth Yes.", Somebody("@ken"), False),
        ("Yes, Ken Adeyemi, on Friday.", Somebody("1234", "Ken Adeyemi"), True),
        ("Ken did it.", Somebody("@k", "Ken"), False),
        ("Yes.", None, False),
    ],
)
def test_only_a_handle_or_a_whole_name_names_somebody(text: str, who: Somebody | None, named: bool) -> None:
    assert names(text, who) is named
