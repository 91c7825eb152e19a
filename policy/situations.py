"""The situation words are said in: the same words can be right on an ordinary day and wrong on a bad one. Pure."""

from __future__ import annotations

from collections.abc import Iterable

EVERYDAY = "everyday"
SITUATIONS = [
    (EVERYDAY, "Everyday"),
    ("criticism", "Criticism"),
    ("bad_news", "Bad news"),
    ("emergency", "Emergency"),
    ("election", "Election"),
    ("condolence", "Condolence"),
]
BY_MODE = {"emergency": "emergency", "election": "election", "mourning": "condolence"}
BY_LABEL = (
    ("condolence", ("condolence", "death", "bereavement", "funeral")),
    ("bad_news", ("bad news", "closure", "outage", "cut")),
    ("criticism", ("criticism", "complaint", "unhappy", "rant", "service failure")),
)
NAMES = dict(SITUATIONS)


def forced_by(mode: str) -> str:
    """The situation a mode forces; "" where it leaves the choice."""
    return BY_MODE.get(mode, "")


def suggested(labels: Iterable[str]) -> str:
    """The situation a conversation's labels point to; an ordinary day where they point to none."""
    said = " · ".join(labels).lower()
    return next((name for name, signs in BY_LABEL if any(sign in said for sign in signs)), EVERYDAY)


def settle(chosen: str, mode: str, labels: Iterable[str] = ()) -> str:
    """The situation that holds: the mode's, else the writer's choice, else what the labels suggest."""
    return forced_by(mode) or (chosen if chosen in NAMES else "") or suggested(labels)
