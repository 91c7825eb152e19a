"""Finding the words of all lists in one pass over a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from policy.checks import inflect
from policy.checks.house import Entry, House

WORD = re.compile(r"[^\W_]+(?:['’\-‑][^\W_]+)*")
BETWEEN = re.compile(r",?[ \t\xa0]+|[ \t\xa0]*\n[ \t\xa0]*")
ARTICLES = {"a", "an"}
VOWELS = frozenset("aeiouAEIOU")


class Word(NamedTuple):
    """A word of a text and its place; `low` is how lists write it."""

    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """An entry of a list at its place in the text; `better` is in the form the text wants, its capital included."""

    entry: Entry
    start: int
    end: int
    quote: str
    better: str

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True)
class Step:
    """A phrase of a list as it is looked for, and what to write instead."""

    tokens: tuple[str, ...]
    name: str
    entry: Entry
    better: str


Index = Mapping[str, Mapping[str, Sequence[Step]]]  # by the first word, and the second or nothing


def words_of(text: str) -> list[Word]:
    lower = low if "’" in text or "‑" in text else str.lower
    return [Word(hit.group(), lower(hit.group()), hit.start(), hit.end()) for hit in WORD.finditer(text)]


def low(word: str) -> str:
    return word.lower().replace("’", "'").replace("‑", "-")


@lru_cache(maxsize=16)
def index_of(house: House) -> Index:
    """All lists of a house by the first words of each phrase, made once for the same lists."""
    return _index(tuple(house.lists.items()))


@lru_cache(maxsize=16)
def _index(lists: tuple[tuple[str, tuple[Entry, ...]], ...]) -> Index:
    index: dict[str, dict[str, list[Step]]] = defaultdict(lambda: defaultdict(list))
    for name, entries in lists:
        for entry in entries:
            for phrase, better in _forms(entry).items():
                tokens = tuple(low(hit.group()) for hit in WORD.finditer(phrase))
                if tokens:
                    index[tokens[0]][(*tokens, "")[1]].append(Step(tokens, name, entry, better))
    return {
        first: {second: sorted(steps, key=lambda step: -len(step.tokens)) for second, steps in rows.items()}
        for first, rows in index.items()
    }


def _forms(entry: Entry) -> dict[str, str]:
    """Every form of the phrase with the same form of what to write instead; both spellings of -ise."""
    if entry.forms == "verb":
        better = inflect.verb(entry.better) if entry.better else ("",) * 4
        pairs = dict(zip(inflect.verb(entry.phrase), better, strict=True))
    elif entry.forms == "noun":
        many = inflect.noun(entry.better) if entry.better else ("", "")
        pairs = dict(zip(inflect.noun(entry.phrase), many, strict=True))
    else:
        pairs = {entry.phrase: entry.better}
    other = {" ".join(map(inflect.american, phrase.split(" "))): better for phrase, better in pairs.items()}
    return other | pairs


def find(text: str, words: Sequence[Word], house: House) -> dict[str, list[Found]]:
    """What stands in the text of each list, the longest phrase first, none over another of the same list."""
    index, found = index_of(house), defaultdict[str, list[Found]](list)
    taken: dict[str, int] = {}
    for place, word in enumerate(words):
        rows = index.get(word.low)
        if rows is None:
            continue
        after = words[place + 1].low if place + 1 < len(words) else ""
        steps = (*rows.get(after, ()), *rows.get("", ())) if after else rows.get("", ())
        for step in steps:
            if word.start < taken.get(step.name, 0) or not _there(text, words, place, step.tokens):
                continue
            hit = _found(text, words, place, step)
            taken[step.name] = hit.end
            if low(text[word.start : hit.end]) not in house.allowed:
                found[step.name].append(hit)
    return found


def _there(text: str, words: Sequence[Word], place: int, tokens: tuple[str, ...]) -> bool:
    if len(tokens) == 1:
        return True
    if place + len(tokens) > len(words):
        return False
    return all(
        words[place + n].low == token and BETWEEN.fullmatch(text, words[place + n - 1].end, words[place + n].start)
        for n, token in enumerate(tokens[1:], 1)
    )


def _found(text: str, words: Sequence[Word], place: int, step: Step) -> Found:
    """With what to write instead goes the article before it: "an agenda" becomes "a plan"."""
    start, end = words[place].start, words[place + len(step.tokens) - 1].end
    quote, better = text[start:end], step.better
    if step.entry.forms == "verb":
        better = inflect.after(better, words[place - 1].low if place else "")
    if better and place and words[place - 1].low in ARTICLES and text[words[place - 1].end : start] == " ":
        article = "an" if better[0] in VOWELS else "a"
        if better.partition(" ")[0] in ARTICLES:
            start, better = words[place - 1].start, better
        elif article != words[place - 1].low:
            start, better = words[place - 1].start, f"{article} {better}"
    return Found(step.entry, start, end, quote, cased(better, text[start:end]))


def cased(better: str, quote: str) -> str:
    """With a capital where what it replaces has one."""
    shouted = quote.isupper() and len(quote) > 1
    return better[:1].upper() + better[1:] if quote[:1].isupper() and quote != "I" and not shouted else better


def each(found: Mapping[str, list[Found]], *names: str) -> Iterator[Found]:
    for name in names:
        yield from found.get(name, ())
