"""Holidays as their rules make them, against published lists."""

from __future__ import annotations

from datetime import date

import pytest

from policy import packs

ENGLAND = {
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
SCOTLAND = {
    2026: "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
    2027: "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
    2028: "01-03 01-04 04-14 05-01 05-29 08-07 11-30 12-25 12-26",
}
ENGLAND |= {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
}
NORTHERN_IRELAND = {
    2023: "01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26",
    2024: "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
    2025: "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
    2026: "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
}
ALBERTA = {
    2025: "01-01 02-17 04-18 04-21 05-19 07-01 08-04 09-01 09-30 10-13 11-11 12-25 12-26",
    2026: "01-01 02-16 04-03 04-06 05-18 07-01 08-03 09-07 09-30 10-12 11-11 12-25",
}
NEW_BRUNSWICK = {
    2025: "01-01 02-17 04-18 04-21 05-19 07-01 08-04 09-01 09-30 10-13 11-11 12-25 12-26",
    2029: "01-01 02-19 03-30 04-02 05-21 07-02 08-06 09-03 10-08 12-25 12-26",
}
AUSTRALIA = {
    2022: "01-03 01-26 04-15 04-18 04-25 09-22 12-26 12-27",
    2026: "01-01 01-26 04-03 04-06 12-25 12-28",
    2027: "01-01 01-26 03-26 03-29 12-27 12-28",
}
FEDERAL = {
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}


@pytest.mark.parametrize(
    ("pack", "year", "days"),
    [("england", *row) for row in ENGLAND.items()]
    + [("scotland", *row) for row in SCOTLAND.items()]
    + [("wales", *row) for row in ENGLAND.items()]
    + [("northern-ireland", *row) for row in NORTHERN_IRELAND.items()]
    + [("alberta", *row) for row in ALBERTA.items()]
    + [("new-brunswick", *row) for row in NEW_BRUNSWICK.items()]
    + [("australia", *row) for row in AUSTRALIA.items()]
    + [("us-federal", *row) for row in FEDERAL.items()],
)
def test_the_weekdays_off_are_the_published_ones(pack: str, year: int, days: str) -> None:
    made = {day for day in packs.holidays(pack, year) if day.weekday() < 5}
    assert made == {date.fromisoformat(f"{year}-{day}") for day in days.split()}


def test_a_rule_holds_from_its_first_year() -> None:
    assert date(2020, 6, 19) not in packs.holidays("us-federal", 2020)
    assert date(2021, 6, 18) in packs.holidays("us-federal", 2021)


def test_no_pack_and_an_unknown_one_have_no_holidays() -> None:
    assert packs.holidays("none", 2026) == packs.holidays("atlantis", 2026) == {}


@pytest.mark.parametrize("key", packs.names())
def test_every_pack_says_where_it_is_from_and_what_it_is_not(key: str) -> None:
    pack = packs.read(key)
    assert pack.name
    assert key == "none" or ("Not legal advice" in pack.caveat and pack.sources and pack.checked_on)


@pytest.mark.parametrize(("year", "day"), [(2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2038, "04-25")])
def test_easter(year: int, day: str) -> None:
    assert packs.easter(year) == date.fromisoformat(f"{year}-{day}")
