"""What Bluesky makes of a text: its length, and the links, names and tags in it, found by their bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from channels_app.platforms.counting import GRAPHEME, graphemes

MOST, MOST_BYTES = 300, 3000
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
LINK = re.compile(r"(?<![\w@.-])https?://[^\s<>\"]+", re.IGNORECASE)
BARE = re.compile(
    r"(?<![\w@./:-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+([a-z]{2,})(?:/[^\s<>\"]*)?(?![\w@-])", re.IGNORECASE
)
HANDLE = re.compile(r"(?<![\w@/.])@((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?)", re.IGNORECASE)
TAG = re.compile(r"(?<![^\s(])[#＃](?!\ufe0f)([^\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
# Bare addresses are linked under these endings only: too many words are joined by a full stop.
ENDINGS = frozenset(
    """
    com org net edu gov mil int info eu uk us ca au nz ie de at ch fr be nl lu it es pt dk se no fi pl cz jp in br
    social app dev io example
    """.split()  # noqa: SIM905 - read as words
)
LONGEST_TAG = 64
FIRST, SPAN = datetime(2023, 1, 1, tzinfo=UTC), 3 * 365 * 86_400 * 1_000_000
Facet = dict[str, Any]


@lru_cache(maxsize=1024)
def length(text: str) -> int:
    """Characters as a reader sees them; a text of very many bytes counts as the part of 3000 they are, of 300."""
    size = -(-len(text.encode("utf-8", "replace")) * MOST // MOST_BYTES)
    return size if size > MOST * 4 else max(graphemes(text), size if size > MOST else 0)


def clipped(text: str, most: int) -> str:
    """As much of a text as fits, whole characters only."""
    return "".join(hit.group() for _, hit in zip(range(most), GRAPHEME.finditer(text), strict=False))


def rkey(key: str) -> str:
    """The name of a record, always the same for the same key.

    It has the shape of Bluesky's own names, a moment and a few bits to tell two of the same moment apart. The moment
    means nothing here but always lies in the past; the date of a record is in the record.
    """
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")
    micros = int(FIRST.timestamp()) * 1_000_000 + (number >> 10) % SPAN
    return tid(micros, number & 0x3FF)


def tid(micros: int, count: int) -> str:
    """A name from 53 bits of microseconds since 1970 and ten bits more, in letters that sort as the number does."""
    number = (micros & (2**53 - 1)) << 10 | (count & 0x3FF)
    return "".join(LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def facets(text: str, who: Callable[[str], str]) -> list[Facet]:
    """What in a text is a link, a name or a tag, in its order. `who` tells the DID of a handle, or ""."""
    taken: list[tuple[int, int]] = []
    found: list[Facet] = []

    def take(start: int, end: int, feature: dict[str, str]) -> None:
        if all(end <= one or start >= other for one, other in taken):
            taken.append((start, end))
            index = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}
            found.append({"index": index, "features": [feature]})

    for start, end, uri in links(text):
        take(start, end, {"$type": "app.bsky.richtext.facet#link", "uri": uri})
    for hit in HANDLE.finditer(text):
        did = who(hit[1].lower())
        if did:
            take(hit.start(), hit.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did})
    for hit in TAG.finditer(text):
        tag = _tag(hit[1])
        if tag:
            take(hit.start(), hit.start(1) + len(tag), {"$type": "app.bsky.richtext.facet#tag", "tag": tag})
    return sorted(found, key=lambda one: int(one["index"]["byteStart"]))


def links(text: str) -> list[tuple[int, int, str]]:
    """Where links stand, and where they lead; a bare domain is one too."""
    found = []
    for pattern in (LINK, BARE):
        for hit in pattern.finditer(text):
            shown = _ended(hit.group())
            if pattern is BARE:
                if hit[1].lower() not in ENDINGS:
                    continue
                found.append((hit.start(), hit.start() + len(shown), f"https://{shown}"))
            elif len(shown) > len("https://"):
                found.append((hit.start(), hit.start() + len(shown), shown))
    spans = [(start, end) for start, end, uri in found]
    return [one for at, one in enumerate(found) if not any(a <= one[0] < b for a, b in spans[:at])]


def _ended(link: str) -> str:
    """A link without the marks of the sentence it closes, and without a bracket it does not open."""
    link = link.rstrip(".,;:!?'”’»…")
    while link.endswith(")") and link.count("(") < link.count(")"):
        link = link[:-1].rstrip(".,;:!?'”’»…")
    return link


def _tag(word: str) -> str:
    """The tag in what stands behind a #; "" for a mere number or something too long."""
    tag = word.rstrip("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~…”’»。、！？")
    return tag if tag and not tag.isdigit() and graphemes(tag) <= LONGEST_TAG else ""
