"""Finding the words of all lists in one pass over a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from policy.checks import inflect
from policy.checks.house import Entry, House

WORD = re.compile(r"[^\W_]+(?:['’\-‑][^\W_]+)*")
BETWEEN = re.compile(r"[ \t\xa0]+|[ \t\xa0]*\n[ \t\xa0]*")
ARTICLES = {"a", "an"}
VOWELS = frozenset("aeiouAEIOU")


@dataclass(frozen=True)
class Word:
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


Step = tuple[tuple[str, ...], str, Entry, str]
Index = Mapping[str, Sequence[Step]]


def words_of(text: str) -> list[Word]:
    return [Word(hit.group(), low(hit.group()), hit.start(), hit.end()) for hit in WORD.finditer(text)]


def low(word: str) -> str:
    return word.lower().replace("’", "'").replace("‑", "-")


def index_of(house: House) -> Index:
    """All lists of a house by the first word of each phrase, made once for the same lists."""
    return _index(tuple(house.lists.items()))


@lru_cache(maxsize=16)
def _index(lists: tuple[tuple[str, tuple[Entry, ...]], ...]) -> Index:
    index: dict[str, list[Step]] = defaultdict(list)
    for name, entries in lists:
        for entry in entries:
            for phrase, better in _forms(entry).items():
                tokens = tuple(low(hit.group()) for hit in WORD.finditer(phrase))
                if tokens:
                    index[tokens[0]].append((tokens, name, entry, better))
    return {first: sorted(steps, key=lambda step: -len(step[0])) for first, steps in index.items()}


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
        for tokens, name, entry, better in index.get(word.low, ()):
            if word.start < taken.get(name, 0) or not _there(text, words, place, tokens):
                continue
            hit = _found(text, words, place, len(tokens), entry, better)
            taken[name] = hit.end
            if low(text[word.start : hit.end]) not in house.allowed:
                found[name].append(hit)
    return found


def _there(text: str, words: Sequence[Word], place: int, tokens: tuple[str, ...]) -> bool:
    if len(tokens) == 1:
        return True
    if place + len(tokens) > len(words) or words[place + 1].low != tokens[1]:
        return False
    return all(
        words[place + n].low == token and BETWEEN.fullmatch(text, words[place + n - 1].end, words[place + n].start)
        for n, token in enumerate(tokens[1:], 1)
    )


def _found(text: str, words: Sequence[Word], place: int, size: int, entry: Entry, better: str) -> Found:
    """With what to write instead goes the article before it: "an agenda" becomes "a plan"."""
    start, end = words[place].start, words[place + size - 1].end
    quote = text[start:end]
    if better and place and words[place - 1].low in ARTICLES and text[words[place - 1].end : start] == " ":
        article = "an" if better[0] in VOWELS else "a"
        if better.partition(" ")[0] in ARTICLES:
            start, better = words[place - 1].start, better
        elif article != words[place - 1].low:
            start, better = words[place - 1].start, f"{article} {better}"
    return Found(entry, start, end, quote, cased(better, text[start:end]))


def cased(better: str, quote: str) -> str:
    """With a capital where what it replaces has one."""
    return better[:1].upper() + better[1:] if quote[:1].isupper() and quote != "I" else better


def each(found: Mapping[str, list[Found]], *names: str) -> Iterator[Found]:
    for name in names:
        yield from found.get(name, ())
