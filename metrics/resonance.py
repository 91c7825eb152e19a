"""What broadcasts resonate: which topics, kinds, media, calls and hours people took up more than the rest. Pure.

Each post is held against the others of its own channel only, by the numbers of the same age, so that neither a bigger
channel nor an older post looks better for it. Whatever chance explains is called no reliable difference: the intervals
are so wide that all of them together hold nineteen times in twenty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from metrics import chance
from metrics.chance import Beats
from metrics.figures import many, middle
from metrics.measures.reach import PostRow

Verdict = Literal["more", "less", "no difference", "too few", "not known"]
PARTS: Mapping[str, str] = {
    "topic": "topics",
    "kind": "kinds of post",
    "medium": "media",
    "call": "calls to action",
    "hour": "hours",
}
# What people did, and the number that says how often.
TAKEN_UP: Mapping[str, str] = {"commented": "replies", "shared": "shares", "interacted": "taken_part"}
LEAST_POSTS = 30  # with a number, before anything is compared
LEAST_IN_A_GROUP = 5  # and as many to hold it against
CHANCE = 0.05


@dataclass(frozen=True)
class Cell:
    """How often one thing was done with one group's posts. `posts` have a number, `unknown` have none. `beats`, `low`
    and `high`: of a hundred pairs with another post of the same channel it wins so many.
    """

    posts: int
    unknown: int
    total: int
    middle: float | None
    beats: float | None
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Group:
    """The posts of one topic, kind, medium, call or hour; `name` is as in the rows, "" where a post names none."""

    name: str
    cells: Mapping[str, Cell]

    @property
    def posts(self) -> int:
        return max(cell.posts + cell.unknown for cell in self.cells.values())


@dataclass(frozen=True)
class Table:
    """One part with all its groups; `known` posts have a number of each thing that people did."""

    part: str
    groups: Sequence[Group]
    known: Mapping[str, int]


Stratum = tuple[list[float], list[float]]


@dataclass(frozen=True)
class Counted:
    """One group's numbers, by channel beside those of the rest; not judged yet."""

    strata: Mapping[str, Stratum]
    unknown: int

    @property
    def some(self) -> list[float]:
        return [one for some, _ in self.strata.values() for one in some]

    @property
    def looked_at(self) -> bool:
        """Enough on both sides, counted on channels that have both."""
        both = [(some, rest) for some, rest in self.strata.values() if some and rest]
        return all(sum(len(pair[side]) for pair in both) >= LEAST_IN_A_GROUP for side in (0, 1))


def name_of(row: PostRow, part: str) -> str:
    value = getattr(row, part)
    if value is None:
        return ""
    return f"{value:02}:00" if part == "hour" else str(value)


def tables(rows: Sequence[PostRow]) -> list[Table]:
    """Every part against everything people did."""
    counted = {
        (part, name, what): one
        for part in PARTS
        for what in TAKEN_UP
        for name, one in _counted(rows, part, TAKEN_UP[what]).items()
    }
    enough = {what: _known(rows, what) >= LEAST_POSTS for what in TAKEN_UP}
    looked_at = sum(one.looked_at and enough[what] for (_, _, what), one in counted.items())
    sure = chance.sure(CHANCE, looked_at)
    cells = {key: _cell(one, sure, enough[key[2]]) for key, one in counted.items()}
    return [_table(part, cells, rows) for part in PARTS]


def _known(rows: Sequence[PostRow], what: str) -> int:
    return sum(getattr(one, TAKEN_UP[what]) is not None for one in rows)


def _counted(rows: Sequence[PostRow], part: str, number: str) -> dict[str, Counted]:
    by_channel: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    unknown: dict[str, int] = defaultdict(int)
    for row in rows:
        name, value = name_of(row, part), getattr(row, number)
        if value is None:
            unknown[name] += 1
        else:
            by_channel[row.where][name].append(float(value))
    found = {}
    for name in {name_of(row, part) for row in rows}:
        strata = {channel: _stratum(groups, name) for channel, groups in by_channel.items()}
        found[name] = Counted(strata, unknown[name])
    return found


def _stratum(groups: Mapping[str, list[float]], name: str) -> Stratum:
    return groups.get(name, []), [one for other, some in groups.items() if other != name for one in some]


def _cell(one: Counted, sure: float, enough: bool) -> Cell:
    some = one.some
    facts = (len(some), one.unknown, int(sum(some)), middle(some))
    found = chance.beats(one.strata.values()) if enough and one.looked_at else None
    if found is None:
        return Cell(*facts, None, None, None, "too few" if some else "not known")
    low, high = found.interval(sure)
    return Cell(*facts, 100 * found.share, 100 * low, 100 * high, _verdict(found, sure))


def _verdict(found: Beats, sure: float) -> Verdict:
    low, high = found.interval(sure)
    if low > chance.HALF:
        return "more"
    return "less" if high < chance.HALF else "no difference"


def _table(part: str, cells: Mapping[tuple[str, str, str], Cell], rows: Sequence[PostRow]) -> Table:
    names = sorted({name for its, name, _ in cells if its == part})
    groups = [Group(name, {what: cells[part, name, what] for what in TAKEN_UP}) for name in names]
    if part != "hour":
        groups.sort(key=lambda one: (-one.posts, one.name))
    return Table(part, groups, {what: _known(rows, what) for what in TAKEN_UP})


def finding(table: Table, what: str, called: Callable[[str], str] = str) -> str:
    """What a table says of one thing people did, as a sentence; `called` gives a group's name in words."""
    things, known = PARTS[table.part], table.known[what]
    if known < LEAST_POSTS:
        return f"Too few posts to compare {things}: {many(known, 'has', 'have')} numbers, {LEAST_POSTS} are needed."
    judged = {called(one.name): one.cells[what].verdict for one in table.groups}
    if not set(judged.values()) & {"more", "less", "no difference"}:
        return f"None of the {things} has enough posts to be compared."
    told = [
        f"{', '.join(name for name, verdict in judged.items() if verdict == way)} reliably {way}"
        for way in ("more", "less")
        if way in judged.values()
    ]
    return f"{'; '.join(told)}." if told else f"No reliable difference between {things}."


# --- lists side by side ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lists:
    """Posts by what people did with them, the most first; `not_shared` were shared by nobody, the newest first, and of
    `untold` nobody tells whether they were.
    """

    commented: Sequence[PostRow]
    shared: Sequence[PostRow]
    interacted: Sequence[PostRow]
    by_rate: Sequence[PostRow]
    not_shared: Sequence[PostRow]
    untold: int


def lists(rows: Sequence[PostRow]) -> Lists:
    """All of them in full; whoever shows them says how many it leaves out."""
    newest = sorted(rows, key=lambda one: one.at, reverse=True)
    return Lists(
        commented=_most(newest, "replies"),
        shared=_most(newest, "shares"),
        interacted=_most(newest, "taken_part"),
        by_rate=sorted((one for one in newest if rate(one) is not None), key=lambda one: -(rate(one) or 0)),
        not_shared=[one for one in newest if one.shares == 0],
        untold=sum(one.shares is None for one in rows),
    )


def _most(rows: Sequence[PostRow], number: str) -> list[PostRow]:
    return sorted((one for one in rows if getattr(one, number)), key=lambda one: -getattr(one, number))


def rate(row: PostRow) -> float | None:
    """How many in a hundred of the people a post reached took part; None where nobody tells one of the two.

    Nothing else stands in for people reached here: rates of different denominators cannot be ranked.
    """
    return 100 * row.taken_part / row.reach if row.reach and row.taken_part is not None else None
