"""Word lists as text, one entry to a line, so that they can be edited, sent to a colleague and brought back. Pure.

`utilise [verb] => use | It says the same.` The part after the arrow and the part after the bar may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from policy.checks import house as houses
from policy.checks.house import Entry
from policy.profile import Changes, Profile, difference, entries

LINE = re.compile(
    r"(?P<phrase>(?:(?!=>)[^\[\]|])+?)\s*(?:\[(?P<forms>verb|noun)\])?\s*"
    r"(?:=>\s*(?P<better>[^|]*?))?\s*(?:\|\s*(?P<why>.*))?"
)
HEADING = re.compile(r"^##\s*([a-z0-9_]+)\b.*$", re.M)
MOST = 2_000
LONGEST = 120
# Sets of single words or contacts, with what they are for.
SETS: Mapping[str, tuple[str, str, str]] = {
    "acronyms": ("Abbreviations everybody knows", "A23", "They need no explanation and may stand in capitals."),
    "hashtags": ("Words hashtags are made of", "A14", "So that #binday becomes #BinDay. Add streets and quarters."),
    "allowed": ("Words nothing is ever said about", "", "Names of places, events and teams that look like a mistake."),
    "contacts": ("Our own numbers and addresses", "V15", "Published by the town, so no personal data. One to a line."),
}


class Unreadable(ValueError):
    """What cannot be read, in a sentence for whoever typed it."""


def lines(rows: tuple[Entry, ...]) -> str:
    return "\n".join(map(line, rows))


def line(entry: Entry) -> str:
    forms = f" [{entry.forms}]" if entry.forms else ""
    better = f" => {entry.better}" if entry.better else ""
    return f"{entry.phrase}{forms}{better}{f' | {entry.why}' if entry.why else ''}"


def read(text: str) -> tuple[Entry, ...]:
    """The entries of a text. Raises Unreadable with the first line that is none."""
    found: dict[str, Entry] = {}
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        hit = LINE.fullmatch(row.strip())
        phrase = hit["phrase"].strip() if hit else ""
        if not hit or not phrase or len(phrase) > LONGEST:
            raise Unreadable(f"Line {number} cannot be read: “{row.strip()[:60]}”. Write: phrase => better | why")
        better, why = (hit["better"] or "").strip(), (hit["why"] or "").strip()
        found[phrase.lower()] = Entry(phrase, better, why, hit["forms"] or "")  # type: ignore[arg-type]
    if len(found) > MOST:
        raise Unreadable(f"A list holds {MOST:,} entries at most.")
    return tuple(found.values())


def put(profile: Profile, name: str, text: str) -> Profile:
    """The profile with this list as the text has it. Raises Unreadable."""
    if name in SETS:
        return _put_set(profile, name, text)
    wanted = read(text)
    changes = difference(houses.shipped().words(name), wanted)
    rows = {**profile.lists, name: changes}
    return replace(profile, lists={key: one for key, one in rows.items() if one != Changes()})


def _put_set(profile: Profile, name: str, text: str) -> Profile:
    parts = text.splitlines() if name in {"contacts", "allowed"} else text.split()
    words = tuple(sorted({one.strip() for one in parts if one.strip()}, key=str.lower))
    if len(words) > MOST or any(len(one) > LONGEST for one in words):
        raise Unreadable(f"A list holds {MOST:,} entries of at most {LONGEST} characters.")
    if name in {"contacts", "allowed"}:
        return profile.but(**{name: words})
    base = _base(name)
    changes = Changes(tuple(Entry(one) for one in words if one not in base), tuple(sorted(base - set(words))))
    return profile.but(**{name: changes})


def _base(name: str) -> frozenset[str]:
    return houses.shipped().acronyms if name == "acronyms" else houses.shipped().hashtag_words


def text_of(profile: Profile, name: str) -> str:
    """A list as it stands, as text."""
    if name in {"contacts", "allowed"}:
        return "\n".join(getattr(profile, name))
    if name in SETS:
        changes: Changes = getattr(profile, name)
        words = _base(name) - set(changes.removed) | {one.phrase for one in changes.added}
        return " ".join(sorted(words, key=str.lower))
    return lines(entries(profile, name))


def count(profile: Profile, name: str) -> int:
    text = text_of(profile, name)
    return len(text.split()) if name in {"acronyms", "hashtags"} else len(text.splitlines())


def changed(profile: Profile, name: str) -> bool:
    """Whether the town has made something of its own of this list."""
    if name in {"contacts", "allowed"}:
        return bool(getattr(profile, name))
    return bool((getattr(profile, name) if name in SETS else profile.lists.get(name, Changes())) != Changes())


def names() -> list[str]:
    return [*houses.word_lists(), *SETS]


def export(profile: Profile) -> str:
    """Every list under its heading, as one text."""
    return "\n\n".join(f"## {name} ({title(name)})\n{text_of(profile, name)}" for name in names()) + "\n"


def title(name: str) -> str:
    return SETS[name][0] if name in SETS else houses.word_lists()[name].title


def bring_in(profile: Profile, text: str) -> tuple[Profile, list[str]]:
    """The profile with every list the text names, as the text has it; and which those are. Raises Unreadable."""
    marks = list(HEADING.finditer(text))
    if not marks:
        raise Unreadable("There is no list in it. A list begins with a line such as: ## banned")
    told = []
    for place, mark in enumerate(marks):
        name = mark[1]
        if name not in names():
            raise Unreadable(f"There is no list called “{name}”.")
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        profile = put(profile, name, text[mark.end() : end])
        told.append(name)
    return profile, told
