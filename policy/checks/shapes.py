"""What personal data looks like: the shape of each kind, and the sums that tell a real number from a chance one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[ABD-HJLNP-UW-Z]{2}"
MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*"


def only_digits(words: str) -> str:
    return re.sub(r"\D", "", words)


def luhn(digits: str) -> bool:
    """The check digit of card and Canadian social insurance numbers."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _card(words: str) -> bool:
    digits = only_digits(words)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and luhn(digits)


def _sin(words: str) -> bool:
    digits = only_digits(words)
    return len(digits) == 9 and len(set(digits)) > 1 and luhn(digits)


def _a_persons(words: str) -> bool:
    """Numbers that only bodies and services have are nobody's own: 0300, 0800, 0845, and toll-free ones."""
    digits = only_digits(words).removeprefix("44" if words.startswith("+44") else "").lstrip("0")
    free = digits[-10:-7] in TOLL_FREE and not words.startswith(("0", "+44"))
    return not free and not (words.startswith(("0", "+44")) and digits.startswith(("3", "80", "84", "87", "9")))


def _has_digits(words: str) -> bool:
    return sum(letter.isdigit() for letter in words) >= 3


def _always(words: str) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """One kind of personal data. `sure`: it has no place in public at all; others may be somebody's public contact.

    `alone`: it points to few people and not to one. `digits`: without one there is no such thing.
    """

    name: str
    shape: re.Pattern[str]
    sure: bool = False
    holds: Callable[[str], bool] = _always
    alone: bool = False
    digits: bool = True


NINO = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.I
)
SSN = re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b")
SIN = re.compile(r"(?<![\d-])\d{3}([ -]?)\d{3}\1\d{3}(?![\d-])")
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
NANP = re.compile(r"(?<!\d)(?:\+?1[\s.-]?)?\(?[2-9]\d{2}\)?[\s.-]?[2-9]\d{2}[\s.-]?\d{4}(?!\d)")
UK_PHONE = re.compile(r"(?<!\d)(?:\+44\s?|0)(?:\d\s?){9,10}(?!\d)")
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
TOLL_FREE = frozenset(["800", "833", "844", "855", "866", "877", "888"])
KINDS = (
    Kind("a national insurance number", NINO, sure=True),
    Kind("a US social security number", SSN, sure=True),
    Kind("a bank card number", CARD, sure=True, holds=_card),
    Kind(
        "a date of birth",
        re.compile(
            rf"\b(?:born (?:on )?|date of birth|d\.?o\.?b\.?)\W{{0,3}}(?:is\W"
            rf"|was\W)?\s*(?:\d{{1,2}}[/. -]\d{{1,2}}[/. -]\d{{2,4}}"
            rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+\d{{4}}|{MONTH}\s+\d{{1,2}},?\s+\d{{4}})",
            re.I,
        ),
        sure=True,
    ),
    Kind(
        "a home address",
        re.compile(
            rf"\b\d{{1,4}}[A-Za-z]?,?\s(?:[A-Z][\w'’-]*,?\s){{1,6}}{POSTCODE}\b|\b\d{{1,4}}[A-Za-z]?,?\s{POSTCODE}\b"
        ),
        sure=True,
    ),
    Kind(
        "a case or account number",
        re.compile(
            r"\b(?:case|reference|ref|account|customer|council tax|invoice|claim|application|tenancy|complaint)"
            r"(?:\s+(?:number|no\.?|ref(?:erence)?"
            r"|id))?\s*[:#]?\s*(?:is\s+)?(?=[A-Z0-9/-]*\d{3})[A-Z0-9][A-Z0-9/-]{4,}\b",
            re.I,
        ),
        holds=_has_digits,
    ),
    Kind(
        "a number plate",
        re.compile(
            r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b"
            r"|\b(?:(?:number|licen[cs]e)\s+plate|plate number|registration(?: number)?"
            r"|reg(?:istration)? no\.?)\W{1,3}(?:is\W)?"
            r"[A-Z0-9]{1,4}[ -]?(?=[A-Z0-9]*\d|\w*\b)[A-Z0-9]{2,4}\b"
        ),
        holds=lambda words: any(letter.isdigit() for letter in words),
    ),
    Kind("an e-mail address", MAIL, digits=False),
    Kind("a phone number", UK_PHONE, holds=_a_persons),
    Kind("a phone number", NANP, holds=_a_persons),
    Kind("a Canadian social insurance number", SIN, sure=True, holds=_sin),
    Kind("a postcode", re.compile(rf"\b{POSTCODE}\b"), alone=True),
)
