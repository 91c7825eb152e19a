"""What a check is given and what it says. Everything here is plain data, so that a check needs no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["must", "should", "consider"]


@dataclass(frozen=True)
class Image:
    """A picture of the draft as the checks see it; `bytes` is the size of the file that would be sent."""

    alt: str
    name: str = ""
    bytes: int = 0
    mime: str = ""


@dataclass(frozen=True)
class Draft:
    """The words that would go out on one channel, with their link and pictures in order."""

    text: str
    link: str = ""
    pictures: tuple[Image, ...] = ()


@dataclass(frozen=True)
class Context:
    """Where the draft would go. `used` and `limit` are counted by the platform's own rule; 0 limit means none.

    `own_contacts` are the town's published numbers and addresses, `same_words_at` tells in words when these words
    already go out on this channel, `reply` is true for an answer to a person.
    """

    place: str = ""
    used: int = 0
    limit: int = 0
    pictures: int = 0
    picture_bytes: int = 0
    alt: int = 0
    mimes: frozenset[str] = frozenset()
    own_contacts: frozenset[str] = frozenset()
    same_words_at: str = ""
    reply: bool = False


@dataclass(frozen=True)
class Fix:
    """One click: what the button says and what stands in the place of the finding's span afterwards."""

    words: str
    replacement: str


@dataclass(frozen=True)
class Finding:
    """One thing a check found: the rule, how much it matters, what it is, why, and the clause it rests on.

    Only `must` stops a message. `span` is the place in the draft's text, None where it is not about a place in it.
    """

    rule: str
    level: Level
    words: str
    why: str
    clause: str
    span: tuple[int, int] | None = None
    fix: Fix | None = None
    quote: str = ""
