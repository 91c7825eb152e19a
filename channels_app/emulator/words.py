"""What the residents say: who speaks, in which words, on which platform. Nothing here writes anything down."""

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TOWNS = Path(__file__).parent / "towns"
PLATFORMS = {"facebook": 0.48, "x": 0.3, "mastodon": 0.22, "bluesky": 0.2, "instagram": 0.2}
KINDS = {
    "question": 1.0,
    "failure": 0.8,
    "thanks": 0.5,
    "criticism": 0.55,
    "rant": 0.35,
    "idea": 0.4,
    "offtopic": 0.3,
    "urgent": 1.0,
}
CROSS, COMPLAINTS = {"blunt", "angry", "hasty"}, {"failure", "criticism", "rant", "urgent"}
PRIVATE, OWN_LANGUAGE, TYPO = 0.22, 0.65, 0.07
# What follows an answer, by what it answered: thanks, another question, displeasure; the rest is silence.
AFTERWARDS = {
    "question": (0.44, 0.17, 0.06),
    "failure": (0.28, 0.1, 0.26),
    "criticism": (0.14, 0.1, 0.3),
    "rant": (0.08, 0.04, 0.38),
    "urgent": (0.6, 0.1, 0.1),
    "idea": (0.4, 0.1, 0.08),
}
Draw = Callable[[str, int], int]  # a bag's name and size → the next index out of it


@dataclass(frozen=True)
class Person:
    """A resident and their names on the platforms they use."""

    name: str
    handles: dict[str, str]
    tone: str
    lang: str
    street: str
    unnamed: bool
    own: tuple[str, ...] = ()  # a group says these things of its own accord, and nothing personal


@dataclass(frozen=True)
class Saying:
    """Words ready to be written; `clumsy` is what stands there first where somebody corrects themselves."""

    by: Person
    platform: str
    text: str
    kind: str
    lang: str = "en"
    private: bool = False
    clumsy: str = ""


