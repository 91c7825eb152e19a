"""What binds the town: promises with a day, and words that leave no way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from policy.checks.base import Fix, Hit, Level
from policy.checks.dates import When
from policy.checks.reading import Reading, Sentence, inside

OURS = (
    r"we|i|our (?:\w+ )?(?:crews?|teams?|staff|officers?|contractors?|engineers?|drivers?|people)"
    r"|the (?:council|crew|team)"
)
PROMISE = re.compile(
    rf"\b(?P<who>{OURS})(?P<will>['’]ll|\s+will|\s+shall|(?:['’]re|['’]m|\s+are|\s+am)\s+going to)\s+(?P<verb>\w+)",
    re.I,
)
DONE = r"fixed|repaired|mended|replaced|collected|emptied|cleared|cleaned|removed|refunded|paid|finished|completed|resolved|sorted|restored|resurfaced|installed|filled|delivered|refilled|treated"  # noqa: E501
PASSIVE = re.compile(rf"\b(?P<will>will|shall) be (?P<verb>{DONE})\b", re.I)
AMOUNT = re.compile(r"[£$€]\s?\d(?:[\d,.]*\d)?|\b\d+(?:\.\d+)?\s?(?:%|per cent|percent)|\b\d{1,3}(?:,\d{3})+\b")
NOTICES = frozenset(["be", "close", "open", "meet", "hold", "reopen", "start", "begin", "stop", "host"])
NEGATED = frozenset(["not", "never"])


def check(reading: Reading) -> Iterator[Hit]:
    if not reading.english:
        return
    spans: list[tuple[int, int]] = []
    for one in reading.sentences:
        for hit in _dated(reading, one):
            spans.append(one.span)
            yield hit
    for found in reading.of("guarantees"):
        if not _asked(reading, found.start):
            fix = Fix(f"Write “{found.better}”", found.better) if found.better else None
            yield Hit(
                "V11",
                "This leaves no way back:",
                found.span,
                fix,
                found.quote,
                _level(reading),
                found.entry.why,
                "promise",
            )


def _asked(reading: Reading, place: int) -> bool:
    """A question promises nothing."""
    return reading.sentence_at(place).text.rstrip("\"'”’)").endswith("?")


def _level(reading: Reading) -> Level:
    """An answer binds the town at once; what somebody else signs, or what was planned as a post, wants a look."""
    return "must" if reading.context.reply and not reading.context.signed else "should"


def _dated(reading: Reading, one: Sentence) -> Iterator[Hit]:
    if one.text.rstrip("\"'”’)").endswith("?"):
        return
    told = _commitment(reading, one)
    if told is None:
        return
    promise, fix, at = told
    for when, start, end in _bounds(reading, one):
        if end <= at and reading.text[end:at].strip(" ,"):
            continue  # that day belongs to something else in the sentence
        if when and when.day and when.day in reading.context.promised:
            return
        day = when.day if when else None
        words = f"This commits us to {_said(day)}:" if day else "This commits us:"
        quote = reading.text[start:end]
        yield Hit("V11", words, (start, end), fix, f"{promise} … {quote}", _level(reading), act="promise", due=day)
        return


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _bounds(reading: Reading, one: Sentence) -> Iterator[tuple[When | None, int, int]]:
    """The days in a sentence, the latest mention first in kind: a day, else a time, else an amount."""
    days = [when for when in reading.days if one.start <= when.start < one.end]
    for when in sorted(days, key=lambda when: when.kind == "time"):
        yield when, when.start, when.end
    for hit in AMOUNT.finditer(reading.text, one.start, one.end):
        if not inside(hit.start(), reading.quiet):
            yield None, hit.start(), hit.end()


def _commitment(reading: Reading, one: Sentence) -> tuple[str, Fix, int] | None:
    """Who will do what, how to say it without binding the town, and where it begins."""
    hit = PROMISE.search(reading.text, one.start, one.end)
    if hit and hit["verb"].lower() not in NOTICES and hit["verb"].lower() not in NEGATED:
        many = hit["who"].lower() in ("we", "i", "our staff", "our people") or hit["who"].lower().endswith("s")
        better = f" {'aim' if many else 'aims'} to"
        return hit.group(), Fix(f"Write “{hit['who']}{better}”", better, hit.span("will")), hit.start()
    hit = PASSIVE.search(reading.text, one.start, one.end)
    if hit:
        return hit.group(), Fix("Write “should be”", "should", hit.span("will")), hit.start()
    return None
