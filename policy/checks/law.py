"""Law and politics: what admits a fault in law, what strays from an approved position, what takes a side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from policy.checks.base import Fix, Hit, Level
from policy.checks.house import Position
from policy.checks.phrases import low
from policy.checks.reading import Reading

VOTE = re.compile(
    r"\b[Vv]ot(?:e|ing) (?:for|against) (?!your|the|a|an|which|it|our|this|that|one|all|and|benches)\w+"
    r"|\b[Rr]e-?elect\b|\b[Vv]ote (?:them|him|her) out\b|\b[Vv]ote (?:[Yy]es|[Nn]o|YES|NO) (?:on|to)\b"
)
CLAIMANT = re.compile(
    r"\b(?:claimant|plaintiff|defendant|appellant),? (?:(?:Mrs?|Ms|Miss|Mx|Dr)\.? )?[A-Z][\w'’-]+"
    r"|\b[A-Z][\w'’-]+ (?:v|vs|versus)\.? (?:the )?(?:Town|City|County|Council|Borough|District|Municipality)\b"
)
PRAISE = re.compile(
    r"\b(?:congratulat\w+|well done|hats off|thank(?:s| you)?|proud of|praise\w*|welcom\w+|support\w*"
    r"|back(?:s|ed|ing))\b",
    re.I,
)
TITLED = re.compile(
    r"\b(?:Councillors?|Cllrs?\.?|Mayor|Deputy Mayor|MP|MSP|MS|Senator|Congress(?:man|woman)|Minister"
    r"|Alderman|Commissioner|"
    r"Representative|Governor)\s+[A-Z][\w'’-]+"
)


def check(reading: Reading) -> Iterator[Hit]:
    if reading.english:
        level = level_of(reading)
        for found in reading.of("legal"):
            yield _legal(reading, "This can count in law:", found.span, level, found.entry.why)
        for hit in CLAIMANT.finditer(reading.text):
            yield _legal(reading, "This names somebody in a case:", hit.span(), level)
        for found in reading.of("political"):
            yield _political(reading, "This takes a side:", found.span, found.entry.why)
    yield from _positions(reading)
    yield from _politics(reading)


def _legal(reading: Reading, said: str, span: tuple[int, int], level: Level | None, why: str = "") -> Hit:
    quote = reading.text[span[0] : span[1]]
    return Hit("V12", said, span, reading.without(span[0]), quote, level, why, "approval")


def level_of(reading: Reading) -> Level | None:
    """What somebody else signs stops nothing."""
    return "should" if reading.context.signed else None


def _positions(reading: Reading) -> Iterator[Hit]:
    """A position speaks when its topic is set or one of its words stands in the text."""
    text = low(reading.text)
    level = level_of(reading)
    for position in reading.house.positions:
        if not _touched(reading, position):
            continue
        for words in position.never:
            hit = _names(frozenset([words])).search(reading.text)
            if hit:
                said = f"We never say this about {position.topic}:"
                why = position.statement and f"Our position: {position.statement}"
                yield Hit("V13", said, hit.span(), reading.without(hit.start()), hit.group(), level, why, "approval")
        for words in position.required:
            if low(words) not in text:
                said = f"Words about {position.topic} always say: “{words}”"
                end = len(reading.text)
                fix = Fix(
                    "Add these words",
                    f"{'' if reading.text.endswith((' ', chr(10))) else ' '}{words[:1].upper()}{words[1:]}",
                )
                yield Hit("V13", said, (end, end), fix, level="should", act="approval")


def _touched(reading: Reading, position: Position) -> bool:
    if reading.context.topic and reading.context.topic.lower() == position.topic.lower():
        return True
    words = frozenset(filter(str.strip, (*position.about, *position.never)))
    return bool(words and _names(words).search(reading.text))


def _politics(reading: Reading) -> Iterator[Hit]:
    """Outside an election a name is a name; within, it is a party's or a candidate's."""
    context, text = reading.context, reading.text
    if reading.english:
        voting = not reading.lows.isdisjoint(("vote", "voting", "elect", "reelect", "re-elect"))
        for hit in VOTE.finditer(text) if voting else ():
            yield _political(reading, "This takes a side:", hit.span())
    election = in_election(reading)
    for party in _hits(context.parties, text):
        yield _political(reading, "This names a party:", party)
    for start, end in _hits(context.politicians, text):
        one = reading.sentence_at(start)
        if election:
            yield _political(reading, "This names a politician in election time:", (start, end))
        elif PRAISE.search(one.text):
            yield _political(reading, "This praises a politician:", (start, end))
    for titled in TITLED.finditer(text) if reading.english else ():
        known = any(start < titled.end() and titled.start() < end for start, end in _hits(context.politicians, text))
        praised = re.search(r"\bcongratulat", reading.sentence_at(titled.start()).text, re.I)
        if not known and (election or praised):
            said = "This names a politician in election time:" if election else "This praises a politician:"
            yield _political(reading, said, titled.span())


def in_election(reading: Reading) -> bool:
    """The situation says so, or the day lies between notice and poll."""
    context = reading.context
    if context.situation == "election":
        return True
    return bool(context.window and context.today and context.window[0] <= context.today <= context.window[1])


def _political(reading: Reading, said: str, span: tuple[int, int], why: str = "") -> Hit:
    level: Level | None = "must" if in_election(reading) and not reading.context.signed else None
    level = "should" if reading.context.signed else level
    quote = reading.text[span[0] : span[1]]
    return Hit("V14", said, span, reading.without(span[0]), quote, level, why, "approval")


def _hits(names: Iterable[str], text: str) -> list[tuple[int, int]]:
    kept = frozenset(name.strip() for name in names if name.strip())
    return [hit.span() for hit in _names(kept).finditer(text)] if kept else []


@lru_cache(maxsize=256)
def _names(names: frozenset[str]) -> re.Pattern[str]:
    """Any of these as whole words, in any case, with either kind of apostrophe."""
    words = (
        re.escape(name).replace("'", "['’]").replace("’", "['’]")
        for name in sorted(names, key=lambda name: (-len(name), name))
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.I)
