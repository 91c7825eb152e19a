"""How the town speaks: accessibility at publication, benefit and originality, work without an objective, tone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metrics.figures import Figure, none, ratio, share
from metrics.measures.shape import Row

TONES = ("praise", "neutral", "criticism")


@dataclass(frozen=True)
class AccessRow(Row):
    """One post as it went out: whether every accessibility check passed, or what was open was overridden with a reason.
    `exempt`: out before the law's day, which leaves such posts alone.
    """

    words: str
    passed: bool
    overridden: bool
    exempt: bool


def accessibility_pass_rate(rows: Sequence[AccessRow]) -> Figure:
    """Of the posts that went out, the share that passed; the overridden are said apart and have not passed."""
    counted = [one for one in rows if not one.exempt]
    overridden = sum(one.overridden and not one.passed for one in counted)
    notes = [f"{overridden} were overridden with a reason"] if overridden else []
    if len(counted) < len(rows):
        notes.append(f"{len(rows) - len(counted)} are older than the law and not counted")
    return share(sum(one.passed for one in counted), len(counted), "no post went out", notes)


@dataclass(frozen=True)
class LineRow(Row):
    """One post of the plan: what readers get, whose words it is made of, and whether it serves an objective."""

    words: str
    benefit: str
    origin: str  # own, passed-on, link-only
    objective: str


def benefit_balance(rows: Sequence[LineRow]) -> dict[str, Figure]:
    """Each reader benefit in a hundred of the posts that name one."""
    return _shares([one.benefit for one in rows if one.benefit])


def originality(rows: Sequence[LineRow]) -> Figure:
    """Our own posts in a hundred; those passed on and bare links are said apart."""
    count = Counter(one.origin for one in rows)
    notes = [f"{count['passed-on']} passed on, {count['link-only']} little but a link"] if rows else []
    return share(count["own"], len(rows), "no post went out", notes)


def unlinked(rows: Sequence[LineRow]) -> Figure:
    """Posts that serve no objective, in a hundred."""
    return share(sum(not one.objective for one in rows), len(rows), "no post went out")


def _shares(values: Iterable[str]) -> dict[str, Figure]:
    count = Counter(values)
    whole = sum(count.values())
    return {name: share(part, whole, "") for name, part in count.most_common()}


@dataclass(frozen=True)
class CodedRow(Row):
    """One message of a sample, coded by a person, and by a second one without seeing the first where `second` is not
    empty. What a machine sorted it as is kept beside it and counts nowhere.
    """

    first: str
    second: str
    machine: str


def agreement(rows: Iterable[CodedRow]) -> float | None:
    """How far two people agree beyond chance, Cohen's kappa: 1.0 always, 0.0 as by chance; None where nothing was coded
    twice, or both only ever said one and the same, which shows nothing.
    """
    pairs = [(one.first, one.second) for one in rows if one.second]
    if not pairs:
        return None
    seen = sum(first == second for first, second in pairs) / len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    by_chance = sum(first[tone] * second[tone] for tone in first) / len(pairs) ** 2
    return None if by_chance == 1 else (seen - by_chance) / (1 - by_chance)


def praise_to_criticism(rows: Sequence[CodedRow]) -> Figure:
    """Messages of praise for every one of criticism, in a sample coded by people; how far they agree is said."""
    count = Counter(one.first for one in rows)
    kappa, twice = agreement(rows), sum(bool(one.second) for one in rows)
    said = "agreement is not known" if kappa is None else f"agreement of two people κ = {kappa:.2f}"
    notes = [f"a sample of {len(rows)}, coded by people", f"{said}, {twice} coded twice"]
    value = ratio(count["praise"], count["criticism"])
    if value is None:
        why = "no criticism in the sample to compare with" if rows else "no sample was coded"
        return none(why, part=count["praise"], whole=len(rows), notes=notes if rows else [])
    return Figure(value, count["praise"], count["criticism"], notes=tuple(notes))
