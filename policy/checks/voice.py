"""The town's voice: its own phrases, plain words, and how it speaks to the person who reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policy.checks import drift
from policy.checks.base import Fix, Hit
from policy.checks.hearing import PIECE
from policy.checks.phrases import Found
from policy.checks.reading import Reading, inside
from policy.checks.vocabulary import SMALL_WORDS

LISTED: Mapping[str, tuple[str, str]] = {
    "banned": ("V01", "We do not say this:"),
    "jargon": ("V02", "There is a plainer word:"),
    "buzzwords": ("A27", "A word to avoid:"),
    "idioms": ("A32", "A figure of speech:"),
    "hedges": ("V21", "Two doubts at once:"),
    "inclusive": ("V22", "There is a kinder word:"),
}
NAMES_COUNT = frozenset(["jargon", "buzzwords", "idioms"])
THE_COUNCIL = re.compile(r"\bthe (?:council|town|city|county|municipality|authority)(?:['’]s)?\b", re.I)
WE = frozenset(["we", "we're", "we'll", "we've", "we'd", "our", "ours", "us"])
COUNCIL_FORMS = (
    (re.compile(r"\bthe council(?:['’]s)\b", re.I), "our"),
    (re.compile(r"\bthe council is\b", re.I), "we are"),
    (re.compile(r"\bthe council was\b", re.I), "we were"),
    (re.compile(r"\bthe council has\b", re.I), "we have"),
    (re.compile(r"\bthe council does\b", re.I), "we do"),
    (re.compile(r"\bthe council(?= (?:will|can|may|must|could|would|should|did|had|were|have|are|do)\b)", re.I), "we"),
    (re.compile(r"\b(?<=by )the council\b", re.I), "us"),
)
LOUD_MARKS = re.compile(r"!{2,}|[!?]{3,}|\?!|!\?")
SCARE = re.compile(r"(?<!\w)[\"“‘']([^\W\d_]{3,20})[\"”’'](?!\w)")
REALLY = re.compile(r"(?:(?<=[.!?] )|(?<=\n)|\A)(?:Really|Seriously|Honestly)\?+ ?")
MINIMISING = re.compile(
    r"\b(?:you (?:can |could |should |need to |have to )?)?(just|only|simply)\s+"
    r"(?:need to|have to|must|fill|call|ring|go|visit|send|contact|pay|log|click|read|wait|put|use|follow"
    r"|apply|complete)\b"
    r"|\byou (just|only|simply) (?:need|have|must)\b",
    re.I,
)
GREETING = re.compile(
    r"\s*(?:@[\w.-]+[,:]?\s*)?(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^\n.!?]{0,40}", re.I
)
NEXT_WORD = re.compile(r" ([^\W\d_]+)")
OF_SOMETHING = re.compile(r" (?:of|on|in|at|who|near)\b", re.I)
INITIALS = re.compile(r"(?:\^|[-–—~]\s?)[A-Z]{1,3}\s*\Z")
FIRST_NAME = re.compile(r"(?:[-–—~,]\s?|\n|[.!?] )([A-Z][a-zà-ÿ]+)\s*\Z")


def check(reading: Reading) -> Iterator[Hit]:
    for name, (rule, words) in LISTED.items():
        for found in reading.of(name):
            if not (name in NAMES_COUNT and _a_name(reading, found)) and not _a_thing(reading, found, name):
                yield listed(rule, words, found)
    if reading.context.reply and reading.english:
        yield from _distance(reading)
        yield from _the_council(reading)
        yield from _manner(reading)
    if reading.english:
        yield from _sharp(reading)
        yield from _minimising(reading)
        yield from _drift(reading)


def listed(rule: str, words: str, found: Found) -> Hit:
    """A finding of a list: its own reason where it has one, and what to write instead where it says so."""
    fix = Fix(f"Write “{found.better}”", found.better) if found.better else None
    return Hit(rule, words, found.span, fix, found.quote, why=found.entry.why)


def _a_name(reading: Reading, found: Found) -> bool:
    """Capitals within a sentence: the Agenda Café, Key Stage 2."""
    first = found.quote[:1]
    return first.isupper() and not found.quote.isupper() and found.start not in reading.starts


def _a_thing(reading: Reading, found: Found, name: str) -> bool:
    """The disabled bay, the deaf community: there the word says what kind of thing it is."""
    if name != "inclusive" or not found.entry.phrase.startswith("the "):
        return False
    after = NEXT_WORD.match(reading.text, found.end)
    return after is not None and after.group(1).lower() not in SMALL_WORDS


def _distance(reading: Reading) -> Iterator[Hit]:
    for found in reading.of("distance"):
        if OF_SOMETHING.match(reading.text, found.end):
            continue  # the residents of Mill Lane are others than the reader
        yield listed("V03", "This speaks about the reader, not to them:", found)


def _the_council(reading: Reading) -> Iterator[Hit]:
    them = [hit for hit in THE_COUNCIL.finditer(reading.text) if not inside(hit.start(), reading.quiet)]
    ours = sum(word.low in WE for word in reading.words)
    if not them or len(them) * 10 <= reading.number("council_share") * (len(them) + ours):
        return
    hit = them[0]
    fix = None
    for shape, better in COUNCIL_FORMS:
        there = shape.match(reading.text, hit.start())
        if there:
            words = better.capitalize() if there.group()[0].isupper() else better
            fix = Fix(f"Write “{words}”", words, there.span())
            break
    yield Hit("V04", "The council speaks of itself as somebody else:", hit.span(), fix, hit.group())


def _manner(reading: Reading) -> Iterator[Hit]:
    manner, text = reading.house.manner(reading.context.network), reading.text
    sign_off = reading.context.signs or manner.sign_off
    these = "answer" if reading.context.reply else "post"
    greets, by_itself = GREETING.match(text), reading.context.sign_off.strip()
    if manner.greeting == "always" and not greets and text.strip():
        hello = f"Hello {reading.context.person}, " if reading.context.person else "Hello, "
        yield Hit(
            "V19", f"Every {these} begins with a greeting here.", (0, 0), Fix(f"Begin with “{hello.strip()}”", hello)
        )
    elif manner.greeting == "never" and greets:
        yield Hit("V19", f"No {these} begins with a greeting here:", greets.span(), quote=greets.group().strip()[:40])
    signed = INITIALS.search(text)
    if signed and (by_itself or sign_off in ("never", "first_name")):
        words = (
            f"“{by_itself}” is put under it by itself; this signs it twice:"
            if by_itself
            else "Not signed this way here:"
        )
        start = len(text[: signed.start()].rstrip())
        yield Hit("V19", words, (start, len(text)), Fix("Take it out", ""), signed.group().strip())
    elif sign_off == "initials" and not by_itself and not signed and text.strip():
        yield Hit("V19", f"Every {these} ends with its writer's initials here, like ^AB.")
    elif sign_off == "first_name" and not by_itself and not FIRST_NAME.search(text) and text.strip():
        yield Hit("V19", f"Every {these} ends with its writer's first name here.")


def _sharp(reading: Reading) -> Iterator[Hit]:
    """One sharp mark is a slip, several are a mood: a pause helps more than another word."""
    if not (reading.context.reply or not reading.profile.light):
        return
    marks = sorted(_marks(reading), key=lambda mark: mark[0])
    if len(marks) < reading.number("sharp"):
        return
    span, fix, what = marks[0]
    words = f"{len(marks)} sharp marks, the first one here:"
    yield Hit("V09", words, span, fix, what, act="cool_off")


def _marks(reading: Reading) -> Iterator[tuple[tuple[int, int], Fix, str]]:
    """Each sharp mark's place, how it is calmed, and what it is."""
    text = reading.text
    for hit in LOUD_MARKS.finditer(text):
        yield hit.span(), _write("?" if "?" in hit.group() else "."), hit.group()
    for hit in SCARE.finditer(text):
        yield hit.span(), _write(hit.group(1)), hit.group()
    for hit in REALLY.finditer(text):
        yield hit.span(), Fix("Take it out", ""), hit.group().strip()
    for found in reading.of("sharp"):
        yield found.span, left_out(text, found), found.quote
    for hit in PIECE.finditer(text) if reading.loud else ():
        word = hit.group()
        if not word.isupper() or len(word) < 3 or not word.isascii():
            continue
        known = word in reading.house.acronyms or word in reading.defined or reading.is_acronym(word)
        if not known and not inside(hit.start(), reading.quiet):
            yield hit.span(), _write(word.lower()), word


