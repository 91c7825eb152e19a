"""Plain and easy to take in: links, abbreviations, sentences, paragraphs, symbols, dates, colours, languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy.checks import ease, languages
from policy.checks.base import Fix, Hit
from policy.checks.dates import MONTHS, WEEKDAYS, When
from policy.checks.reading import Reading, Sentence, inside

VAGUE_LINK = re.compile(
    r"\b(?:click|tap|press|see|read more)\s+(?:here|this|below)\b|\bhere(?=:?\s*https?://)|\blink in (?:the "
    r"|our )?bio\b",
    re.I,
)
SYMBOLS = (
    ("&", re.compile(r"(?<=\s)&(?=\s)"), "and"),
    ("w/o", re.compile(r"\bw/o\b"), "without"),
    ("w/", re.compile(r"\bw/(?=\s|\w)(?!o\b)\s?"), "with "),
    ("@", re.compile(r"(?<=\s)@(?=\s)"), "at"),
    ("@", re.compile(r"(?<=\s)@(?=\d)"), "at "),
    ("+", re.compile(r"(?<=[a-z] )\+(?= [a-z])"), "and"),
    ("=", re.compile(r"(?<=\w )=(?= \w)"), "is"),
    (">", re.compile(r"(?<=\s)>\s?(?=[\d£$€])"), "more than "),
    ("≥", re.compile(r"(?<=\s)≥\s?(?=[\d£$€])"), "at least "),
    ("<", re.compile(r"(?<=\s)<\s?(?=[\d£$€])"), "less than "),
    ("/or", re.compile(r"\band/or\b", re.I), "or"),
    ("→", re.compile(r"(?<=\s)→(?=\s)"), "to"),
)
COLOURS = "red|green|blue|yellow|orange|amber|purple|pink|grey|gray|brown|black|white|shaded|coloured|colored"
COLOUR_WORDS = frozenset(COLOURS.split("|"))
THINGS = (
    "areas?|zones?|lines?|dots?|pins?|sections?|parts?|markers?|bo[xy]e?s?|buttons?|circles?|squares?|arrows?|ones?"
)
COLOUR_ONLY = re.compile(
    rf"\b(?:shown|marked|highlighted|outlined|circled|written|coloured|colored) (?:in |with )?(?:{COLOURS})\b"
    rf"|\b(?:see|check|avoid|follow|press|tap|click|look (?:for|at)"
    rf"|find)\s+(?:\w+\s+){{0,2}}?(?:{COLOURS}) (?:{THINGS})\b"
    rf"|\bthe (?:{COLOURS}) (?:{THINGS}) (?:on|in) the (?:map|picture|image|chart|plan|diagram)\b",
    re.I,
)
ACRONYM = re.compile(r"(?<![\w#@.&/^-])([A-Z][A-Z0-9]{1,5})(?:s)?(?![\w@&/-])")
ZONE = re.compile(r"\b(?:[ECMPAN][SD]?T|GMT|BST|UTC|CET|CEST|AE[SD]T|AC[SD]T|AW[SD]T|\w+ time)\b")
MOST_HARD_WORDS, LEADING_WORDS = 6, 3
NEARLY_ALL = 0.85
ALWAYS = re.compile(
    r"\b(?:every|daily|each|always|weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|opening hours)\b",
    re.I,
)


def check(reading: Reading) -> Iterator[Hit]:
    yield from _links(reading)
    yield from _acronyms(reading)
    yield from _sentences(reading)
    yield from _walls(reading)
    yield from _level(reading)
    yield from _symbols(reading)
    yield from _dates(reading)
    yield from _colours(reading)
    yield from _languages(reading)


def _links(reading: Reading) -> Iterator[Hit]:
    text = reading.text
    for hit in VAGUE_LINK.finditer(text):
        if hit.group().lower() != "here" or _bare_here(reading, hit.start()):
            yield Hit("A21", "This does not say where the link leads:", hit.span(), quote=hit.group())
    first = reading.links[:1]
    if first and len([word for word in reading.words if word.start < first[0][0]]) < 2 and reading.english:
        yield Hit("A21", "The link comes before any word about it:", first[0], quote=text[slice(*first[0])][:60])
    links = {text[start:end] for start, end in reading.links} | ({reading.draft.link} - {""})
    if len(links) > reading.number("links"):
        last = reading.links[-1] if reading.links else None
        yield Hit("A22", f"There are {len(links)} links.", last, quote=text[slice(*last)][:60] if last else "")


def _bare_here(reading: Reading, place: int) -> bool:
    """Too few words come before it to tell what is there."""
    one = reading.sentence_at(place)
    return sum(one.start <= word.start < place for word in reading.words) < LEADING_WORDS


def _acronyms(reading: Reading) -> Iterator[Hit]:
    if not reading.english:
        return
    known, told = (
        reading.house.acronyms | reading.defined,
        {row.phrase: row for row in reading.house.words("expansions")},
    )
    seen: set[str] = set()
    for hit in ACRONYM.finditer(reading.text):
        word = hit.group(1)
        plain = word.isalpha() and not reading.is_acronym(word)
        numbered = not word.isalpha() and sum(letter.isalpha() for letter in word) < 2
        if word in known or word in seen or plain or numbered or inside(hit.start(), reading.quiet):
            continue
        seen.add(word)
        better = told[word].better if word in told else ""
        fix = Fix(f"Write “{better} ({word})”", f"{better} ({word})") if better else None
        yield Hit("A23", "An abbreviation that is not explained:", hit.span(1), fix, word)


def _sentences(reading: Reading) -> Iterator[Hit]:
    longest = reading.number("sentence")
    for one in reading.sentences:
        if one.words > longest:
            words = f"A sentence of {one.words} words."
            yield Hit("A24", words, one.span, quote=" ".join(one.text.split()[:6]) + "…")


def _walls(reading: Reading) -> Iterator[Hit]:
    """The fix breaks the line before the sentence that makes it too much."""
    most, longest = reading.number("paragraph_sentences"), reading.number("paragraph_words")
    at = 0
    for line in reading.text.split("\n"):
        end = at + len(line)
        inside_ = [one for one in reading.sentences if at <= one.start < end]
        total = sum(one.words for one in inside_)
        if len(inside_) > most or total > longest:
            what = f"{len(inside_)} sentences" if len(inside_) > most else f"{total} words"
            yield Hit("A25", f"{what} without a line break.", *_break(inside_, most, longest))
        at = end + 1


def _break(row: list[Sentence], most: float, longest: float) -> tuple[tuple[int, int], Fix | None]:
    words = 0
    for place, one in enumerate(row):
        words += one.words
        if place and (place >= most or words > longest):
            return (row[place - 1].end, one.start), Fix("Start a new paragraph here", "\n\n")
    return (row[0].start, row[-1].end), None


def _level(reading: Reading) -> Iterator[Hit]:
    """A formula means little below a hundred words: there the hard words are shown instead."""
    if not reading.context.reading or not reading.english:
        return
    if len(reading.words) < reading.number("reading_words"):
        hard = list(dict.fromkeys(word.low for word in reading.words if ease.hard(word.text)))
        if len(hard) > 2:
            yield Hit("A26", f"Hard words: {', '.join(hard[:MOST_HARD_WORDS])}.")
        return
    grade = ease.grade([word.low for word in reading.words], len(reading.sentences))
    if reading.context.reading == "us" and grade > reading.number("grade"):
        yield Hit("A26", f"It reads like grade {grade:.0f}; we write for grade {reading.number('grade'):.0f}.")
    elif reading.context.reading == "uk" and grade + 5 > reading.number("reading_age"):
        age = reading.number("reading_age")
        yield Hit("A26", f"It reads like age {grade + 5:.0f}; we write for a reading age of {age:.0f}.")


def _symbols(reading: Reading) -> Iterator[Hit]:
    for sign, shape, word in SYMBOLS:
        for hit in shape.finditer(reading.text) if sign in reading.text else ():
            if not inside(hit.start(), reading.links):
                fix = Fix(f"Write “{word.strip()}”", word)
                yield Hit("A28", "A symbol for a word:", hit.span(), fix, hit.group().strip())


def _dates(reading: Reading) -> Iterator[Hit]:
    days = [when for when in reading.days if not inside(when.start, reading.quiet)]
    times = [when for when in days if when.kind == "time"]
    for when in days:
        span = (when.start, when.end)
        if when.kind == "numeric" and when.open:
            yield Hit("A29", "This date can be read in two ways:", span, _spelt(reading, when), when.quote)
        elif when.kind == "time" and when.open:
            yield Hit("A29", "Morning or evening?", span, quote=when.quote)
        elif when.day and when.weekday is not None and when.day.weekday() != when.weekday:
            right, wrong = WEEKDAYS[when.day.weekday()].capitalize(), WEEKDAYS[when.weekday]
            place = when.start + when.quote.lower().index(wrong)
            words = f"{when.day.day} {when.day:%B %Y} is a {right}, not a {wrong.capitalize()}:"
            yield Hit("A29", words, (place, place + len(wrong)), Fix(f"Write “{right}”", right), when.quote)
    if times and len(times) == len(days) and not reading.context.reply and not ALWAYS.search(reading.text):
        yield Hit(
            "A29", "A time, and on which day?", (times[0].start, times[0].end), quote=times[0].quote, level="consider"
        )
    if times and (reading.context.border or reading.number("border")) and not ZONE.search(reading.text):
        yield Hit("A29", "A time without its time zone, on a channel that is read across a border.")


def _spelt(reading: Reading, when: When) -> Fix | None:
    """In words, in the order that the town writes its days in."""
    if reading.context.day_first is None:
        return None
    parts = re.split(r"[/.-]", when.quote)
    year = f" {parts[2] if len(parts[2]) == 4 else f'20{parts[2]}'}" if len(parts) > 2 else ""
    if reading.context.day_first:
        words = f"{int(parts[0])} {MONTHS[int(parts[1]) - 1].capitalize()}{year}"
    else:
        words = f"{MONTHS[int(parts[0]) - 1].capitalize()} {int(parts[1])}{',' if year else ''}{year}"
    return Fix(f"Write “{words}”", words)


def _colours(reading: Reading) -> Iterator[Hit]:
    if reading.lows.isdisjoint(COLOUR_WORDS):
        return
    for hit in COLOUR_ONLY.finditer(reading.text):
        yield Hit("A30", "This tells it by colour alone:", hit.span(), quote=hit.group())


def _languages(reading: Reading) -> Iterator[Hit]:
    language = reading.draft.language
    if language == "" and reading.text.strip():
        yield Hit("A33", "No language is set for these words.")
    if not language:
        return
    if _all_of_it(reading):
        name, marked = languages.NAMES[reading.tongues[0][1]], languages.NAMES.get(language[:2], language)
        why = "Choose their language beside the words, so that they are read aloud in it."
        yield Hit("A33", f"These words are in {name}, and are marked as {marked}.", why=why)
        return
    for span, tag in reading.tongues:
        name = languages.NAMES[tag]
        first = reading.text[slice(*span)].split(None, 1)[0]
        if first.rstrip().endswith(":") or first.startswith(("[", "(")):
            continue
        words = f"A paragraph in {name} that is not marked as such:"
        yield Hit("A33", words, span, Fix(f"Put “{name}:” before it", f"{name}: {reading.text[slice(*span)]}"), first)


def _all_of_it(reading: Reading) -> bool:
    """Nearly every letter stands in paragraphs of one other language: nothing is mixed, the mark is wrong."""
    told = sum(end - start for (start, end), _ in reading.tongues)
    return len({tag for _, tag in reading.tongues}) == 1 and told > NEARLY_ALL * len(reading.text.strip())
