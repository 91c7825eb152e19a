"""The policy and the voice guide that ship with Parley, good enough to adopt as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "handbook"


@dataclass(frozen=True)
class Words:
    """One clause as plain data: of the shipped guides, of a draft, or of an approved version."""

    anchor: str
    chapter: str
    title: str
    text: str
    rules: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    number: str = ""


@lru_cache(maxsize=4)
def clauses(guide: str) -> tuple[Words, ...]:
    """The shipped clauses of "policy" or "voice", numbered."""
    read = tomllib.loads((FOLDER / f"{guide}.toml").read_text(encoding="utf-8"))
    return numbered(
        Words(
            row["anchor"],
            chapter["title"],
            row["title"],
            row["text"].strip(),
            tuple(row.get("rules", ())),
            tuple(row.get("questions", ())),
        )
        for chapter in read["chapter"]
        for row in chapter["clause"]
    )


def numbered(rows: Iterable[Words]) -> tuple[Words, ...]:
    """The same clauses with their numbers: chapters in the order in which they first come, clauses within them."""
    counts: dict[str, int] = {}
    done = []
    for row in rows:
        counts[row.chapter] = counts.get(row.chapter, 0) + 1
        done.append(replace(row, number=f"{list(counts).index(row.chapter) + 1}.{counts[row.chapter]}"))
    return tuple(done)
