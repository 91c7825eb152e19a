"""Emergency messages in five parts: a template for each hazard and language, and the words that come of them. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "hazards"
PARTS = ("hazard_words", "place", "action", "time", "source")
PART_WORDS = {
    "source": "who speaks",
    "hazard_words": "what happens",
    "place": "where",
    "action": "what to do",
    "time": "by when",
}
FORMS = ("whole", "full", "short")  # with the emergency number, without it, and without what can wait
# Category and response of the Common Alerting Protocol for each hazard, with its usual urgency, severity, certainty.
MARKS: dict[str, tuple[str, str, str, str, str]] = {
    "flood": ("Met", "Prepare", "Immediate", "Severe", "Likely"),
    "fire": ("Fire", "Shelter", "Immediate", "Severe", "Observed"),
    "storm": ("Met", "Shelter", "Expected", "Severe", "Likely"),
    "heat": ("Met", "Prepare", "Expected", "Moderate", "Likely"),
    "snow": ("Met", "Avoid", "Expected", "Moderate", "Observed"),
    "water": ("Health", "Avoid", "Immediate", "Severe", "Observed"),
    "power": ("Infra", "Prepare", "Immediate", "Moderate", "Observed"),
    "gas": ("Safety", "Evacuate", "Immediate", "Extreme", "Observed"),
    "evacuation": ("Safety", "Evacuate", "Immediate", "Extreme", "Observed"),
    "missing": ("Rescue", "Monitor", "Immediate", "Severe", "Observed"),
    "road": ("Transport", "Avoid", "Immediate", "Moderate", "Observed"),
    "disorder": ("Security", "Avoid", "Immediate", "Severe", "Observed"),
    "health": ("Health", "Monitor", "Expected", "Moderate", "Likely"),
    "clear": ("Safety", "AllClear", "Past", "Minor", "Observed"),
}
HAZARDS = tuple(MARKS)


@dataclass(frozen=True)
class Language:
    """One language's templates; `checked`: a speaker who works on Parley has read them."""

    tag: str
    name: str
    own_name: str
    checked: bool
    labels: Mapping[str, str]
    templates: Mapping[str, Mapping[str, str]]

    def template(self, hazard: str) -> Mapping[str, str]:
        return self.templates.get(hazard) or dict.fromkeys(("title", *PARTS), "")


@dataclass(frozen=True)
class Parts:
    """The five parts of one message in one language, and what may stand beside them."""

    title: str
    hazard_words: str
    place: str
    action: str
    time: str
    source: str
    not_for: str = ""
    more_url: str = ""
    number: str = ""  # whom to call in danger
    next_update: str = ""  # the time of day in the town's clocks
    replaces: str = ""  # when the message was sent that this one takes the place of
    exercise: bool = False

    def missing(self) -> list[str]:
        """What must not be left out and is, in words."""
        return [PART_WORDS[name] for name in PARTS if not getattr(self, name).strip()]


@lru_cache
def language(tag: str) -> Language:
    """The templates of a language; of one that has none, English labels and nothing filled in."""
    known = (FOLDER / f"{tag}.toml") in FOLDER.glob("*.toml")
    data: dict[str, Any] = tomllib.loads((FOLDER / f"{tag if known else 'en'}.toml").read_text("utf-8"))
    templates = {key: value for key, value in data.items() if isinstance(value, dict)}
    labels = {key: value for key, value in data.items() if isinstance(value, str)}
    return Language(
        tag,
        labels.pop("name"),
        labels.pop("own_name", "English"),
        bool(data.get("checked")),
        labels,
        templates,
    )


@lru_cache
def languages() -> dict[str, str]:
    """Every language there are templates in: tag to name, English first."""
    tags = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return {tag: language(tag).name for tag in sorted(tags, key=lambda tag: (tag != "en", tag))}


def compose(parts: Parts, tag: str, form: str = "whole") -> str:
    """The message as people read it: what and where first, then what to do; no part in capitals or symbols."""
    say = language(tag).labels
    short = form == "short"
    lines: Sequence[str] = [
        say["exercise"] if parts.exercise else "",
        f"{parts.title}: {_ended(parts.place)}",
        "" if short else _ended(parts.hazard_words),
        _ended(parts.action),
        _ended(parts.time),
        say["call"].format(number=parts.number) if parts.number and form == "whole" else "",
        say["not_for"].format(who=parts.not_for.strip().rstrip(".")) if parts.not_for.strip() and not short else "",
        say["replaces"].format(time=parts.replaces) if parts.replaces and not short else "",
        say["next"].format(time=parts.next_update) if parts.next_update else "",
        say["from"].format(source=parts.source.strip().rstrip(".")),
        say["more"].format(url=parts.more_url) if parts.more_url and not short else "",
    ]
    first, *rest = [line for line in lines if line]
    return f"{first}\n\n{' '.join(rest)}" if not parts.exercise else f"{first}\n\n{rest[0]}\n\n{' '.join(rest[1:])}"


def _ended(words: str) -> str:
    """With a full stop, if it has no end of its own."""
    words = " ".join(words.split())
    return words if not words or words[-1] in ".!?…" else f"{words}."
