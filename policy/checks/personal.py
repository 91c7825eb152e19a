"""Personal data in public words, asking for them in public, and the private life of people who work for the town."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policy.checks.base import Fix, Hit, Level
from policy.checks.reading import Reading, Sentence, inside
from policy.checks.shapes import KINDS, Kind, only_digits

ASKED = re.compile(
    r"\b(?:send|give|tell|let|message|dm|post|share|reply|comment|provide|confirm|drop|need|what(?:['’]s"
    r"| is| was)|"
    r"can (?:you|we|i)|could (?:you|we|i)|may (?:we|i)|include)\b[^.!?\n]{0,60}?\byour\s+(?:\w+\s+){0,2}\Z",
    re.I,
)
QUESTION = re.compile(r"(?:what|can you|could you|may we|may i)\b", re.I)
NEVER = re.compile(r"(?:we )?never\b|do not\b|don['’]t\b", re.I)
PRIVATELY = re.compile(
    r"\b(?:private(?:ly)?|direct message|in a message|by (?:private )?message|dm|inbox|pm us|form|call us"
    r"|ring us|phone us|by phone|e-?mail)\b",
    re.I,
)
DIGIT = re.compile(r"\d")
TITLE = r"(?:Mrs?|Ms|Miss|Mx)\.?\s+[A-Z][\w'’-]+"
NAME = re.compile(
    rf"\b(?:{TITLE}|[A-Z][a-zà-ÿ]+(?:\s[A-Z][a-zà-ÿ'’-]+)?(?:['’]s\b|(?=\s(?:has|had|is|was|suffers?|needs?"
    rf"|lives? with|died|takes?)\b)))"
)
A_HOUSE = re.compile(
    r"\b(?:Centre|Center|Hospital|Trust|Council|Library|Team|Service|Clinic|School|Hall|House|Club|Group|UK|Charity|"
    r"Street|Road|It|He|She|They|We|You|This|That|There|What|Who|Everyone|Nobody|Research|Society|Day|Week)\b"
)
FAMILY = re.compile(
    r"\b(?:(?:my|his|her|their|our)\s+)?(?:son|daughter|child|kid|toddler|baby|grandson|granddaughter|niece"
    r"|nephew|boy|girl),?\s+"
    r"(?P<name>[A-Z][a-zà-ÿ]+)"
)
HOME = re.compile(
    r"\b(?:lives?|living|home is|house is|home) (?:on|in|at"
    r"|near)\s+(?P<name>(?:\d+[A-Za-z]?\s+)?(?:[A-Z][\w'’-]+\s){1,3}"
    r"(?:Street|Road|Lane|Avenue|Close|Drive|Way|Place|Court|Crescent|Terrace|Hill|Gardens|Boulevard|St|Rd|Ave|Dr)\b)"
)
ROUTINE = re.compile(
    r"\b(?:every (?:morning|evening|night|day|week|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|each (?:morning|evening|night))"
    r"\b[^.!?\n]{0,60}\b(?:school run|walks? (?:home|the dog)|runs? (?:along|in|through)|jogs?|gym|nursery|alone)\b"
    r"|\b(?:away|on holiday) (?:from|until|till)\b",
    re.I,
)
STREET = re.compile(
    r"\b\d{1,4}[A-Za-z]?\s(?:[A-Z][\w'’-]+\s){1,3}(?:Street|Road|Lane|Avenue|Close|Drive|Way|Place|Court"
    r"|Crescent|Terrace|St|Rd|Ave)\b"
)


@dataclass(frozen=True)
class Seen:
    """Something personal at its place."""

    kind: Kind
    start: int
    end: int


def check(reading: Reading) -> Iterator[Hit]:
    if reading.context.public:
        yield from _data(reading)
        if reading.english:
            yield from _asking(reading)
    yield from _private_life(reading)


def seen(reading: Reading) -> list[Seen]:
    """Every piece of personal data in the text, the surest kinds first, none over another, none of the town's own."""
    own = {plain(contact) for contact in reading.context.own_contacts | reading.house.contacts}
    found: list[Seen] = []
    digits = DIGIT.search(reading.text)
    for kind in KINDS:
        if not (digits if kind.digits else "@" in reading.text):
            continue
        for hit in kind.shape.finditer(reading.text):
            words = hit.group().strip()
            start = hit.start() + len(hit.group()) - len(hit.group().lstrip())
            end = start + len(words)
            taken = any(start < one.end and one.start < end for one in found)
            if taken or not kind.holds(words) or (not kind.sure and inside(start, reading.links)):
                continue
            if not _own(plain(words), own):
                found.append(Seen(kind, start, end))
    return found


def _own(words: str, own: set[str]) -> bool:
    """One of the town's own, or part of its address."""
    return words in own or (not words.isdigit() and any(words in contact for contact in own if not contact.isdigit()))


def _data(reading: Reading) -> Iterator[Hit]:
    for one in seen(reading):
        level, why = _gravity(reading, one.kind)
        words = reading.text[one.start : one.end]
        yield Hit(
            "V15",
            f"This looks like {one.kind.name}:",
            (one.start, one.end),
            _take_out(reading, one.start, one.end),
            words,
            level,
            why,
            "private",
        )
    yield from _health(reading)
    yield from _theirs(reading)


