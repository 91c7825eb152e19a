"""Answers that help: faults owned, apologies meant, a reason with every no, nothing light on a sad day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from policy.checks.base import Fix, Hit
from policy.checks.reading import Reading
from policy.checks.voice import left_out, listed

PARTICIPLE = (
    r"(?:\w{3,}ed|made|left|lost|sent|done|given|taken|told|hit|put|cut|broken|forgotten|kept|held|found"
    r"|written|read)"
)
PASSIVE = re.compile(
    rf"\b(?:was|were|is|are|been|being|be|got)(?:n['’]t)?\s+(?:not\s+|also\s+|\w+ly\s+)?({PARTICIPLE})\b", re.I
)
OWNER = re.compile(
    r"\b(?:we|we['’]\w+|i|i['’]\w+|our|us|by (?:a|an|the|our|us|storm|vandals?)\b|(?:the|our) (?:crew|team"
    r"|contractor|driver|"
    r"officer|staff|council)\w*)\b",
    re.I,
)
REASON = re.compile(
    r"\b(?:because|since|as (?:the|we|it|they|our|there|this|that|your)|due to|so that|so as|the reason|"
    r"here is why|until|"
    r"while|unless|owing to|following|after|instead|but (?:you|we)|rather|you can|you could|you may|"
    r"please (?:call|ring|visit|write|message|e-?mail|ask|use|see)|the law|by law|"
    r"belongs? to|is run by|are run by|have|has (?:the|no)|only)\b",
    re.I,
)
TAKES_UP = re.compile(
    r"\b(?:thank(?:s| you)|sorry|apologi[sz]e|we hear|you(?:['’]re| are) right|good (?:question|point|idea)"
    r"|fair (?:question|point)|"
    r"we understand|i understand|we know|that is (?:on us|not good enough|kind)|we agree|you asked|you told)\b",
    re.I,
)
HAPPENS = re.compile(
    r"\b(?:we(?:['’](?:ll|ve|re)|\s+(?:will|have|are|can|aim|plan|hope|look|need|read|do))|i(?:['’](?:ll|ve"
    r"|m)|\s+(?:will|have|am|can))|"
    r"(?:crew|team|officer|contractor|engineer)s? (?:will|comes?|is|are|has|have)|will be"
    r"|is (?:now )?(?:mended|fixed|open|back|here|there|on)|"
    r"has been|have been|the reason|because|you can|run by|looked after by|opens?|reopens?|starts?|ends?)\b",
    re.I,
)
WHERE = re.compile(
    r"https?://|\b(?:call|ring|phone|e-?mail|visit|write to|message|report it|at the|ask for|tell us|form"
    r"|here)\b|\b0\d{3,}",
    re.I,
)
SIGNED = re.compile(r"(?:\^|[-–—~]\s?)[A-Za-z]{1,12}\s*\Z|\n[A-Z][a-z]+\s*\Z")
PARTS = ("a word on what was said", "an answer, or what happens next", "by when", "where to turn", "a name under it")
SHOWN = 20  # letters
COMMON = frozenset(
    "this that with from have your what when there which would could about been will they them".split()  # noqa: SIM905
)
BARE_NO = re.compile(r"\W*(?:sorry,? )?no(?:,? sorry)?[.!]?\s*(?:\^\w+\s*)?\Z", re.I)


def check(reading: Reading) -> Iterator[Hit]:
    if reading.english:
        yield from _passive(reading)
        for found in reading.of("non_apology"):
            yield listed("V06", "An apology that takes itself back:", found)
        for found in reading.of("blame"):
            hit = listed("V07", "This blames the person:", found)
            yield hit if hit.fix else replace(hit, fix=reading.without(found.start))
        yield from _defensive(reading)
        if reading.context.reply:
            yield from _parts(reading)
            yield from _no(reading)
    yield from _light(reading)
    yield from _again(reading)


def _passive(reading: Reading) -> Iterator[Hit]:
    """A fault without an owner. Only sentences that tell of one are looked at."""
    taken = []
    for found in reading.of("passive"):
        taken.append(found.span)
        yield listed("V05", "Nobody owns this fault:", found)
    faults = [found.start for found in reading.of("faults")]
    for one in reading.sentences:
        if not any(one.start <= place < one.end for place in faults) or OWNER.search(one.text):
            continue
        hit = PASSIVE.search(reading.text, one.start, one.end)
        if hit and not any(start < hit.end() and hit.start() < end for start, end in taken):
            yield Hit("V05", "Who did it? This fault has no owner:", hit.span(), quote=one.text[:80])


def _defensive(reading: Reading) -> Iterator[Hit]:
    for found in reading.of("defensive"):
        named = re.search(
            r"\b(?:run|looked after|owned|managed) by\b|\bbelongs to\b|\bplease (?:ask|call)\b", reading.text, re.I
        )
        if not (named and "responsib" in found.quote.lower()):
            hit = listed("V08", "This defends us instead of helping:", found)
            yield hit if hit.fix else replace(hit, fix=reading.without(found.start))


def _parts(reading: Reading) -> Iterator[Hit]:
    """Which parts of a good answer are there; only where the situation asks for some."""
    needed = int(reading.number("reply_parts")) if reading.profile.parts else 0
    if not needed or not reading.text.strip():
        return
    text = reading.text
    there = (
        bool(TAKES_UP.search(text)) or _echoes(reading),
        bool(HAPPENS.search(text)),
        bool(reading.days),
        bool(WHERE.search(text)),
        bool(SIGNED.search(text) or reading.context.sign_off),
    )
    if sum(there) < needed:
        missing = [part for part, found in zip(PARTS, there, strict=True) if not found]
        yield Hit("V17", f"This answer has {sum(there)} of five parts. Missing: {'; '.join(missing)}.")


def _echoes(reading: Reading) -> bool:
    """Two longer words of what the person wrote come back."""
    theirs = {word.lower() for word in re.findall(r"[^\W\d_]{4,}", reading.context.their_words)} - COMMON
    return len(theirs & {word.low for word in reading.words}) >= 2


def _no(reading: Reading) -> Iterator[Hit]:
    if reading.links or REASON.search(reading.text):
        return
    if BARE_NO.match(reading.text):
        yield Hit("V18", "A no without a reason or another way:", (0, len(reading.text)), quote=reading.text[:80])
        return
    for found in reading.of("refusals"):
        one = reading.sentence_at(found.start)
        yield Hit("V18", "A no without a reason or another way:", one.span, quote=one.text[:80])
        return


def _light(reading: Reading) -> Iterator[Hit]:
    """Emoji and jokes beside something grave, or where the situation bears none."""
    grave = next(reading.of("grave"), None)
    if reading.profile.light and grave is None:
        return
    what = f"beside “{grave.quote}”" if grave else f"in this situation ({reading.profile.title.lower()})"
    spare = 0 if grave else reading.profile.emoji or 0
    for start, end in _runs(reading, spare):
        shown = reading.text[start:end]
        start -= reading.text[start - 1 : start] == " "
        yield Hit("V24", f"An emoji {what}:", (start, end), Fix("Take it out", ""), shown[:SHOWN])
    for found in reading.of("humour"):
        fix = Fix(f"Write “{found.better}”", found.better) if found.better else left_out(reading.text, found)
        yield Hit("V24", f"Something light {what}:", found.span, fix, found.quote)


def _runs(reading: Reading, spare: int) -> Iterator[tuple[int, int]]:
    """Emoji that stand side by side are one thing; the first few may stay."""
    run: tuple[int, int] | None = None
    for _, start, end in reading.emoji[spare:]:
        if run and not reading.text[run[1] : start].strip():
            run = run[0], end
            continue
        if run:
            yield run
        run = start, end
    if run:
        yield run


def _again(reading: Reading) -> Iterator[Hit]:
    """The same answer to one person after another reads like a machine; one answer at the top reaches all."""
    most = int(reading.number("same_replies"))
    if len(reading.context.earlier) < most or not reading.text.strip():
        return
    mine, alike = _bag(reading.text), reading.number("alike")
    same = sum(_overlap(mine, _bag(one)) >= alike for one in reading.context.earlier if _near(reading.text, one, alike))
    if same >= most:
        yield Hit("V26", f"{same} people in this thread had the same answer already.", act="answer_once")


def _near(one: str, other: str, alike: float) -> bool:
    """Near enough in length to be worth a closer look."""
    shorter, longer = sorted((len(one) + 1, len(other) + 1))
    return shorter / longer > alike / 2


def _bag(text: str) -> Counter[str]:
    return Counter(word.lower() for word in re.findall(r"[^\W_]+", text))


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
