"""How the town speaks: accessibility at publication, benefit and originality, work without an objective, tone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from metrics.figures import Figure, many, none, ratio, share
from metrics.intervals import IN_95, wilson
from metrics.measures.shape import Row

POOR, FEWEST_READ = 0.6, 10


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
    notes = [many(overridden, "was overridden with a reason", "were overridden with a reason")] if overridden else []
    if len(counted) < len(rows):
        older = "older than the law and not counted"
        notes.append(many(len(rows) - len(counted), f"is {older}", f"are {older}"))
    return share(sum(one.passed for one in counted), len(counted), "no post went out", notes)


@dataclass(frozen=True)
class LineRow(Row):
    """One post of the plan: what readers get, whose words it is made of, and whether it serves an objective."""

    COUNTED: ClassVar = ("benefit", "origin", "objective")

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
    """One message of a sample as a person read it, and as a second one did without seeing the first where `second` is
    not empty. `sample` says in words what was drawn out of what.
    """

    COUNTED: ClassVar = ("sample", "first", "second")

    sample: str
    first: str
    second: str


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


def _read(rows: Sequence[CodedRow]) -> list[str]:
    """What stands beside every figure of a sample: how many, drawn how, and how far two people agree."""
    kappa, twice = agreement(rows), sum(bool(one.second) for one in rows)
    alike = sum(one.first == one.second for one in rows)
    said = "agreement is not known" if kappa is None else f"agreement of two people κ = {kappa:.2f}"
    notes = [f"a sample of {len(rows)}, read by people", f"{said}, {alike} of {twice} read twice were read alike"]
    if kappa is not None and kappa < POOR:
        notes.append(f"two people agree too little (κ below {POOR:g}) to rest much on it")
    return notes + [f"drawn by lot: {words}" for words in dict.fromkeys(one.sample for one in rows)]


def _tone(rows: Sequence[CodedRow], tone: str) -> Figure:
    if len(rows) < FEWEST_READ:
        few = many(len(rows), "message of a sample is too little", "messages of a sample are too few")
        why = f"{few} to say anything" if rows else "no sample was read"
        return none(why, whole=len(rows))
    part = sum(one.first == tone for one in rows)
    low, high = wilson(part, len(rows))
    return Figure(100 * part / len(rows), part, len(rows), low=low, high=high, notes=(*_read(rows), IN_95))


def praise(rows: Sequence[CodedRow]) -> Figure:
    """Messages read as praise in a hundred of a sample, with its interval."""
    return _tone(rows, "praise")


def criticism(rows: Sequence[CodedRow]) -> Figure:
    """Messages read as criticism in a hundred of a sample, with its interval."""
    return _tone(rows, "criticism")


def praise_to_criticism(rows: Sequence[CodedRow]) -> Figure:
    """Messages of praise for every one of criticism, in a sample read by people; how far they agree is said."""
    count = Counter(one.first for one in rows)
    value = ratio(count["praise"], count["criticism"])
    if value is None:
        why = "no criticism in the sample to compare with" if rows else "no sample was read"
        return none(why, part=count["praise"], whole=len(rows), notes=_read(rows) if rows else [])
    return Figure(value, count["praise"], count["criticism"], notes=tuple(_read(rows)))


@dataclass(frozen=True)
class CorrectionRow(Row):
    """A mistake in a post of ours that was noted, and whether it was corrected where people could see it."""

    words: str
    visibly: bool


def put_right(rows: Sequence[CorrectionRow]) -> Figure:
    """Of the mistakes noted, the share corrected visibly; the others were decided against, with a reason."""
    right = sum(one.visibly for one in rows)
    return share(right, len(rows), "no mistake was noted")