def _gravity(reading: Reading, kind: Kind) -> tuple[Level, str]:
    if kind.sure:
        return "must", "Nobody's identity, card or address belongs in public, not even their own. Take it out."
    if kind.alone:
        return "should", "By itself a postcode is a street; beside a name or a number it is a door."
    if reading.context.reply:
        return "must", "Once public it cannot be taken back. Continue in a private message."
    return "consider", "If it is a person's, take it out; if it is the town's own, leave it."


def _take_out(reading: Reading, start: int, end: int) -> Fix:
    start -= reading.text[start - 1 : start] == " "
    return Fix("Take it out", "", (start, end))


def _health(reading: Reading) -> Iterator[Hit]:
    """An illness is nobody's until a name stands beside it."""
    person, told = reading.context.person.strip(), -1
    for found in reading.of("medical"):
        one = reading.sentence_at(found.start)
        if one.start == told:
            continue  # one illness in a sentence is enough to stop it
        told = one.start
        named = _name(reading, one, found.span) or (person if person and person in one.text else "")
        theirs = reading.context.reply and f" your {found.quote.lower()}" in f" {one.text.lower()}"
        if named or theirs:
            level: Level = "must" if reading.context.reply else "should"
            words = f"Somebody's health, beside {f'“{named}”' if named else 'the person who asked'}:"
            yield Hit(
                "V15",
                words,
                found.span,
                reading.without(found.start),
                found.quote,
                level,
                "What somebody suffers from is theirs to tell.",
                "private",
            )


def _name(reading: Reading, one: Sentence, beside: tuple[int, int]) -> str:
    """The first name of a person in the sentence; houses, clubs and clinics have names as well."""
    for hit in NAME.finditer(reading.text, one.start, one.end):
        apart = hit.end() <= beside[0] or beside[1] <= hit.start()
        if apart and not A_HOUSE.search(hit.group()) and not reading.text[: hit.start()].lower().endswith("the "):
            return hit.group()
    return ""


def _theirs(reading: Reading) -> Iterator[Hit]:
    """What a person told us of themselves is not ours to say again in public."""
    theirs = reading.context.their_words
    if not reading.context.reply or not theirs:
        return
    said = theirs.lower()
    for hit in STREET.finditer(reading.text):
        if hit.group().lower() in said:
            yield Hit(
                "V15",
                "The person told us this address; we say it again in public:",
                hit.span(),
                _take_out(reading, *hit.span()),
                hit.group(),
                "must",
                "Continue in a private message.",
                "private",
            )


def _asking(reading: Reading) -> Iterator[Hit]:
    """Asked in public, people answer in public."""
    for found in reading.of("data_asked"):
        one = reading.sentence_at(found.start)
        asked = ASKED.search(reading.text, one.start, found.start)
        led_on = any(one.start <= start < one.end for start, _ in reading.links)
        if asked is None or led_on or PRIVATELY.search(one.text) or NEVER.match(one.text):
            continue
        words = reading.text[asked.start() : found.end]
        span = asked.start(), found.end
        fix = Fix("Ask for it in a private message", _privately(words))
        if QUESTION.match(words) and reading.text[found.end : found.end + 1] == "?":
            better = f"Please message us privately with {words[words.lower().index('your ') :]}."
            fix = Fix(fix.words, better, (asked.start(), found.end + 1))
        yield Hit("V16", "This asks for personal data in public:", span, fix, words, act="private")


def _privately(words: str) -> str:
    """The same request where only we read the answer."""
    rest = re.search(r"\byour\s", words, re.I)
    if rest and words.split()[0].lower() in ("send", "give", "message", "post", "drop"):
        better = f"message us privately with {words[rest.start() :]}"
        return better[0].upper() + better[1:] if words[0].isupper() else better
    return f"{words} in a private message"


def _private_life(reading: Reading) -> Iterator[Hit]:
    """People behind the service share what they like; their children, their door and their rounds are no post."""
    context = reading.context
    for name, what in (*((one, "a child") for one in context.children), *((one, "a home") for one in context.homes)):
        for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", reading.text, re.I) if name.strip() else ():
            yield Hit("P1", f"This names {what}:", hit.span(), reading.without(hit.start()), hit.group())
    if not context.people_behind or not reading.english:
        return
    for shape, what in ((FAMILY, "names a child"), (HOME, "names a home street")):
        for hit in shape.finditer(reading.text):
            yield Hit("P1", f"This {what}:", hit.span("name"), _take_out(reading, *hit.span("name")), hit.group())
    for hit in ROUTINE.finditer(reading.text):
        fix = reading.without(hit.start())
        yield Hit("P1", "This tells when somebody is where, or away:", hit.span(), fix, hit.group(), "should")


def plain(contact: str) -> str:
    """A number by its digits, an address in lower case: two ways of writing one contact are equal."""
    if "@" in contact:
        return contact.strip().lower()
    digits = only_digits(contact)
    if not digits or sum(letter.isalpha() for letter in contact) > 2:
        return " ".join(re.findall(r"[^\W_]+", contact.lower()))
    if contact.strip().startswith("+44"):
        return "0" + digits[2:].removeprefix("0")
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
