"""What an election or mourning holds back: rules over what a post is, says and shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import regex

WORD = r"(?<![\p{L}\p{N}])(?:%s)(?![\p{L}\p{N}])"


@dataclass(frozen=True)
class Named:
    """Somebody or something of the list of names, in every spelling; `pictures` are the keys of what shows them."""

    name: str
    kind: str = "politician"
    also: tuple[str, ...] = ()
    pictures: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """What one mode holds: kinds of post, topics by name, words; and, where `names` is on, whoever is on the list."""

    kinds: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    names: bool = False

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Rules:
        return cls(
            frozenset(data.get("kinds", ())),
            frozenset(data.get("topics", ())),
            tuple(data.get("words", ())),
            bool(data.get("names", False)),
        )

    def as_json(self) -> dict[str, object]:
        return {
            "kinds": sorted(self.kinds),
            "topics": sorted(self.topics),
            "words": list(self.words),
            "names": self.names,
        }


@dataclass(frozen=True)
class Facts:
    """What is looked at: every wording, the alt texts, the keys of its pictures."""

    kind: str = ""
    kind_words: str = ""
    topic: str = ""
    texts: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    pictures: frozenset[str] = field(default_factory=frozenset)


# Where the town says nothing else.
ELECTION = Rules(words=("vote for", "vote against", "manifesto", "campaign promise"), names=True)
MOURNING = Rules(
    kinds=frozenset({"question", "behind", "quote", "people", "keep", "event"}),
    words=("celebrate", "celebration", "party", "fun", "funny", "win", "prize", "giveaway", "joke", "hooray"),
)
DEFAULTS = {"election": ELECTION, "mourning": MOURNING}
KIND_WORDS = {
    "politician": "a politician",
    "candidate": "a candidate",
    "party": "a party",
    "measure": "a ballot measure",
}


def reasons(facts: Facts, rules: Rules, names: Iterable[Named] = ()) -> list[str]:
    """Why this is held, in sentences; empty when nothing holds it."""
    found = []
    if facts.kind in rules.kinds:
        found.append(f"Posts of the kind “{facts.kind_words or facts.kind}” are held.")
    if facts.topic and facts.topic in rules.topics:
        found.append(f"Posts about “{facts.topic}” are held.")
    said = "\n".join([*facts.texts, *facts.alts])
    found += [f"It says “{word}”." for word in _spoken(said, rules.words)]
    return found + (_named(facts, names) if rules.names else [])


def _named(facts: Facts, names: Iterable[Named]) -> list[str]:
    found = []
    for one in names:
        what = KIND_WORDS.get(one.kind, "on the list of names")
        spellings = (one.name, *one.also)
        if _spoken("\n".join(facts.texts), spellings):
            found.append(f"It names {one.name}, {what}.")
        elif _spoken("\n".join(facts.alts), spellings) or one.pictures & facts.pictures:
            found.append(f"A picture shows {one.name}, {what}.")
    return found


def _spoken(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words that stand in the text as whole words, whatever their case and accents' spelling."""
    found = []
    for word in words:
        parts = [re.escape(part) for part in word.split()]
        if parts and regex.search(WORD % r"\s+".join(parts), text, regex.IGNORECASE):
            found.append(word)
    return found
