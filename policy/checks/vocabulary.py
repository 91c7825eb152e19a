"""Small words of English, and hashtags split into the words they are made of."""

from __future__ import annotations

from functools import lru_cache

SMALL_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before big but by can come could did do does done down each
    end far few for from get go got had has have he her here him his how i if in into is it its just know let like may
    me more most much must my need new no not now of off old on one only or other our out over own put ran run said
    saw say see set she so some still such take than that the their them then there these they this those to too top
    two up us use very was way we well went were what when where which who why will with would yes yet you your
    """.split()  # noqa: SIM905
)
SHORTEST = 3
SHORT = frozenset(["at", "be", "by", "go", "in", "is", "me", "my", "no", "of", "on", "to", "up", "us", "we"])
LONGEST = 60  # letters; more is no hashtag of words


@lru_cache(maxsize=1024)
def split_words(letters: str, known: frozenset[str]) -> list[str]:
    """The fewest known words that spell these letters; empty where none do."""
    if len(letters) > LONGEST:
        return []
    best: list[list[str] | None] = [[]] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(end):
            word, before = letters[start:end], best[start]
            fits = word in known and (len(word) >= SHORTEST or word in SHORT)
            if before is not None and fits and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = [*before, word]
    return best[-1] or []
