"""Promises as they are caught from the words of an answer before it is sent: where they stand and which day they name.

Pure: the words, the moment, the town's zone and its holidays go in, and the same ones always give the same. It is
better to miss a promise than to suggest one where there is none, so words that quote, ask, deny or depend on something
else are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from engagement import deadlines
from policy.checks import promises as commitments

SENTENCE = re.compile(r"[^\n]+?(?:[.!?…]+[\"'”’)\]]*(?=\s|\Z)|(?=\n)|\Z)")
ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|Dr|Mr|Mrs|Ms|St|No|Rd|Ave|approx|Cllr|Rev|a\.m|p\.m)|\b[A-Z])\.\Z")
QUOTED = re.compile(r"“[^”]*(?:”|\Z)|\"[^\"\n]*\"|‘[^’\n]*’(?!\w)|^[ \t]*>[^\n]*", re.M)
CONDITION = re.compile(
    r"\b(?:unless|provided|providing|as long as|depending on|weather permitting|should (?:the|it|you|we)|in case"
    r"|subject to|assuming|hopefully|(?:hope|aim|try|plan|want|like|intend|expect)(?:s|ing)? to|would|could|(?-i:may)"
    r"|might|if (?:possible|we can|they can))\b",
    re.I,
)
IF = re.compile(r"\bif\b", re.I)
WHETHER = re.compile(
    r"\b(?:check|see|ask|find out|look|know|tell|wonder|sure)(?:s|ing)?(?: (?:you|them|us|the team))?\s*\Z", re.I
)
SOMEBODY = re.compile(
    r"\b(?P<who>somebody|someone|a colleague|they|she|he|it|that|this)(?P<will>['’]ll|\s+will)\s+(?P<verb>be \w+|\w+)",
    re.I,
)
THING = frozenset(["it", "that", "this"])
# What binds without a day: somebody was told that they will hear, or that it will be put right.
UNDATED = re.compile(
    r"(?:['’]ll|\b(?:will|shall|going to))\s+(?:also |then |now )?(?:"
    r"make sure|make certain|see to it|see that|ensure|get back to you|come back to you|be back (?:to you|in touch)"
    r"|get (?:that|this|it|them) (?:\w+ )?(?:fixed|sorted|mended|repaired|done|cleared|cleaned|replaced|moved|removed"
    r"|looked at)|be in touch|let you know|write (?:here|to you|back)|tell you|answer you|ring you|call you(?: back)?"
    r"|reply (?:here|to)|update you|keep you (?:posted|updated|informed)|put (?:it|that|this) right|look into|find out"
    r"|chase|take care of|(?:fix|repair|mend|replace|sort|resolve|clear|clean|remove|refund|collect|deliver|install)\b"
    r"|be (?:fixed|repaired|mended|replaced|sorted|resolved|cleared|cleaned|removed|refunded|collected)\b)",
    re.I,
)
DENIED = re.compile(r"(?:['’]ll|\b(?:will|shall|going to))\s+(?:not|never)\b|\bwon['’]t\b|\bcan(?:not|['’]t)\b", re.I)
TIDY = re.compile(r"\s+")


@dataclass(frozen=True)
class Caught:
    """A sentence that promises something: its words, its place in the text, and the day it names, if any."""

    quote: str
    start: int
    end: int
    day: date | None = None


def caught(text: str, now: datetime, zone: tzinfo, holidays: Container[date] = frozenset()) -> list[Caught]:
    """The promises in these words, in their order, one to a sentence. Days are the town's."""
    bare = _without_quotes(text)
    today = now.astimezone(zone).date()
    found = []
    for start, end in _sentences(bare):
        at = _commitment(bare, start, end)
        if at is None:
            continue
        when = deadlines.in_sentence(bare, start, end, at, now=now, zone=zone, holidays=holidays)
        day = when.day if when and when.day and when.day >= today else None
        if day is None and not UNDATED.search(bare, at, end):
            continue
        quote = TIDY.sub(" ", text[start:end]).strip()[:300]
        found.append(Caught(quote, start, end, day))
    return found


def same_words(quote: str) -> str:
    """The words as they are compared: neither capitals nor spaces nor the stop at the end make them others."""
    return TIDY.sub(" ", quote).strip().casefold().rstrip(".!… ").replace("’", "'")


def _without_quotes(text: str) -> str:
    """The text with a space for each sign of what is quoted: the places stay."""
    return QUOTED.sub(lambda hit: re.sub(r"[^\n]", " ", hit.group()), text)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence stands; the stop after "St." or "p.m." ends none."""
    begun: int | None = None
    for hit in SENTENCE.finditer(text):
        start = hit.start() if begun is None else begun
        if ABBREVIATED.search(hit.group()) and text[hit.end() : hit.end() + 1] == " ":
            begun = start
            continue
        begun = None
        yield start, hit.end()
    if begun is not None:
        yield begun, len(text)


def _commitment(text: str, start: int, end: int) -> int | None:
    """Where the promise of this sentence begins; None where it asks, denies or depends on something."""
    words = text[start:end]
    if words.rstrip("\"'”’) ").endswith("?") or CONDITION.search(words) or _depends(words):
        return None
    for shape in (commitments.PROMISE, commitments.YOURS, commitments.PASSIVE, SOMEBODY):
        for hit in shape.finditer(text, start, end):
            if _binds(hit, text, end):
                return hit.start()
    return None


def _binds(hit: re.Match[str], text: str, end: int) -> bool:
    said = hit.groupdict()
    verb = (said.get("verb") or "").lower()
    if verb in commitments.NOTICES or verb in commitments.NEGATED or DENIED.match(text, hit.start("will")):
        return False
    if (said.get("who") or "").lower() in THING:
        return bool(UNDATED.match(text, hit.start("will"), end))
    return True


def _depends(words: str) -> bool:
    """An "if" makes it depend, but not the "if" of "we will check if"."""
    return any(not WHETHER.search(words, 0, hit.start()) for hit in IF.finditer(words))