@dataclass(frozen=True)
class Words:
    """A town's people and phrases."""

    data: dict[str, Any]
    people: tuple[Person, ...]

    @property
    def zone(self) -> str:
        return str(self.data["zone"])

    def someone(
        self, dice: random.Random, platform: str, *, but: str = "", kind: str = "", groups: bool = False
    ) -> Person:
        """Anybody on this platform; who rants is not the polite sort."""
        here = [one for one in self.people if platform in one.handles and one.name != but and (groups or not one.own)]
        cross = [one for one in here if one.tone in CROSS] if kind == "rant" else []
        return dice.choice(cross or here)

    def lives_on(self, platform: str) -> bool:
        """Whether anybody of this town uses it at all."""
        return any(platform in one.handles for one in self.people)

    def person(self, name: str) -> Person:
        return next(one for one in self.people if one.name == name)

    def spontaneous(self, dice: random.Random, draw: Draw, platforms: list[str]) -> Saying:
        """Something a resident writes of their own accord."""
        platform = dice.choices(platforms, [PLATFORMS[one] for one in platforms])[0]
        by = self.someone(dice, platform, groups=True)
        if by.own:
            return Saying(by, platform, _take(list(by.own), draw), "idea")
        if platform == "mastodon" and dice.random() < PRIVATE:
            entries = self.data["private"]
            entry, private = dice.choices(entries, [len(one["texts"]) for one in entries])[0], True
        else:
            entry, private = self._entry(dice, by), False
        lang = entry.get("lang", "en")
        if entry["kind"] == "rant" and by.tone not in CROSS:
            by = self.someone(dice, platform, kind="rant")
        text = self.fill(dice, _take(entry["texts"], draw), by)
        text = self._dressed(dice, by, text, entry["kind"]) if lang == "en" and not private else text
        clumsy = _clumsy(dice, text) if platform != "x" and lang == "en" and dice.random() < TYPO else ""
        return Saying(by, platform, text, entry["kind"], lang, private, clumsy)

    def _entry(self, dice: random.Random, by: Person) -> dict[str, Any]:
        own = [entry for entry in self.data["abroad"] if entry["lang"] == by.lang]
        if own and dice.random() < OWN_LANGUAGE:
            found: dict[str, Any] = own[0]
            return found
        entries = self.data["says"]
        weights = [len(entry["texts"]) * entry.get("weight", KINDS[entry["kind"]]) for entry in entries]
        chosen: dict[str, Any] = dice.choices(entries, weights)[0]
        return chosen

    def under(self, dice: random.Random, draw: Draw, platform: str, post: str) -> Saying:
        """A comment on one of the town's posts, by what the post is about."""
        topic = self._topic(post.lower())
        kind, text = _take(topic["says"], draw)
        by = self.someone(dice, platform, kind=kind)
        return Saying(by, platform, self._dressed(dice, by, self.fill(dice, text, by), kind), kind)

    def _topic(self, text: str) -> dict[str, Any]:
        def hits(topic: dict[str, Any]) -> int:
            return sum(text.count(word) for word in topic["words"])

        best: dict[str, Any] = max(self.data["topics"], key=hits)
        return best if hits(best) else self.data["topics"][-1]

    def after(self, dice: random.Random, draw: Draw, by: Person, kind: str, lang: str) -> tuple[str, str]:
        """What somebody says once they were answered: (kind, text), both empty for silence."""
        outcome = dice.choices(["thanks", "more", "unhappy", ""], _shares(kind))[0]
        if not outcome:
            return "", ""
        own = next((entry for entry in self.data["abroad"] if entry["lang"] == lang), None)
        phrases = own[outcome] if own and outcome in own else self.data["after"][outcome]
        new_kind = {"thanks": "thanks", "more": "question", "unhappy": "criticism"}[outcome]
        return new_kind, self.fill(dice, _take(phrases, draw), by)

    def aside(self, dice: random.Random, draw: Draw, which: str, by: Person) -> str:
        """A phrase of `waiting` or `me_too`."""
        return self.fill(dice, _take(self.data["after"][which], draw), by)

    def fill(self, dice: random.Random, text: str, by: Person) -> str:
        street = (
            by.street
            if dice.random() < 0.7 and by.street in self.data["streets"]
            else dice.choice(self.data["streets"])
        )
        return text.format(
            street=street, place=dice.choice(self.data["places"]), bus=dice.choice(self.data["buses"]),
            day=dice.choice(self.data["days"]),
        )  # fmt: skip

    def _dressed(self, dice: random.Random, by: Person, text: str, kind: str) -> str:
        """The same words in this person's tone: nobody smiles at a pothole or scolds in a thank-you."""
        tone = self.data["tones"][by.tone]
        opening, closing = dice.choice(tone["open"]), dice.choice(tone["close"])
        if by.tone in CROSS and kind not in COMPLAINTS:
            opening = closing = ""
        if by.tone == "warm" and kind in COMPLAINTS:
            closing = ""
        if kind == "thanks":
            closing = closing if by.tone == "warm" and "hank" not in closing else ""
        if opening.endswith(", ") and text.split()[0] not in self._names:
            text = text[0].lower() + text[1:]
        whole = f"{opening}{text}{closing}"
        return whole.lower().rstrip(".") if by.tone == "hasty" else whole

    @property
    def _names(self) -> set[str]:
        """Words that keep their capital."""
        places = (*self.data["streets"], *self.data["places"])
        return {"I", *(place.split()[0] for place in places)} - {"The", "the"}


def _shares(kind: str) -> tuple[float, float, float, float]:
    thanks, more, unhappy = AFTERWARDS.get(kind, (0.0, 0.0, 0.0))
    return thanks, more, unhappy, 1 - thanks - more - unhappy


def _take(phrases: list[Any], draw: Draw) -> Any:
    """The next phrase of a list; all are used before one comes again."""
    first = phrases[0]
    return phrases[draw(first if isinstance(first, str) else "/".join(first), len(phrases))]


def _clumsy(dice: random.Random, text: str) -> str:
    """The text with two letters of a longer word the wrong way round."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    if not long:
        return ""
    at = dice.choice(long)
    place = dice.randrange(1, len(words[at]) - 2)
    word = words[at]
    words[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)


@cache
def load(name: str) -> Words | None:
    """A town by its name; None for the empty one."""
    path = TOWNS / f"{name}.toml"
    if not path.exists():
        return None
    data = tomllib.loads(path.read_text())
    people = []
    for one in data["residents"]:
        handles = {"facebook": one["name"]} if one.get("f") else {}
        handles |= {
            platform: one[key] for platform, key in (("x", "x"), ("mastodon", "m"), ("bluesky", "b")) if key in one
        }
        handles |= {"instagram": one["x"].replace("_", ".")} if "x" in one else {}
        more = (one["tone"], one.get("lang", "en"), one["street"], one.get("unnamed", False), tuple(one.get("own", ())))
        people.append(Person(one["name"], handles, *more))
    return Words(data, tuple(people))
