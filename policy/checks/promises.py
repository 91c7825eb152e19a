"""What binds the town: promises with a day, and words that leave no way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from policy.checks.base import Fix, Hit, Level
from policy.checks.dates import When
from policy.checks.reading import Reading, Sentence, inside

OURS = (
    r"we|i|our (?:\w+ ){0,3}?(?:crews?|teams?|staff|officers?|contractors?|engineers?|drivers?|people)(?: who)?"
    r"|the (?:council|crew|team)"
)
DOING = (
    r"be (?:bring|call|clean|clear|collect|contact|deliver|empty|fill|finish|fix|install|mend|pay|plant|refund|remov"
    r"|repair|replac|resurfac|send|visit|writ)ing"
)
PROMISE = re.compile(
    rf"\b(?P<who>{OURS})(?P<will>['’]ll|\s+will|\s+shall|(?:['’]re|['’]m|\s+are|\s+am)\s+going to)\s+"
    rf"(?P<verb>be (?:in touch|back to you|with you)|{DOING}|\w+)",
    re.I,
)
YOURS = re.compile(
    r"\byou(?P<will>['’]ll|\s+will|(?:['’]re|\s+are)\s+going to)\s+(?:receive|hear (?:from us|back)|get(?!\s+to\b)"
    r"|have(?!\s+(?:to|seen|heard|read|had|been|got|done|\w+ed)\b)"
    r"|be (?:paid|refunded|contacted|called|visited|reconnected))\b",
    re.I,
)
DONE = (
    r"fixed|repaired|mended|replaced|collected|emptied|cleared|cleaned|removed|refunded|paid|finished|completed"
    r"|resolved|sorted|restored|resurfaced|installed|filled|delivered|refilled|treated"
)
PASSIVE = re.compile(rf"\b(?P<will>will|shall) be (?P<verb>{DONE})\b", re.I)
AMOUNT = re.compile(
    r"[£$€]\s?\d(?:[\d,.]*\d)?|\b\d+(?:\.\d+)?\s?(?:%|per cent|percent)|\b\d{1,3}(?:,\d{3})+\b"
    r"|\b\d{2,3}\s(?!minutes|hours|days|weeks|months|years|working|business|o['’]clock)[a-z]{4,}\b"
)
WARNING = re.compile(r"(?:we['’]ll|will) never (?:ask|need|call|text|phone|e-?mail)\b", re.I)  # of those who pose as us
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
        if not _asked(reading, found.start) and not WARNING.match(reading.text, found.start):
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
    for when, start, end in _bounds(reading, one, at):
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


def _bounds(reading: Reading, one: Sentence, after: int) -> Iterator[tuple[When | None, int, int]]:
    """What binds in a sentence: a day, else a time, else an amount; what comes after the promise before the rest."""
    days = [when for when in reading.days if one.start <= when.start < one.end]
    for when in sorted(days, key=lambda when: (when.kind == "time", when.end <= after)):
        yield when, when.start, when.end
    for hit in AMOUNT.finditer(reading.text, one.start, one.end):
        if not inside(hit.start(), reading.quiet):
            yield None, hit.start(), hit.end()


def _commitment(reading: Reading, one: Sentence) -> tuple[str, Fix, int] | None:
    """Who will do what, how to say it without binding the town, and where it begins."""
    hit = PROMISE.search(reading.text, one.start, one.end)
    if hit and hit["verb"].lower() not in NOTICES and hit["verb"].lower() not in NEGATED:
        who = hit["who"].lower().removesuffix(" who")
        many = who in ("we", "i") or who.endswith(("s", "staff", "people"))
        better = f" {'aim' if many else 'aims'} to"
        return hit.group(), Fix(f"Write “{hit['who']}{better}”", better, hit.span("will")), hit.start()
    hit = YOURS.search(reading.text, one.start, one.end)
    if hit:
        return hit.group(), Fix("Write “you should”", " should", hit.span("will")), hit.start()
    hit = PASSIVE.search(reading.text, one.start, one.end)
    if hit:
        return hit.group(), Fix("Write “should be”", "should", hit.span("will")), hit.start()
    return None
