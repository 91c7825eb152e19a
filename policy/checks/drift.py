"""How the words of many messages lie beside the town's voice, as numbers. It judges nobody and guesses no mood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from policy.checks.base import Context, Draft
from policy.checks.house import Band, House
from policy.checks.reading import Reading

FEWEST_WORDS = 80  # below that a share means nothing
CONTRACTED = re.compile(r"\w(?:n['’]t|['’](?:re|ll|ve|m|d))\b|\b(?:it|that|there|here|what|who|how|let)['’]s\b", re.I)
YOU = frozenset(["you", "your", "yours", "you're", "you'll", "you've", "you'd", "yourself", "yourselves"])
WE = frozenset(["we", "our", "ours", "us", "we're", "we'll", "we've", "we'd", "ourselves"])


@dataclass(frozen=True)
class Outside:
    """A measure that lies outside its band."""

    band: Band
    value: float


def measure(readings: Iterable[Reading]) -> Mapping[str, float | None]:
    """Each measure over all the messages together; None where there is nothing to measure."""
    rows = list(readings)
    sentences = [one for row in rows for one in row.sentences if one.words]
    words = [word.low for row in rows for word in row.words]
    short = sum(bool(CONTRACTED.search(one.text)) for one in sentences)
    we = sum(word in WE for word in words)
    return {
        "contractions": _share(short, len(sentences)),
        "exclamations": _share(sum(one.text.rstrip("\"'”’)").endswith("!") for one in sentences), len(sentences)),
        "emoji": _share(sum(bool(row.emoji) for row in rows), len(rows)),
        "sentence_length": sum(one.words for one in sentences) / len(sentences) if sentences else None,
        "you_we": sum(word in YOU for word in words) / we if we else None,
    }


def of_texts(texts: Sequence[str], house: House) -> Mapping[str, float | None]:
    """The same over plain texts."""
    context = Context(house=house)
    return measure(Reading(Draft(text), context) for text in texts)


def usual(texts: Sequence[str], house: House) -> Mapping[str, float | None]:
    """The middle of each measure over messages, each by itself: one long one counts no more than the others."""
    rows = [of_texts([text], house) for text in texts]
    return {name: _middle([row[name] for row in rows]) for name in house.bands}


def outside(measured: Mapping[str, float | None], house: House) -> list[Outside]:
    """The measures that lie outside the town's bands."""
    return [
        Outside(band, value)
        for name, band in house.bands.items()
        if (value := measured.get(name)) is not None and not band.low <= value <= band.high
    ]


def _share(part: int, whole: int) -> float | None:
    """Of a hundred."""
    return 100 * part / whole if whole else None


def _middle(values: Iterable[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return median(there) if there else None
