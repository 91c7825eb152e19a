"""A figure: a number with what it was made of, or the reason why there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median


@dataclass(frozen=True)
class Figure:
    """A number and what it was made of: `part` of `whole`. `value` is None where nothing can be said, `missing` says
    why then. `low` and `high` bound an estimate; `notes` are the sentences that belong beside it. Two figures that
    rest on different things (`basis`) are not compared.
    """

    value: float | None
    part: int | None = None
    whole: int | None = None
    missing: str = ""
    low: float | None = None
    high: float | None = None
    notes: tuple[str, ...] = ()
    basis: str = field(default="", compare=False)

    def on(self, basis: str) -> Figure:
        """The same, resting on this."""
        return replace(self, basis=basis)


def none(why: str, *, part: int | None = None, whole: int | None = None, notes: Sequence[str] = ()) -> Figure:
    """No number, and why."""
    return Figure(None, part, whole, missing=why, notes=tuple(notes))


def share(part: int, whole: int, why: str, notes: Sequence[str] = ()) -> Figure:
    """`part` in a hundred of `whole`; without a whole there is no number, and `why` says what is lacking."""
    if not whole:
        return none(why, part=part, whole=0, notes=notes)
    return Figure(100 * part / whole, part, whole, notes=tuple(notes))


def ratio(above: float | None, below: float | None) -> float | None:
    """One number divided by another; None where either is missing or there is nothing to divide by."""
    return None if above is None or not below else above / below


def percentile(values: Iterable[float], percent: int) -> float | None:
    """The value below which so many percent lie, between two neighbours in proportion; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def middle(values: Iterable[float | None]) -> float | None:
    """The median of the known ones; None where none is known."""
    known = [one for one in values if one is not None]
    return float(median(known)) if known else None


def many(number: int, one: str, more: str) -> str:
    """A number with what is said of one, or of any other number."""
    return f"{number:,} {one if number == 1 else more}"
