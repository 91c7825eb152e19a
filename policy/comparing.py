"""What a version of a guide changes against another: clause by clause, word by word, with the rules that rest on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from policy.shipped import Words


@dataclass(frozen=True)
class Change:
    """kind: added, removed or changed. `parts` are runs of words, each same, added or removed."""

    kind: str
    clause: Words
    was: Words | None
    parts: list[dict[str, str]]
    rules: tuple[str, ...]


def changes(before: Sequence[Words], after: Sequence[Words]) -> list[Change]:
    """Every clause that is not the same in both, in the order of the newer one; removed ones at the end."""
    old = {one.anchor: one for one in before}
    new = {one.anchor: one for one in after}
    found = []
    for one in after:
        was = old.get(one.anchor)
        if was is None:
            found.append(Change("added", one, None, parts("", _whole(one)), one.rules))
        elif _whole(was) != _whole(one) or was.rules != one.rules or was.questions != one.questions:
            found.append(Change("changed", one, was, parts(_whole(was), _whole(one)), _union(was.rules, one.rules)))
    gone = [one for one in before if one.anchor not in new]
    return [*found, *(Change("removed", one, one, parts(_whole(one), ""), one.rules) for one in gone)]


def affected(found: Sequence[Change]) -> list[str]:
    """The rules that rest on any changed clause, each once."""
    return list(dict.fromkeys(rule for change in found for rule in change.rules))


def parts(before: str, after: str) -> list[dict[str, str]]:
    """Runs of words: {kind: same | added | removed, words}."""
    one, two = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    runs = []
    for kind, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append({"kind": "same", "words": "".join(one[a:b])})
            continue
        if b > a:
            runs.append({"kind": "removed", "words": "".join(one[a:b])})
        if d > c:
            runs.append({"kind": "added", "words": "".join(two[c:d])})
    return runs


def _whole(clause: Words) -> str:
    return f"{clause.title}\n{clause.text}"


def _union(one: Sequence[str], two: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one, *two]))
