"""Finding names and phrases in what people write: the same answer every time, and the phrase that was found.

Words are compared without case and accents and only as whole words. "bin*" is every word that begins so; "@name" and
"#tag" are found only as such; a phrase is also found written together ("townhall", "#TownHall"). With `slips` a phrase
of eight letters or more is also found with one slip of the pen in it, where every word begins as it should.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

WORD = re.compile(r"\w+")
SIGNED = re.compile(r"[@#]\w[\w.\-]*(?:@[\w.\-]+\w)?")
HUMPS = re.compile(r"(?<=[a-zß-ÿ0-9])(?=[A-ZÀ-Þ])|_+")
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
TOGETHER = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # no spaces between words
SLIP_FROM = 8  # letters: in anything shorter one slip makes another word


def folded(text: str) -> str:
    """Without case, accents and what nobody sees."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", UNSEEN.sub("", text)).casefold()
    return "".join(one for one in parts if unicodedata.category(one) != "Mn")


@dataclass(frozen=True)
class Text:
    """What somebody wrote, made ready once for all the phrases that are looked for in it."""

    raw: str
    _parts: dict[int, dict[str, list[str]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def words(self) -> list[str]:
        found = WORD.findall(folded(self.raw))
        for tag in SIGNED.findall(self.raw) if "#" in self.raw else ():
            found += [".", *WORD.findall(folded(HUMPS.sub(" ", tag[1:])))] if tag[0] == "#" else ()
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def padded(self) -> str:
        return f" {' '.join(self.words)} "

    def parts(self, length: int) -> dict[str, list[str]]:
        """Every run of so many words, by the first letters of these."""
        if length not in self._parts:
            found: dict[str, list[str]] = defaultdict(list)
            for start in range(len(self.words) - length + 1):
                part = self.words[start : start + length]
                found["".join([word[0] for word in part])].append(" ".join(part))
            self._parts[length] = dict(found)
        return self._parts[length]

    @cached_property
    def signed(self) -> frozenset[str]:
        """Every @name and #tag; one with a server also without it."""
        found = [one.rstrip(".-") for one in SIGNED.findall(folded(self.raw))]
        return frozenset(found) | {one[: one.index("@", 1)] for one in found if "@" in one[1:]}


@dataclass(frozen=True)
class Phrases:
    """A list of phrases to look for. Make it once, ask it of many texts."""

    said: Sequence[str]
    slips: bool = False
    _exact: list[tuple[str, str]] = field(default_factory=list, init=False, repr=False)
    _first: set[str] = field(default_factory=set, init=False, repr=False)  # words one of which has to be there
    _begin: list[str] = field(default_factory=list, init=False, repr=False)  # forms that begin a word
    _loose: list[str] = field(default_factory=list, init=False, repr=False)  # forms of scripts without spaces
    _signed: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _slipped: dict[int, dict[str, list[tuple[str, str]]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for one in self.said:
            if one.startswith(("@", "#")):
                self._signed[folded(one)] = one
                continue
            words = WORD.findall(folded(one))
            if words:
                for form in _forms(one, words):
                    self._exact.append((form, one))
                    self._note_first(form)
                self._note_slips(one, words)

    def found_in(self, text: Text) -> str:
        """The first phrase that is there, as it was entered; "" when none is."""
        if self._may_be_in(text):
            padded = text.padded
            for form, one in self._exact:
                if form in padded:
                    return one
        if self._signed:
            for sign, one in self._signed.items():
                if sign in text.signed:
                    return one
        return self._slip(text) if self._slipped else ""

    def _note_first(self, form: str) -> None:
        words = form.split()
        if form[0] != " ":
            self._loose.append(form)
        elif form[-1] == " " or len(words) > 1:
            self._first.add(words[0])
        else:
            self._begin.append(form)

    def _may_be_in(self, text: Text) -> bool:
        """Whether it is worth looking closer, which it hardly ever is."""
        if not self._first.isdisjoint(text.vocabulary):
            return True
        return any(form in text.padded for form in self._begin) or any(form in text.padded for form in self._loose)

    @property
    def firsts(self) -> Collection[str]:
        """Words of which one is in a text that holds a phrase, unless `begins` or `anywhere` say otherwise."""
        return self._first

    @property
    def begins(self) -> Sequence[str]:
        """Beginnings of words of which one may be there instead."""
        return [form[1:] for form in self._begin]

    @property
    def anywhere(self) -> bool:
        """Whether it can be in a text that has none of these."""
        return bool(self._loose or self._signed or self._slipped)

    def _note_slips(self, one: str, words: list[str]) -> None:
        whole = " ".join(words)
        if self.slips and len(whole) - len(words) + 1 >= SLIP_FROM and "*" not in one:
            initials = "".join(word[0] for word in words)
            self._slipped.setdefault(len(words), {}).setdefault(initials, []).append((whole, one))

    def _slip(self, text: Text) -> str:
        for length, known in self._slipped.items():
            parts = text.parts(length)
            if known.keys().isdisjoint(parts):
                continue
            for initials, wanted in known.items():
                for part in parts.get(initials, ()):
                    found = next((one for whole, one in wanted if one_slip(whole, part)), "")
                    if found:
                        return found
        return ""


@lru_cache(maxsize=1024)
def phrases(said: tuple[str, ...]) -> Phrases:
    """The same list of phrases, made ready once."""
    return Phrases(said)


def _forms(one: str, words: Sequence[str]) -> list[str]:
    """The forms of a phrase that are looked for in a padded text."""
    whole = " ".join(words)
    if TOGETHER.search(whole):
        return [whole]
    end = "" if one.rstrip().endswith("*") else " "
    forms = [f" {whole}{end}"]
    return forms + [f" {''.join(words)}{end}"] if len(words) > 1 else forms


def one_slip(wanted: str, seen: str) -> bool:
    """Whether the two differ by one letter: another, one too many or too few, or two that changed places."""
    if wanted == seen or abs(len(wanted) - len(seen)) > 1:
        return wanted == seen
    start = 0
    while start < min(len(wanted), len(seen)) and wanted[start] == seen[start]:
        start += 1
    left, right = wanted[start:], seen[start:]
    if len(left) == len(right):
        swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    return left[1:] == right if len(left) > len(right) else left == right[1:]


def lines(text: str) -> list[str]:
    """The phrases of a box, one a line, each once and without the spaces around it."""
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
