"""Which of many rules are worth asking about a text: found in one pass over its words, however many rules there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from engagement.wordmatch import Phrases, Text

SHORTEST = 2  # letters that a beginning is looked up by


class Index:
    """The words of all rules, each pointing to the rules that look for it, by their places in the order."""

    def __init__(self, rules: Sequence[Phrases]) -> None:
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._begins: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._always: set[int] = set()
        for place, words in enumerate(rules):
            self._add(place, words)

    def _add(self, place: int, words: Phrases) -> None:
        if not words.said or words.anywhere or any(len(one) < SHORTEST for one in words.begins):
            self._always.add(place)
            return
        for word in words.firsts:
            self._whole[word].add(place)
        for begin in words.begins:
            self._begins[begin[:SHORTEST]].append((begin, place))

    def worth(self, text: Text) -> list[int]:
        """The places of the rules that may fit, in their order; no other one does."""
        found = set(self._always)
        for word in text.vocabulary:
            if word in self._whole:
                found |= self._whole[word]
            for begin, place in self._begins.get(word[:SHORTEST], ()):
                if word.startswith(begin):
                    found.add(place)
        return sorted(found)
