"""The voice profile as a document: what one version of it holds, and the house the checks make of it. Pure.

A version keeps only what the town changed: entries added to a list and taken from it, thresholds, levels, rules that
are off. What it does not name is as shipped, so that an upgrade's better lists reach a town that changed only a few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, cast

from policy.checks import house as houses
from policy.checks.house import Entry, House, Level, Manner, Position

POST, REPLY, PRIVATE = "post", "reply", "private"  # a private answer is neither greeted nor signed by rule
NETWORKS = ("", "x", "facebook", "instagram", "linkedin", "mastodon", "bluesky", "youtube", "vimeo")


@dataclass(frozen=True)
class Trait:
    """One thing people should be able to say of how the town speaks; the rules that stand for it, and its measure.

    `measure` names one of the house's bands; empty means that it is not measured, which the page says.
    """

    name: str
    means: str
    rules: tuple[str, ...] = ()
    measure: str = ""


@dataclass(frozen=True)
class Example:
    """How it sounds when it is right, how when it is wrong, and why."""

    do: str
    dont: str
    why: str = ""


@dataclass(frozen=True)
class Changes:
    """What the town did to a shipped list: its own entries, which may replace shipped ones, and phrases taken out."""

    added: tuple[Entry, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Off:
    """A rule that is switched off, and why."""

    reason: str


@dataclass(frozen=True)
class Profile:
    """One version of the voice. `manners` are by post or reply and network; `bands` by measure: lowest and highest."""

    traits: tuple[Trait, ...] = ()
    examples: tuple[Example, ...] = ()
    manners: Mapping[str, Mapping[str, Manner]] = field(default_factory=dict)
    lists: Mapping[str, Changes] = field(default_factory=dict)
    acronyms: Changes = field(default_factory=Changes)
    hashtags: Changes = field(default_factory=Changes)
    allowed: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    off: Mapping[str, Off] = field(default_factory=dict)
    bands: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    emoji: Mapping[str, int] = field(default_factory=dict)  # most emoji by situation
    parts: Mapping[str, int] = field(default_factory=dict)  # fewest parts of an answer by situation
    disclosures: Mapping[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> Profile:
        return replace(self, **changes)

    def manner(self, kind: str, network: str) -> Manner:
        by_network = self.manners.get(kind, {})
        return by_network.get(network) or by_network.get("") or Manner()


@lru_cache(maxsize=1)
def shipped() -> Profile:
    """The profile a town begins with: good enough to adopt as it stands."""
    told = houses.read("voice")
    return Profile(
        traits=tuple(Trait(**{**one, "rules": tuple(one["rules"])}) for one in told["traits"]),
        examples=tuple(Example(**one) for one in told["examples"]),
        manners={kind: {"": Manner(**one)} for kind, one in told["manners"].items()},
        disclosures=told["disclosures"],
    )


def as_json(profile: Profile) -> dict[str, Any]:
    """The document as a version keeps it."""
    return cast(dict[str, Any], _plain(asdict(profile)))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def of_json(kept: Mapping[str, Any]) -> Profile:
    """The profile of a version; what it does not name is as shipped, what this release does not know is left aside."""
    found: dict[str, Any] = {}
    for name in (one.name for one in fields(Profile)):
        if name in kept:
            found[name] = READ.get(name, _as_is)(kept[name])
    return replace(shipped(), **found)


def _as_is(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _changes(kept: Mapping[str, Any]) -> Changes:
    return Changes(tuple(Entry(**one) for one in kept.get("added", ())), tuple(kept.get("removed", ())))


READ: Mapping[str, Any] = {
    "traits": lambda rows: tuple(Trait(**{**one, "rules": tuple(one.get("rules", ()))}) for one in rows),
    "examples": lambda rows: tuple(Example(**one) for one in rows),
    "manners": lambda kinds: {
        kind: {network: Manner(**one) for network, one in rows.items()} for kind, rows in kinds.items()
    },
    "lists": lambda rows: {name: _changes(one) for name, one in rows.items()},
    "acronyms": _changes,
    "hashtags": _changes,
    "off": lambda rows: {rule: Off(**one) for rule, one in rows.items()},
    "bands": lambda rows: {name: (low, high) for name, (low, high) in rows.items()},
}


def house_of(profile: Profile, version: str, positions: tuple[Position, ...] = (), kind: str = REPLY) -> House:
    """The house the checks are run with, for posts or for replies."""
    base = houses.shipped()
    situations = {
        name: replace(one, emoji=profile.emoji.get(name, one.emoji), parts=profile.parts.get(name, one.parts))
        for name, one in base.situations.items()
    }
    bands = {
        name: replace(one, low=low, high=high)
        for name, one in base.bands.items()
        for low, high in [profile.bands.get(name, (one.low, one.high))]
    }
    return replace(
        base,
        version=f"{version}:{kind}",
        lists={name: entries(profile, name) for name in base.lists},
        numbers={**base.numbers, **profile.numbers},
        situations=situations,
        bands=bands,
        acronyms=_words(base.acronyms, profile.acronyms),
        hashtag_words=_words(base.hashtag_words, profile.hashtags),
        manners=profile.manners.get(kind, {"": Manner()}),
        off=frozenset(profile.off),
        levels=profile.levels,
        allowed=frozenset(profile.allowed),
        contacts=frozenset(profile.contacts),
        positions=positions,
    )


def entries(profile: Profile, name: str) -> tuple[Entry, ...]:
    """A list as it is now: the shipped entries that stand, then the town's own."""
    return _apply(houses.shipped().words(name), profile.lists.get(name, Changes()))


def _apply(base: tuple[Entry, ...], changes: Changes) -> tuple[Entry, ...]:
    own = {one.phrase.lower() for one in changes.added}
    gone = {one.lower() for one in changes.removed}
    return tuple(one for one in base if one.phrase.lower() not in own | gone) + changes.added


def _words(base: frozenset[str], changes: Changes) -> frozenset[str]:
    return base - frozenset(changes.removed) | {one.phrase for one in changes.added}


def difference(base: tuple[Entry, ...], wanted: tuple[Entry, ...]) -> Changes:
    """The changes that make `wanted` of the shipped list."""
    before = {one.phrase.lower(): one for one in base}
    after = {one.phrase.lower(): one for one in wanted}
    added = tuple(one for phrase, one in after.items() if before.get(phrase) != one)
    return Changes(added, tuple(one.phrase for phrase, one in before.items() if phrase not in after))
