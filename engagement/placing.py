"""Which places a text names: by their own names and by those people give them. Pure.

Names are found as whole words, whatever their capitals, accents, apostrophes and hyphens; "Mill Rd" is Mill Road. Of
two names at one place in the text the longer counts: "Mill Road Bridge" is not Mill Road.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

SHORT = {
    "road": "rd", "street": "st", "lane": "ln", "avenue": "ave", "square": "sq", "drive": "dr", "court": "ct",
    "place": "pl", "terrace": "terr", "crescent": "cres", "gardens": "gdns", "close": "cl",
}  # fmt: skip
LONG = {short: name for name, short in SHORT.items()}
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Names:
    """A town's places: every way of writing a name, as words, to the place's id; and how many words the longest has."""

    known: Mapping[tuple[str, ...], int]
    longest: int

    @classmethod
    def of(cls, places: Iterable[tuple[int, str, Iterable[str]]]) -> Names:
        """From ids, names and other names; where two places claim a name, the first in the list has it."""
        known: dict[tuple[str, ...], int] = {}
        for pk, name, others in places:
            for one in (name, *others):
                for spelled in spellings(one):
                    known.setdefault(spelled, pk)
        return cls(known, max(map(len, known), default=0))

    def found(self, text: str) -> list[int]:
        """The places this text names, each once, in its order."""
        words, at, found = words_of(text), 0, []
        while at < len(words):
            most = min(self.longest, len(words) - at)
            length = next((n for n in range(most, 0, -1) if words[at : at + n] in self.known), 0)
            if length:
                found.append(self.known[words[at : at + length]])
            at += length or 1
        return list(dict.fromkeys(found))


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[str, ...]:
    """The words as they are compared: without capitals, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return tuple(re.sub(r"['’]", "", hit.group()) for hit in WORD.finditer(plain))


def spellings(name: str) -> Iterator[tuple[str, ...]]:
    """The ways of writing one name: as it is, its last word short or long, and all in one as in a hashtag."""
    words = words_of(name)
    if not words:
        return
    yield words
    other = SHORT.get(words[-1]) or LONG.get(words[-1])
    if other and len(words) > 1:
        yield (*words[:-1], other)
    if len(words) > 1:
        yield ("".join(words),)