def _write(better: str) -> Fix:
    return Fix(f"Write “{better}”", better)


def left_out(text: str, found: Found) -> Fix:
    """A fix that takes a word out with the stop and space that go with it; what follows takes over its capital."""
    end = found.end + (text[found.end : found.end + 1] in (",", ":", "!"))
    end += text[end : end + 1] == " "
    following = text[end : end + 1]
    takes_over = found.quote[:1].isupper() and following.islower() and not following.upper().islower()
    return Fix("Take it out", following.upper() if takes_over else "", (found.start, end + takes_over))


def _minimising(reading: Reading) -> Iterator[Hit]:
    if reading.lows.isdisjoint(("just", "only", "simply")):
        return
    for hit in MINIMISING.finditer(reading.text):
        place = 1 if hit.group(1) else 2
        start, end = hit.span(place)
        end += reading.text[end : end + 1] == " "
        following = reading.text[end : end + 1]
        better = following.upper() if hit.group(place)[0].isupper() else ""
        fix = Fix("Take it out", better, (start, end + len(better)))
        yield Hit("V10", "This makes little of what we ask for:", hit.span(place), fix, hit.group())


def _drift(reading: Reading) -> Iterator[Hit]:
    if len(reading.words) < drift.FEWEST_WORDS:
        return
    for off in drift.outside(drift.measure([reading]), reading.house):
        if off.band.name in ("sentence_length", "you_we", "exclamations"):
            yield Hit("V20", f"{off.band.title}: {off.value:.1f}{off.band.unit}; ours is {off.band.words}.")
