"""Rows of files with figures: what a cell can mean, and what is refused with its reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.refusals import Invalid
from calendar_app.naming import Names
from channels_app.models import Channel
from metrics.outside import checking, kinds
from metrics.outside.checking import Known, check
from policy.models import Topic

BINS, ROADS = Topic(pk=1, name="Bins"), Topic(pk=2, name="Road works")
PAGE = Channel(pk=1, name="Fernhill", platform="facebook")
KNOWN = Known(
    topics=Names.of("topic", [(one.name, one) for one in (BINS, ROADS)]),
    channels=Names.of("channel", [("Fernhill", PAGE)]),
    today=date(2026, 11, 18),
    order="dmy",
    here=frozenset({"fernhill"}),
)
CALLS = {"on": 0, "topic": 1, "route": 2, "value": 3}


@pytest.mark.parametrize(
    ("said", "whole", "value"),
    [
        ("40", True, "40"),
        ("1,204", True, "1204"),
        ("1.204", True, "1204"),
        ("1 204 300", True, "1204300"),
        ("0", True, "0"),
        ("7.5", False, "7.5"),
        ("7,5", False, "7.5"),
        ("1,204.50", False, "1204.50"),
        ("1.204,50", False, "1204.50"),
        ("0.125", False, "0.125"),
    ],
)
def test_numbers_are_read_as_people_write_them(said: str, whole: bool, value: str) -> None:
    assert checking.number(said, whole=whole) == Decimal(value)


@pytest.mark.parametrize(
    ("said", "whole", "why"),
    [
        ("1,204", False, "two ways"),
        ("-3", True, "not a number"),
        ("about 40", True, "not a number"),
        ("7.5", True, "not a whole number"),
        ("n/a", False, "not a number"),
        ("9" * 30, True, "not a number"),
    ],
)
def test_what_is_no_number_or_two_is_refused(said: str, whole: bool, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        checking.number(said, whole=whole)


@pytest.mark.parametrize(
    ("said", "weekly", "day"),
    [
        ("12/11/2026", True, date(2026, 11, 9)),
        ("2026-W46", True, date(2026, 11, 9)),
        ("12 November 2026", False, date(2026, 11, 12)),
        ("2026-11-18", True, date(2026, 11, 16)),  # the week that runs
    ],
)
def test_any_day_of_a_week_names_its_monday(said: str, weekly: bool, day: date) -> None:
    assert checking.day(said, KNOWN, weekly=weekly) == day


@pytest.mark.parametrize(
    ("said", "why"), [("2026-11-23", "still to come"), ("2026-W60", "not a week"), ("1999-01-04", "too long ago")]
)
def test_a_week_that_cannot_be_is_refused(said: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        checking.day(said, KNOWN, weekly=True)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("2026-11-09", "Bins", "Phone", ""), "How many: empty."),
        (("2026-11-09", "", "Phone", "4"), "Topic: empty."),
        (("2026-11-09", "Bin", "Phone", "4"), "Did you mean “Bins”?"),
        (("2026-11-09", "Bins", "Pigeon", "4"), "none of Phone, E-mail"),
        (("2026-11-09", "Bins", "Phone"), "How many: empty."),
        (("2026-11-30", "Bins", "Pigeon", "x"), "still to come"),
    ],
)
def test_a_row_that_says_too_little_is_left_out_with_every_reason(cells: tuple[str, ...], why: str) -> None:
    found = check(kinds.KINDS["contacts"], [(2, cells)], CALLS, KNOWN)
    assert found.good == []
    assert why in found.bad[0].why


def test_the_same_thing_twice_in_a_file_is_said_and_not_added_up() -> None:
    rows = [(n, ("2026-11-09", "bins", route, "4")) for n, route in enumerate(("Phone", "E-mail", "calls"), 2)]
    found = check(kinds.KINDS["contacts"], rows, CALLS, KNOWN)
    assert [one.route for one in found.good] == ["phone", "email"]
    assert found.bad[0].why.startswith("It says the same as line 2")


@pytest.mark.parametrize(
    ("place", "said", "local"), [("Fernhill", "", True), ("Newport", "", False), ("Mill End", "yes", True)]
)
def test_a_place_is_local_when_the_file_says_so_or_it_is_the_town(place: str, said: str, local: bool) -> None:
    columns = {"on": 0, "channel": 1, "label": 2, "local": 3, "value": 4}
    (row,) = check(kinds.KINDS["places"], [(2, ("2026-11-17", "Fernhill", place, said, "1,380"))], columns, KNOWN).good
    assert (row.on, row.local, row.value) == (date(2026, 11, 17), local, Decimal(1380))


def test_columns_are_guessed_by_what_other_systems_call_them() -> None:
    heads = ("Week commencing", "Subject", "Notes", "Calls")
    assert kinds.guessed(kinds.KINDS["contacts"], heads) == {"on": 0, "topic": 1, "value": 3}


WIDE = {"on": 0, "topic": 1, "value:phone": 2, "value:email": 3}


def test_a_line_with_the_numbers_of_two_routes_gives_a_figure_for_each() -> None:
    rows = [(2, ("2026-11-09", "Bins", "40", "9")), (3, ("2026-11-09", "Road works", "", "5"))]
    found = check(kinds.KINDS["contacts"], rows, WIDE, KNOWN)
    assert [(one.line, one.route, one.value) for one in found.good] == [
        (2, "phone", Decimal(40)),
        (2, "email", Decimal(9)),
        (3, "email", Decimal(5)),
    ]
    assert [(one.line, one.why) for one in found.bad] == [(3, "How many: empty.")]


def test_a_system_that_counts_one_route_needs_no_column_for_it() -> None:
    contacts = kinds.KINDS["contacts"]
    assert kinds.guessed(contacts, ("Week", "Topic", "Phone", "Email")) == WIDE
    assert kinds.guessed(contacts, ("Week", "Topic", "Type", "Calls")) == {"on": 0, "topic": 1, "route": 2, "value": 3}
    assert contacts.lacking({"on", "topic", "value:phone"}) == []
    assert contacts.lacking({"on", "value"}) == ["Topic", "How they got in touch"]
