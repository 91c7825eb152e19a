"""Personal data in public: what is known by its shape, what is not, and what is the town's own."""

from __future__ import annotations

from typing import Any

import pytest

from policy import checks
from policy.checks import Context, Draft, Finding
from policy.checks.house import shipped

NINO, SSN, SIN, CARD = "insurance number", "social security", "Canadian", "card"
PHONE, MAIL, POSTCODE, ADDRESS = "phone", "e-mail", "postcode", "home address"


def data(text: str, **facts: Any) -> list[Finding]:
    context = Context(**{"reply": True, **facts})
    return [one for one in checks.check(Draft(text), context) if one.rule == "V15"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AB123456C", NINO),
        ("AB 12 34 56 D", NINO),
        ("123-45-6789", SSN),
        ("SW1A 1AA", POSTCODE),
        ("NN1 1ED", POSTCODE),
        ("046 454 286", SIN),
        ("(403) 555-0199", PHONE),
        ("403-555-0199", PHONE),
        ("01904 552848", PHONE),
        ("+44 1904 552848", PHONE),
        ("sam.marsh@fernhill.example", MAIL),
        ("4111 1111 1111 1111", CARD),
        ("12 Mill Lane, Fernhill, NN1 1ED", ADDRESS),
        ("14 NN1 1ED", ADDRESS),
        ("born on 3 May 1980", "date of birth"),
        ("DOB: 03/05/1980", "date of birth"),
        ("your case number is FH-2026-4471", "case or account"),
        ("AB12 CDE", "number plate"),
        ("the number plate is 7ABC 123", "number plate"),
    ],
)
def test_this_is_personal(text: str, kind: str) -> None:
    found = data(f"We have {text} on file.")
    assert [kind in one.words for one in found] == [True]
    assert found[0].act == "private"


@pytest.mark.parametrize(
    "text",
    [
        "QQ123456C",
        "GB123456A",
        "AB123456",
        "000-12-3456",
        "987-65-4321",
        "A38 road",
        "B4 123",
        "123 456 789",
        "@citycouncil",
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "the year 2026",
        "1,234,567 visits",
        "bus X9",
        "0300 123 5000",
        "0800 111 999",
        "1-800-555-0199",
        "https://fernhill.example/a/4035550199",
    ],
)
def test_this_is_not(text: str) -> None:
    assert data(f"We have {text} on file.") == []


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Ring 01904 552848 today", "+44 1904 552848"),
        ("Ring 403.555.0199 today", "(403) 555-0199"),
        ("Ring +1 403 555 0199 today", "403-555-0199"),
        ("Write to Hello@Fernhill.example today", "hello@fernhill.example"),
        ("Come to 1 High Street, Fernhill, NN1 1ED today", "Town Hall, 1 High Street, Fernhill NN1 1ED"),
        ("We are at NN1 1ED today", "Town Hall, 1 High Street, Fernhill NN1 1ED"),
    ],
)
def test_the_towns_own_contacts_are_let_pass(text: str, own: str) -> None:
    assert data(text)
    assert data(text, own_contacts=frozenset([own])) == []
    assert data(text, own_contacts=frozenset(["01904 999999", "other@fernhill.example"]))


def test_contacts_of_the_house_are_the_towns_own_too() -> None:
    house = shipped()
    known = type(house)(**{**vars_of(house), "contacts": frozenset(["01904 552848"])})
    assert data("Ring 01904 552848 today", house=known) == []


def vars_of(house: object) -> dict[str, Any]:
    return {name: getattr(house, name) for name in house.__dataclass_fields__}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "facts", "level"),
    [
        ("It is at NN1 1ED today", {}, "should"),
        ("It is at 12 Mill Lane, NN1 1ED today", {}, "must"),
        ("It is at 12 Mill Lane, NN1 1ED today", {"reply": False}, "must"),
        ("Ring 01904 552848 today", {}, "must"),
        ("Ring 01904 552848 today", {"reply": False}, "consider"),
        ("Your AB123456C is here", {"reply": False}, "must"),
    ],
)
def test_how_much_it_matters(text: str, facts: dict[str, Any], level: str) -> None:
    assert [one.level for one in data(text, **facts)] == [level]


def test_a_private_message_may_hold_them() -> None:
    assert data("Ring 01904 552848 today", public=False) == []


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("Mrs Marsh has diabetes and needs a lift.", {}, True),
        ("Sam's dementia is no secret.", {}, True),
        ("We are sorry about your cancer.", {}, True),
        ("Sam, we know about the stroke.", {"person": "Sam"}, True),
        ("Walk for cancer on Sunday.", {}, False),
        ("The Diabetes Centre has moved.", {}, False),
        ("Mrs Marsh has a new bin.", {}, False),
        ("Dr Amin speaks about dementia on Sunday.", {}, False),
    ],
)
def test_an_illness_is_personal_beside_a_name(text: str, facts: dict[str, Any], found: bool) -> None:
    assert bool(data(text, **facts)) is found


def test_what_a_person_told_us_is_not_said_again_in_public() -> None:
    text = "We come to 14 Mill Lane tomorrow."
    assert data(text) == []
    assert data(text, their_words="the lamp at 14 Mill Lane is out")[0].level == "must"


def test_taking_it_out_leaves_the_sentence() -> None:
    text = "We ring you on 07700 900123 today."
    assert checks.apply(text, data(text)[0]) == "We ring you on today."
