"""Hear it: a post as a screen reader speaks it, piece by piece and in order.

Screen readers differ in small things; this is what the common ones have in common. It reads no network and no clock.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from policy.checks.base import Context, Draft, Image
from policy.checks.hearing import plain_letter
from policy.checks.reading import MENTION, Reading, inside

Kind = Literal["text", "emoji", "hashtag", "mention", "fancy", "alt", "link"]
WORDS_IN = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])|_+")
SCHEME = re.compile(r"https?://(?:www\.)?", re.I)
TONES = re.compile(r" ((?:medium-)?(?:light|dark|medium) skin tone)")
AS_EMOJI = "\ufe0f"
FLAG = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True)
class Piece:
    """One thing that is spoken: what stands there, and what is said for it."""

    kind: Kind
    shown: str
    spoken: str


def spoken(text: str, pictures: Sequence[Image] = (), link: str = "", link_text: str = "") -> list[Piece]:
    """The whole stream: the words, then the pictures in their order, then the card of the link."""
    pieces = list(_words(text))
    pieces += [_picture(one) for one in pictures if not one.decorative]
    if link:
        title = link_text.strip() or _address(link)
        pieces.append(Piece("link", link, f"link, {title}"))
    return pieces


def said(pieces: Iterable[Piece]) -> str:
    """The stream as one line to read."""
    return " · ".join(piece.spoken for piece in pieces)


def name_of(sign: str) -> str:
    """An emoji's short name as the Unicode Consortium's CLDR has it; its letters' names where it has none."""
    known = emoji_names()
    told = known.get(sign) or known.get(sign.rstrip(AS_EMOJI)) or known.get(f"{sign}{AS_EMOJI}")
    if not told:
        return ", ".join(letter_name(one) for one in sign if one not in f"\u200d{AS_EMOJI}")
    name = told.strip(":").replace("_", " ")
    if ord(sign[0]) in FLAG:
        return f"flag: {name}"
    return TONES.sub(r": \1", f"keycap: {name[7:]}" if name.startswith("keycap ") else name)


@lru_cache(maxsize=1)
def emoji_names() -> Mapping[str, str]:
    """The names in the data of the package emoji, read when somebody first listens.

    The package itself is not imported: it keeps ten megabytes more than the names in each process.
    """
    package = find_spec("emoji")
    if package is None or package.origin is None:
        return {}
    data = Path(package.origin).parent / "unicode_codes" / "emoji.json"
    names: dict[str, str] = json.loads(data.read_text("utf-8"), object_hook=lambda row: row.get("en", row))
    return names


@lru_cache(maxsize=2048)
def letter_name(letter: str) -> str:
    """Mathematical bold capital H."""
    words = unicodedata.name(letter, "").lower().split()
    if words and len(words[-1]) == 1 and "capital" in words:
        words[-1] = words[-1].upper()
    return " ".join(words) or "unknown sign"


def _picture(one: Image) -> Piece:
    alt = " ".join(one.alt.split())
    return Piece("alt", alt, f"image, {alt}" if alt else "image, and nothing that says what is in it")


def _words(text: str) -> Iterator[Piece]:
    reading = Reading(Draft(text), Context())
    at = 0
    for kind, start, end in _marks(reading):
        if start >= at:
            yield from _plain(text[at:start])
            yield _mark(kind, text[start:end])
            at = end
    yield from _plain(text[at:])


def _marks(reading: Reading) -> list[tuple[Kind, int, int]]:
    """Everything that is not spoken as it stands, in the order of the text."""
    found: list[tuple[Kind, int, int]] = [("link", start, end) for start, end in reading.links]
    found += [("hashtag", *hit.span()) for hit in reading.hashtags]
    found += [("emoji", start, end) for _, start, end in reading.emoji]
    found += [("mention", *hit.span()) for hit in MENTION.finditer(reading.text)]
    taken = [(start, end) for _, start, end in found]
    if not reading.text.isascii():
        found += [
            ("fancy", place, place + 1)
            for place, letter in enumerate(reading.text)
            if plain_letter(letter) != letter and not inside(place, taken)
        ]
    return sorted(found, key=lambda mark: (mark[1], -mark[2]))


def _mark(kind: Kind, shown: str) -> Piece:
    if kind == "emoji":
        return Piece(kind, shown, name_of(shown))
    if kind == "hashtag":
        return Piece(kind, shown, f"hashtag {' '.join(WORDS_IN.sub(' ', shown[1:]).split())}")
    if kind == "mention":
        return Piece(kind, shown, f"at {' '.join(WORDS_IN.sub(' ', shown[1:]).split())}")
    if kind == "fancy":
        return Piece(kind, shown, letter_name(shown))
    return Piece(kind, shown, f"link, {_address(shown)}")


def _plain(text: str) -> Iterator[Piece]:
    """Words as they stand; stops by themselves are a pause and not a word."""
    words = " ".join(text.split())
    if any(letter.isalnum() for letter in words):
        yield Piece("text", words, words)


def _address(link: str) -> str:
    return SCHEME.sub("", link).rstrip("/")
