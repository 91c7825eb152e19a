"""How hard words and texts are to read: syllables, and the school grade of a long enough text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

GROUPS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^aeiouyl]e|[^td]ed|[^sxzc]es)\Z")
HARD_FROM = 4
EASY = frozenset(
    ("information", "community", "february", "january", "environment", "ability", "everybody", "anybody", "area")
)


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Close enough for a formula; a silent end is left out."""
    counted = len(GROUPS.findall(word))
    return max(1, counted - bool(SILENT.search(word) and counted > 1))


def hard(word: str) -> bool:
    """A long word that is no name."""
    return word.islower() and syllables(word) >= HARD_FROM and word not in EASY


def grade(words: Sequence[str], sentences: int) -> float:
    """The school grade by the Flesch-Kincaid formula; 0 for nothing."""
    if not words or not sentences:
        return 0.0
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
