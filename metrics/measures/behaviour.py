"""Do people do otherwise, and do they know what we say? Figures over what others counted and what people said. Pure.

Nothing is claimed without weeks from before and after, nor where the weeks differ among themselves as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.figures import Figure, many, none
from metrics.intervals import moved, wilson
from metrics.measures.effects import OTHER_CAUSES
from metrics.measures.shape import Row

FEWEST_ASKED = 10
NOT_TOLD = "Could not tell"


@dataclass(frozen=True)
class CountRow(Row):
    """What was counted in one week. `part`: before or after; `about`: ours, or comparison for what the campaign does
    not touch. None: the week's number was not brought in.
    """

    on: date
    part: str
    about: str
    counted: str
    value: float | None
    source: str


def _weeks(rows: Sequence[CountRow], part: str) -> list[float] | None:
    """The weeks of one part; with a comparison each week as a share of the same week there. None: one of those is 0."""
    ours = {one.on: one.value or 0.0 for one in rows if one.part == part and one.about == "ours"}
    other = {one.on: one.value or 0.0 for one in rows if one.part == part and one.about == "comparison"}
    if not other:
        return [ours[day] for day in sorted(ours)]
    if not all(other.get(day) for day in ours):
        return None
    return [ours[day] / other[day] for day in sorted(ours)]


def _lacking(rows: Sequence[CountRow]) -> str:
    found = sorted({(one.counted, one.on) for one in rows if one.value is None})
    named = [f"{counted} in the week of {on.day} {on:%B %Y}" for counted, on in found[:4]]
    return ", ".join(named) + (f" and {len(found) - 4} more" if len(found) > 4 else "")


def change(rows: Sequence[CountRow]) -> Figure:
    """By how much the mean week after differs from the mean week before, in per cent of it, with its interval; with a
    comparison, beyond what moved there as well.
    """
    if not rows:
        return none("nothing says what people are to do and how it is counted")
    lacking = _lacking(rows)
    if lacking:
        return none(f"no number for {lacking}", whole=len(rows))
    before, after = _weeks(rows, "before"), _weeks(rows, "after")
    if before is None or after is None:
        return none("in a week nothing was counted to compare with", whole=len(rows))
    told = moved(before, after)
    if told is None:
        return none("there are fewer than three weeks before or after", whole=len(rows))
    if not told.before:
        return none("nothing was counted before", whole=len(rows))
    compared = any(one.about == "comparison" for one in rows)
    share = 100 / told.before
    notes = [_means(rows, "ours"), *([_means(rows, "comparison")] if compared else []), OTHER_CAUSES]
    notes += [] if compared else ["nothing stands beside it to compare with"]
    notes += [f"source: {source}" for source in sorted({one.source for one in rows if one.source})]
    return Figure(told.by * share, None, len(rows), low=told.low * share, high=told.high * share, notes=tuple(notes))


def mean(rows: Sequence[CountRow], part: str, about: str = "ours") -> float | None:
    """The mean week of a part; None where a week is missing or there is none."""
    found = [one.value for one in rows if one.part == part and one.about == about]
    known = [one for one in found if one is not None]
    return sum(known) / len(known) if known and len(known) == len(found) else None


def _means(rows: Sequence[CountRow], about: str) -> str:
    name = next(one.counted for one in rows if one.about == about)
    before, after = mean(rows, "before", about) or 0.0, mean(rows, "after", about) or 0.0
    weeks = [sum(one.part == part and one.about == about for one in rows) for part in ("before", "after")]
    told = [many(count, "week", "weeks") for count in weeks]
    return f"{name}: {before:,.1f} a week in {told[0]} before, {after:,.1f} in {told[1]} after"


@dataclass(frozen=True)
class Verdict:
    """What can be said of a campaign: a word, a sentence, and its tone. `reached` is None where it is not known."""

    word: str
    words: str
    tone: str
    reached: bool | None = None


def verdict(rows: Sequence[CountRow], wanted: str, target: float, last: date, today: date) -> Verdict:
    """Whether people do otherwise, as far as the numbers say: never without both ends, never within the usual swing.

    `last` is the Monday of the last week that counts.
    """
    figure, reached = change(rows), _reached(rows, wanted, target)
    days = (today - last).days
    if figure.value is None:
        if days < 7:
            return Verdict("Too early", f"The weeks after end on {_end(last)}; nothing is claimed before.", "plain")
        return Verdict(NOT_TOLD, f"{NOT_TOLD}: {figure.missing}.", "warn")
    low, high = figure.low or 0.0, figure.high or 0.0
    between = f"between {low:+.0f} and {high:+.0f} %"
    if low <= 0 <= high:
        swing = f"{NOT_TOLD}: {between}. Weeks differ among themselves as much."
        return Verdict(NOT_TOLD, swing, "warn", reached)
    beyond = ", beyond what moved in the comparison" if any(one.about == "comparison" for one in rows) else ""
    way = "more" if figure.value > 0 else "fewer"
    said = f"{abs(figure.value):.0f} % {way} a week than before ({between}){beyond}."
    if way != wanted:
        return Verdict("The other way", said, "alarm", reached)
    mark = "The target is reached." if reached else "The target is not reached."
    return Verdict("Moved as wanted", f"{said} {mark} Whether the campaign did it, numbers alone do not say.",
                   "good", reached)  # fmt: skip


def _end(last: date) -> str:
    sunday = date.fromordinal(last.toordinal() + 6)
    return f"{sunday.day} {sunday:%B %Y}"


def _reached(rows: Sequence[CountRow], wanted: str, target: float) -> bool | None:
    after = mean(rows, "after")
    if after is None:
        return None
    return after >= target if wanted == "more" else after <= target


@dataclass(frozen=True)
class RecallRow(Row):
    """One time residents were asked whether they know what a campaign says: how many were asked, how many knew."""

    campaign: str
    words: str
    asked: int
    knew: int
    how: str
    source: str


def recall(rows: Sequence[RecallRow]) -> Figure:
    """Of the residents asked, the share who knew; each time they were asked is said with its own numbers."""
    asked, knew = sum(one.asked for one in rows), sum(one.knew for one in rows)
    notes = [f"“{one.words}” {one.knew} of {one.asked}, {one.how}; {one.source}" for one in rows]
    if asked < FEWEST_ASKED:
        few = many(asked, "person is too few", "people are too few")
        why = f"{few} to say anything" if rows else "nobody was asked"
        return none(why, part=knew, whole=asked, notes=notes)
    low, high = wilson(knew, asked)
    return Figure(100 * knew / asked, knew, asked, low=low, high=high, notes=tuple(notes))
