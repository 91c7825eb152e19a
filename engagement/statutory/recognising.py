"""Which legal requests the words of a message may be. Pure: words suggest, a person decides."""

from __future__ import annotations

from functools import lru_cache

from engagement.wordmatch import Phrases, Text
from policy import requests


@lru_cache(maxsize=16)
def _phrases(pack: str) -> dict[str, Phrases]:
    return {kind: Phrases(words) for kind, words in requests.words(pack).items()}


def found(text: str, pack: str) -> dict[str, str]:
    """Each kind the text may be, with the words that say so; most texts are none."""
    said = Text(text)
    hits = ((kind, phrases.found_in(said)) for kind, phrases in _phrases(pack).items())
    return {kind: words for kind, words in hits if words}
