"""The count of a kick-starter: one answer per person, the last clear one, and what waits for a person's eyes; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engagement.hearing import CLEAR, NOTHING, UNCLEAR, VALUES, Read, read


@dataclass(frozen=True)
class Said:
    """One reply under the post. `ruled` is what a person decided of it: a value, "none" for no answer, "" undecided."""

    person: int
    at: datetime
    text: str
    ref: int = 0
    ruled: str = ""


@dataclass(frozen=True)
class Tally:
    """The count. `counted` names the reply that stands for each person; `unclear` waits for a person's eyes, with why;
    `replaced` are clear answers that a later one of the same person took the place of.
    """

    counts: dict[str, int]
    counted: dict[int, Said]
    values: dict[int, str]
    unclear: Sequence[tuple[Said, str]]
    without: Sequence[Said]
    replaced: Sequence[Said]

    @property
    def people(self) -> int:
        return len(self.counted)


def tally(shape: str, replies: Iterable[Said]) -> Tally:
    """Count the replies: one answer per person, the last clear one. Those given are all from before the closing."""
    counts = dict.fromkeys((value for value, _ in VALUES[shape]), 0)
    counted: dict[int, Said] = {}
    values: dict[int, str] = {}
    unclear: list[tuple[Said, str]] = []
    without: list[Said] = []
    replaced: list[Said] = []
    for said in sorted(replies, key=lambda one: (one.at, one.ref)):
        heard = ruled(shape, said)
        if heard.kind == CLEAR:
            if said.person in counted:
                replaced.append(counted[said.person])
            counted[said.person], values[said.person] = said, heard.value
        elif heard.kind == UNCLEAR:
            unclear.append((said, heard.why))
        else:
            without.append(said)
    counts.update(Counter(values.values()))
    return Tally(counts, counted, values, unclear, without, replaced)


def ruled(shape: str, said: Said) -> Read:
    """A person's ruling where there is one, else what the words say."""
    if said.ruled == "none":
        return Read(NOTHING)
    return Read(CLEAR, said.ruled) if said.ruled else read(shape, said.text)
