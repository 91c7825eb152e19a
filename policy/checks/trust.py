"""Trust: figures with a source, no begging for clicks, what is paid for says so, one message at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy.checks import pictures
from policy.checks.base import Fix, Hit
from policy.checks.phrases import Found
from policy.checks.reading import Reading, inside

BAITED = {
    "facebook": ("bait", "bait_meta"),
    "instagram": ("bait", "bait_meta"),
    "threads": ("bait", "bait_meta"),
    "x": ("bait", "bait_x"),
    "linkedin": ("bait", "bait_meta"),
}
FIGURE = re.compile(
    r"[£$€]\s?\d[\d,.]*(?:\s?(?:million|billion|m|bn|k)\b)?"
    r"|\b\d[\d,.]*\s?(?:%|per cent\b|percent\b)"
    r"|\b\d[\d,.]*\s(?:million|billion|thousand|people|residents|homes|households|jobs|trees|tonnes|tons|km"
    r"|kilometres|"
    r"miles|metres|litres|hectares|acres|children|pupils|places|cases|answers|visitors|cars|bins|beds)\b",
    re.I,
)
QUOTED = re.compile(r"[“\"]([^“”\"\n]{12,300})[”\"]")
LEAD = re.compile(r"(?:(?:by|before|on|from|until|till|no later than|not later than)\s+)?(?:the\s+)?", re.I)
PAID = re.compile(
    r"\A\W*(?:#?ad\b|advert\w*|paid\b|sponsored|in paid partnership|paid partnership)|#(?:ad|sponsored"
    r"|paidpartnership)\b",
    re.I,
)
JOINED = re.compile(r"(?:\A|[.!?…\n:;]\s*|\band (?:please )?|\bthen |\bplease |\bor )\Z", re.I)


def check(reading: Reading) -> Iterator[Hit]:
    yield from _paid(reading)
    yield from pictures.disclosures(reading)
    if reading.english:
        yield from _sources(reading)
        yield from _bait(reading)
        if not reading.context.reply:
            yield from _calls(reading)
            yield from _key_fact(reading)


def _sources(reading: Reading) -> Iterator[Hit]:
    """Only where somebody keeps the sources; a fact covers what is part of it."""
    if reading.context.facts is None:
        return
    known = [_bare(fact) for fact in reading.context.facts]
    spans = [("figure", hit.span()) for hit in FIGURE.finditer(reading.text)]
    spans += [("quote", hit.span(1)) for hit in QUOTED.finditer(reading.text) if len(hit.group(1).split()) > 3]
    spans += [
        ("day", (when.start, when.end))
        for when in reading.days
        if when.kind in ("day", "numeric") and _has_digit(when.quote)
    ]
    for what, (start, end) in sorted(spans, key=lambda row: row[1]):
        start = _after_lead(reading.text, start) if what == "day" else start
        words = reading.text[start:end].rstrip(".,")
        if inside(start, reading.quiet) or any(_bare(words) in fact for fact in known):
            continue
        yield Hit("V23", f"This {what} has no source yet:", (start, start + len(words)), quote=words[:80])


def _after_lead(text: str, start: int) -> int:
    """Where the day itself begins: "on 3 May" is 3 May."""
    lead = LEAD.match(text, start)
    return lead.end() if lead else start


def _has_digit(words: str) -> bool:
    return any(letter.isdigit() for letter in words)


def _bare(words: str) -> str:
    return re.sub(r"[\s,]+", "", words.lower())


def _bait(reading: Reading) -> Iterator[Hit]:
    """Each network has its own way with those who beg; where it has none, nothing is said."""
    begged = (-1, -1)
    for found in sorted(reading.of(*BAITED.get(reading.context.network, ())), key=lambda one: one.start):
        if not _exempt(reading, found):
            one = reading.sentence_at(found.start)
            span = one.span if one.words <= len(found.quote.split()) + 4 else found.span
            if span[0] < begged[1]:
                continue  # “share if you agree” is begging once, however many entries know a part of it
            begged = span
            fix = Fix(f"Write “{found.better}”", found.better) if found.better else None
            yield Hit("V25", "This begs for clicks:", span, fix, reading.text[slice(*span)][:80], why=found.entry.why)


def _exempt(reading: Reading, found: Found) -> bool:
    """A missing child, a warning, a good cause: to pass those on may be asked for."""
    return any(reading.of("bait_exempt"))


def _paid(reading: Reading) -> Iterator[Hit]:
    draft = reading.draft
    if not draft.paid or draft.disclosed or PAID.search(reading.text):
        return
    words = f"Paid partnership with {draft.partner.strip()}. " if draft.partner.strip() else "Ad: "
    yield Hit(
        "H1",
        "Somebody paid for this, and the words do not say so.",
        (0, 0),
        Fix(f"Begin with “{words.strip()}”", words),
    )


def _calls(reading: Reading) -> Iterator[Hit]:
    """What people are asked to do: a word of doing at the head of a sentence, or after and."""
    asked: list[Found] = []
    for found in sorted(reading.of("calls"), key=lambda one: one.start):
        before = reading.text[max(0, found.start - 30) : found.start]
        if JOINED.search(before) or found.start in reading.starts:
            asked.append(found)
    if len({one.entry.better or one.entry.phrase for one in asked}) > reading.number("calls"):
        one = reading.sentence_at(asked[-1].start)
        names = ", ".join(dict.fromkeys(f"“{found.quote.lower()}”" for found in asked))
        yield Hit("M1", f"People are asked for {len(asked)} things: {names}.", one.span, quote=one.text[:80])


def _key_fact(reading: Reading) -> Iterator[Hit]:
    """The day, place or figure that matters comes after many words that could be left out."""
    words, most = reading.words, int(reading.number("key_fact_words"))
    if len(words) <= most + 10 or not reading.days:
        return
    first = reading.days[0]
    early = words[most].start
    if first.start >= early and not re.search(r"\d", reading.text[:early]):
        yield Hit("M2", "The first day or time comes late:", (first.start, first.end), quote=first.quote)
