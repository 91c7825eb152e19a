"""The town's own side of the checks: its lists, numbers, situations, manners and positions.

The defaults ship in `policy/words`; a town changes what it likes with `dataclasses.replace(shipped(), ...)`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

Level = Literal["must", "should", "consider"]
Situation = Literal["everyday", "criticism", "bad_news", "emergency", "election", "condolence"]
SITUATIONS: tuple[Situation, ...] = get_args(Situation)
WORDS = Path(__file__).resolve().parents[1] / "words"
LIST_FILES = ("plain", "care", "public", "people")
TABLES: Mapping[str, Literal["", "verb", "noun"]] = {"words": "", "verbs": "verb", "nouns": "noun"}


@dataclass(frozen=True)
class Entry:
    """A word or phrase of a list, what to write instead (empty where only a person can say) and why.

    With `forms` its other forms count too: "utilise" as a verb is also "utilising", and its fix "using".
    """

    phrase: str
    better: str = ""
    why: str = ""
    forms: Literal["", "verb", "noun"] = ""


@dataclass(frozen=True)
class WordList:
    """What a list is for: its name on the page, the rule it feeds, and what its entries are."""

    name: str
    title: str
    rule: str
    help: str


@dataclass(frozen=True)
class Number:
    """A threshold: what it counts, the rule it belongs to, and what it is at first."""

    name: str
    title: str
    rule: str
    value: float


@dataclass(frozen=True)
class Profile:
    """How a situation changes the checks: levels of its own, rules left out, and how much emoji and humour it bears."""

    title: str
    help: str = ""
    levels: Mapping[str, Level] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    emoji: int | None = None
    light: bool = True
    parts: int = 0


@dataclass(frozen=True)
class Manner:
    """How replies begin and end on a channel. "any" leaves it to the writer."""

    greeting: Literal["any", "always", "never"] = "any"
    sign_off: Literal["any", "initials", "first_name", "never"] = "any"


@dataclass(frozen=True)
class Position:
    """An approved position: what is said when its topic comes up, and what is never said about it."""

    topic: str
    about: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    statement: str = ""


@dataclass(frozen=True)
class Band:
    """What a measure of the town's voice lies between; `unit` is what is written after its numbers."""

    name: str
    title: str
    low: float
    high: float
    unit: str = ""

    @property
    def words(self) -> str:
        """8 to 70 %"""
        return f"{self.low:g} to {self.high:g}{self.unit}"


@dataclass(frozen=True, eq=False)
class House:
    """All that is the town's to change. `manners` are by network, with "" for those that have none of their own.

    `off` are rules that are switched off, `levels` those with another level; `allowed` are words nothing is ever said
    about, such as the names of places; `contacts` are the town's published numbers and addresses. Two houses are equal
    only where they are the same object: keep one as long as nothing changes.
    """

    version: str
    lists: Mapping[str, tuple[Entry, ...]]
    numbers: Mapping[str, float]
    situations: Mapping[str, Profile]
    bands: Mapping[str, Band]
    acronyms: frozenset[str]
    hashtag_words: frozenset[str]
    manners: Mapping[str, Manner] = field(default_factory=lambda: {"": Manner()})
    off: frozenset[str] = frozenset()
    levels: Mapping[str, Level] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    positions: tuple[Position, ...] = ()

    def words(self, name: str) -> tuple[Entry, ...]:
        return self.lists.get(name, ())

    def number(self, name: str) -> float:
        return self.numbers.get(name, numbers()[name].value)

    def profile(self, situation: str) -> Profile:
        return self.situations.get(situation) or Profile(situation)

    def manner(self, network: str) -> Manner:
        return self.manners.get(network) or self.manners.get("") or Manner()


def read(name: str) -> dict[str, Any]:
    """One shipped file."""
    return tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def shipped() -> House:
    """The house as it comes: good enough to adopt, and the same object every time."""
    known = read("known")
    return House(
        version="shipped",
        lists=MappingProxyType({name: _entries(row) for name, row in _lists().items()}),
        numbers=MappingProxyType({name: one.value for name, one in numbers().items()}),
        situations=MappingProxyType({name: _profile(row) for name, row in read("situations").items()}),
        bands=MappingProxyType({name: Band(name, **row) for name, row in read("bands").items()}),
        acronyms=frozenset(known["acronyms"]["words"].split()),
        hashtag_words=frozenset(known["hashtags"]["words"].split()),
    )


@lru_cache(maxsize=1)
def word_lists() -> Mapping[str, WordList]:
    """Every list there is, by name, in the order of the files."""
    return MappingProxyType(
        {name: WordList(name, row["title"], row["rule"], row["help"]) for name, row in _lists().items()}
    )


@lru_cache(maxsize=1)
def numbers() -> Mapping[str, Number]:
    """Every threshold there is, by name."""
    return MappingProxyType({name: Number(name, **row) for name, row in read("numbers").items()})


def _lists() -> dict[str, Any]:
    return {name: row for file in LIST_FILES for name, row in read(file).items()}


def _entries(row: dict[str, Any]) -> tuple[Entry, ...]:
    """A list's entries: its words as they stand, and its verbs and nouns in all their forms."""
    return tuple(
        Entry(phrase, told, "", forms) if isinstance(told, str) else Entry(phrase, told[0], told[1], forms)
        for table, forms in TABLES.items()
        for phrase, told in row.get(table, {}).items()
    )


def _profile(row: dict[str, Any]) -> Profile:
    return Profile(**{**row, "off": frozenset(row.get("off", ()))})
