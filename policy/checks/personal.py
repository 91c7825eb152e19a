"""Personal data in public words: identity and card numbers always, contacts where they may be a person's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policy.checks.base import Context, Draft, Finding, Level


def luhn(digits: str) -> bool:
    """The check digit of card and Canadian social insurance numbers."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _only_digits(words: str) -> str:
    return re.sub(r"\D", "", words)


def _card(words: str) -> bool:
    digits = _only_digits(words)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and luhn(digits)


def _sin(words: str) -> bool:
    return luhn(_only_digits(words))


def _always(words: str) -> bool:
    return True


@dataclass(frozen=True)
class Pattern:
    """One kind of personal data. `sure` says that it is a person's in any case; others may be the town's own."""

    name: str
    shape: re.Pattern[str]
    sure: bool
    holds: Callable[[str], bool] = _always


PATTERNS = (
    Pattern(
        "a national insurance number",
        re.compile(
            r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.I
        ),
        True,
    ),
    Pattern("a US social security number", re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b"), True),
    Pattern("a Canadian social insurance number", re.compile(r"\b\d{3}([ -])\d{3}\1\d{3}\b"), True, _sin),
    Pattern("a bank card number", re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)"), True, _card),
    Pattern(
        "a street address",
        re.compile(r"\b\d{1,4}[A-Za-z]?,?\s(?:[A-Z][\w'’-]*,?\s){1,6}[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b"),
        False,
    ),
    Pattern("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), False),
    Pattern("a phone number", re.compile(r"(?<!\d)(?:\+44\s?|0)(?:\d\s?){8,9}\d(?!\d)"), False),
    Pattern(
        "a phone number",
        re.compile(r"(?<!\d)(?:\+?1[\s.-]?)?\(?[2-9]\d{2}\)?[\s.-][2-9]\d{2}[\s.-]\d{4}(?!\d)"),
        False,
    ),
)


def check(draft: Draft, context: Context) -> Iterator[Finding]:
    taken: list[tuple[int, int]] = []
    own = {_plain(contact) for contact in context.own_contacts}
    for pattern in PATTERNS:
        for hit in pattern.shape.finditer(draft.text):
            span = hit.span()
            if any(span[0] < end and start < span[1] for start, end in taken) or not pattern.holds(hit.group()):
                continue
            taken.append(span)
            if pattern.sure or _plain(hit.group()) not in own:
                yield _finding(pattern, hit.group().strip(), span, context)


def _finding(pattern: Pattern, words: str, span: tuple[int, int], context: Context) -> Finding:
    level: Level = "must" if pattern.sure or context.reply else "consider"
    if pattern.sure:
        why = "Nobody's identity or card number belongs in public, not even their own. Take it out."
    elif context.reply:
        why = "Once public it cannot be taken back. Continue in a private message."
    else:
        why = "If it is a person's, take it out; if it is the town's own, leave it."
    return Finding("V15", level, f"This looks like {pattern.name}:", why, "Voice V15", span, quote=words)


def _plain(contact: str) -> str:
    """A number by its digits, an address in lower case: two ways of writing one contact are equal."""
    if "@" in contact:
        return contact.strip().lower()
    digits = _only_digits(contact)
    return digits or " ".join(contact.lower().split())
