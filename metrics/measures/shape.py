"""The shape every measure has: rows of a span, and a pure function from the rows to a figure.

Because a figure is computed from its rows and from nothing else, it can always show them, and whoever has them as a
table computes the same figure again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from metrics.figures import Figure
from metrics.weekly import Week

Unit = Literal["%", "h", "", "per 1,000", "points", "money", "money each", "to 1"]


@dataclass(frozen=True)
class Row:
    """What one figure counts. `ref` is the public key of what it is about, or a number within the table where nobody is
    to be named; `channel` is in words, "" for the whole town; `at` decides which week it belongs to. Two channels may
    be called alike: `channel_key` says which one it is.

    Further fields are plain: text, numbers, yes or no, days, moments, each of them or None. Of the texts a figure is
    counted by those in COUNTED; what it only compares is in COMPARED, with what stands in place of a hidden one.
    """

    COUNTED: ClassVar[tuple[str, ...]] = ()
    COMPARED: ClassVar[Mapping[str, str]] = {}

    ref: str
    channel: str
    at: datetime
    channel_key: str = field(default="", kw_only=True)

    @property
    def where(self) -> str:
        """What tells the channel from every other one."""
        return self.channel_key or self.channel


@dataclass(frozen=True)
class Span:
    """From `start` up to before `end`, as it was known at `now`. `topic` and `control` are row ids where a measure is
    about a topic: the one that is meant, and one that nothing was done about; `since` is the day it was done. `ends`
    are the ends of the weeks or months it consists of, where each of them is told apart.
    """

    start: datetime
    end: datetime
    now: datetime
    topic: int | None = None
    control: int | None = None
    since: date | None = None
    ends: tuple[datetime, ...] = ()

    @property
    def until(self) -> datetime:
        """The end as far as it is past."""
        return min(self.end, self.now)

    def until_of(self, at: datetime) -> datetime:
        """The same of the week or month that a moment of the span lies in; without such, of the span."""
        return min(self.ends[bisect_right(self.ends, at)], self.now) if self.ends else self.until


@dataclass(frozen=True)
class Rule:
    """One measure. `formula` says in words what `figure` does; `proxy`, where there is one, why it stands only for what
    is really meant. One that is `fine` is told with a decimal, because its shares are small. Of one that is `apart` the
    rows of a week are no part of the rows of a longer time, so that each is fetched; one that is not `weekly` is told
    for a span alone and measures no objective. `see` names the measures that say more of the same.
    """

    name: str
    label: str
    unit: Unit
    formula: str
    source: str
    row: type[Row]
    rows: Callable[[Span], Sequence[Any]]
    figure: Callable[[Sequence[Any]], Figure]
    proxy: str = ""
    better: Literal["up", "down"] = "up"
    fine: bool = False
    apart: bool = False
    weekly: bool = True
    about_topic: bool = False
    see: tuple[str, ...] = ()


def figure_of(rule: Rule, span: Span) -> Figure:
    """The figure of a span."""
    return rule.figure(rule.rows(span))


def figures(rules: Iterable[Rule], span: Span) -> dict[str, Figure]:
    """The figures of several measures by name; rows that several are counted from are fetched once."""
    fetched: dict[Callable[[Span], Sequence[Any]], Sequence[Any]] = {}
    found = {}
    for rule in rules:
        if rule.rows not in fetched:
            fetched[rule.rows] = rule.rows(span)
        found[rule.name] = rule.figure(fetched[rule.rows])
    return found


def series(
    rule: Rule,
    over: Sequence[Week],
    now: datetime,
    topic: int | None = None,
    control: int | None = None,
    since: date | None = None,
) -> list[Figure]:
    """One figure for each of these weeks, which follow one another: their rows fetched at once, where that can be."""
    if rule.apart:
        return [figure_of(rule, Span(week.start, week.end, now, topic, control, since)) for week in over]
    return [rule.figure(week) for week in parted(rule.rows(_whole(over, now, topic, control, since)), over)]


def _whole(over: Sequence[Week], now: datetime, *about: Any) -> Span:
    """All of these weeks, of which each is told apart."""
    return replace(Span(over[0].start, over[-1].end, now, *about), ends=tuple(week.end for week in over))


def parted(rows: Iterable[Row], over: Sequence[Week]) -> list[list[Row]]:
    """The rows of each of these weeks, which follow one another."""
    starts = [week.start for week in over]
    found: list[list[Row]] = [[] for _ in over]
    for row in rows:
        if starts[0] <= row.at < over[-1].end:
            found[bisect_right(starts, row.at) - 1].append(row)
    return found


def many_series(rules: Iterable[Rule], over: Sequence[Week], now: datetime) -> dict[str, list[Figure]]:
    """The series of several measures by name; rows that several are counted from are fetched once. Of a measure that
    is `apart`, only the last two are told: each of them is fetched.
    """
    fetched: dict[Callable[[Span], Sequence[Any]], list[list[Row]]] = {}
    found, apart = {}, [rule for rule in rules if rule.apart]
    for rule in rules:
        if rule.apart:
            continue
        if rule.rows not in fetched:
            fetched[rule.rows] = parted(rule.rows(_whole(over, now)), over)
        found[rule.name] = [rule.figure(week) for week in fetched[rule.rows]]
    last = [figures(apart, Span(week.start, week.end, now)) for week in over[-2:]]
    return found | {rule.name: [week[rule.name] for week in last] for rule in apart}
