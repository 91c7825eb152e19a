"""Followers who are of use: those known to live here, without staff, partner organisations and bots as far as they are
known. Pure.

Nothing is guessed: followers of no known place stay unknown and stand beside it, and of staff, partners and bots only
those are taken out of the local followers that somebody counted among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from metrics.figures import Figure, none, share
from metrics.measures.shape import Row

NO_LIST = "no platform's list of places was brought in"
NONE_LEFT = "all whose place is known were stated to be staff, partner organisations or bots"
NOT_TOLD = "staff, partner organisations and bots are in it: nobody stated how many there are"
OVER = "more were stated than a list of places has: told as none left"


@dataclass(frozen=True)
class PlaceRow(Row):
    """Followers of one channel in one place on a day. `local` None: nobody knows where they are. `source` says who
    told it. With `who` they are staff, partner organisations or bots, who are taken out of their kind of place.
    """

    COUNTED: ClassVar = ("who",)

    place: str
    local: bool | None
    followers: int
    source: str
    who: str = ""


@dataclass(frozen=True)
class UsefulRow(Row):
    """The same where only lists of the time itself count. `followers` None: the channel has a list, but none of this
    time, and `missing` says since when.
    """

    COUNTED: ClassVar = ("who",)

    place: str
    local: bool | None
    followers: int | None
    source: str
    who: str = ""
    missing: str = ""


PlacedRow = PlaceRow | UsefulRow


@dataclass
class Parts:
    """One channel or several: followers by what is known of their place, without those taken out, who are counted in
    `out` by who they are. `kept` are of no stated place and taken out of nothing; `over` says that more were stated
    than there are.
    """

    local: int = 0
    elsewhere: int = 0
    unknown: int = 0
    kept: int = 0
    out: Counter[str] = field(default_factory=Counter)
    over: bool = False

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.local + other.local,
            self.elsewhere + other.elsewhere,
            self.unknown + other.unknown,
            self.kept + other.kept,
            self.out + other.out,
            self.over or other.over,
        )


def parts(rows: Iterable[PlacedRow]) -> Parts:
    """All channels together, each told apart first: what is stated of one is taken out of no other."""
    channels: dict[str, list[PlacedRow]] = {}
    for one in rows:
        channels.setdefault(one.where, []).append(one)
    return sum((_of_channel(some) for some in channels.values()), Parts())


def _of_channel(rows: Sequence[PlacedRow]) -> Parts:
    count: Counter[bool | None] = Counter()
    for one in rows:
        if not one.who:
            count[one.local] += one.followers or 0
    listed = any(one.local is not None and not one.who for one in rows)
    found = Parts()
    for one in rows:
        if one.who:
            _take_out(one, one.followers or 0, count, found, listed)
    found.local, found.elsewhere, found.unknown = (max(count[place], 0) for place in (True, False, None))
    return found


def _take_out(one: PlacedRow, number: int, count: Counter[bool | None], found: Parts, listed: bool) -> None:
    """Out of the local ones or of those elsewhere, as stated. Without a list all are of unknown place; with one, those
    of no stated place may be in either, and stay.
    """
    if listed and one.local is None:
        found.kept += number
        return
    place = one.local if listed else None
    found.out[one.who] += number
    found.over = found.over or (listed and number > count[place])
    count[place] = max(count[place] - number, 0)


def useful_followers(rows: Sequence[PlaceRow]) -> Figure:
    """Followers known to be local in a hundred of those whose place is known, without staff, partners and bots; the
    unknown stand beside it.
    """
    found = parts(rows)
    known = found.local + found.elsewhere
    notes = [f"{found.local:,} local of {known:,} whose place is known", *_beside(found, rows)]
    why = NONE_LEFT if any(one.local is not None and not one.who for one in rows) else NO_LIST
    return share(found.local, known, why, notes if rows else [])


def useful_count(rows: Sequence[UsefulRow]) -> Figure:
    """How many followers are known to be local by the lists of this time, without staff, partners and bots. Where one
    of the channels that have lists has none of this time, there is no number: a sum without it would look like a loss.
    """
    listed = sorted({one.where for one in rows if one.local is not None and not one.who})
    lacking = [one for one in rows if one.followers is None]
    found = parts(one for one in rows if one.where in listed)
    unknown = parts(rows).unknown
    if lacking:
        why = "; ".join(dict.fromkeys(one.missing for one in lacking if one.missing))
        return none(why or "no list of places of this time", whole=len(listed) + len({one.where for one in lacking}))
    if not listed:
        return none(NO_LIST, whole=0, notes=[f"{unknown:,} unknown"] if rows else [])
    beside = _beside(Parts(unknown=unknown, kept=found.kept, out=found.out, over=found.over), rows)
    return Figure(float(found.local), None, len(listed), notes=tuple(beside), basis=" ".join(listed))


def _beside(found: Parts, rows: Sequence[PlacedRow]) -> list[str]:
    """The unknown, who was taken out and who was not, and of which days the lists are."""
    notes = [f"{found.unknown:,} unknown"]
    if any(one.who for one in rows):
        notes += [f"without {_listed(found.out)}"] if found.out else []
    elif rows:
        notes.append(NOT_TOLD)
    if found.kept:
        notes.append(_left_in(found))
    notes += [OVER] if found.over else []
    days = sorted({one.at.date() for one in rows if one.local is not None and not one.who})
    if days:
        notes.append(f"as of {_day(days[0])}" + (f" to {_day(days[-1])}" if len(days) > 1 else ""))
    return notes


def _left_in(found: Parts) -> str:
    words = f"{found.kept:,} staff, partners or bots of no stated place are still in it"
    least, known = max(found.local - found.kept, 0), found.local + found.elsewhere - found.kept
    return f"{words}; were all of them local, it would be {100 * least / known:.0f} %" if known > 0 else words


def _listed(out: Mapping[str, int]) -> str:
    """How many of whom: "40 staff, 12 partner organisations and 3 known bots"."""
    *most, last = [f"{number:,} {who}" for who, number in sorted(out.items())]
    return f"{', '.join(most)} and {last}" if most else last


def _day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"
