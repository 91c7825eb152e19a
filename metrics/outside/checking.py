"""Reading the rows of a file of figures: each gives one figure, or every reason why it cannot. Pure, given the names.

A row without a number is left out and said so: nothing is ever taken for 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from accounts.refusals import Invalid
from calendar_app.dating import Order, day_of
from calendar_app.naming import Names
from calendar_app.reading import by_meaning
from channels_app.models import Channel
from metrics.outside.kinds import BOTS, BY_ROUTE, PARTNERS, ROUTE_WORDS, ROUTES, STAFF, WHO_WORDS, Kind, by_route
from policy.models import Topic

ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
GROUPED = re.compile(r"\d{1,3}(?:([,. '\u00a0\u202f])\d{3})(?:\1\d{3})*")
EARLIEST = date(2000, 1, 1)
MOST = Decimal(10) ** 11
YES, NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}


@dataclass(frozen=True)
class Known:
    """What rows can name, the day it is, how dates are written, and what the town's own places are called."""

    topics: Names[Topic]
    channels: Names[Channel]
    today: date
    order: Order
    here: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """What one line says: the key it has among its like, and its number."""

    line: int
    on: date
    value: Decimal
    topic: Topic | None = None
    channel: Channel | None = None
    route: str = ""
    label: str = ""
    local: bool | None = None

    @property
    def key(self) -> tuple[object, ...]:
        topic, channel = self.topic and self.topic.pk, self.channel and self.channel.pk
        return self.on, topic, channel, self.route, self.label.casefold()


@dataclass(frozen=True)
class Bad:
    """A line that cannot be taken, and every reason."""

    line: int
    why: str
    cells: Mapping[str, str]


@dataclass
class Checked:
    """A whole file: what can be taken, and what cannot."""

    good: list[Row] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


def check(kind: Kind, rows: Iterable[tuple[int, tuple[str, ...]]], columns: Mapping[str, int], known: Known) -> Checked:
    """Every line of a file; of two about the same thing the second is refused."""
    found, first = Checked(), dict[tuple[object, ...], int]()
    for line, cells in ((line, one) for line, values in rows for one in spread(by_meaning(values, columns))):
        row, why = _row(kind, line, cells, known)
        again = first.get(row.key) if row else None
        if again is not None:
            row, why = None, [f"It says the same as line {again}, in another number or again."]
        if row is not None:
            first[row.key] = line
            found.good.append(row)
        else:
            found.bad.append(Bad(line, " ".join(why), cells))
    return found


def spread(cells: Mapping[str, str]) -> list[Mapping[str, str]]:
    """A line that has the numbers of several routes beside each other, as a line for each of them."""
    routes = by_route(cells)
    same = {name: said for name, said in cells.items() if name not in routes}
    return [same | {"route": one.removeprefix(BY_ROUTE), "value": cells[one]} for one in routes] or [cells]


def _row(kind: Kind, line: int, cells: Mapping[str, str], known: Known) -> tuple[Row | None, list[str]]:
    said = {name: cells.get(name, "").strip() for name in kind.columns}
    why = [f"{kind.columns[name]}: empty." for name in kind.columns if name in kind.needs and not said[name]]
    facts: dict[str, object] = {}
    for name, read in _readers(kind, known).items():
        if said.get(name):
            try:
                facts[name] = read(said[name])
            except Invalid as problem:
                why.append(f"{problem.words} {problem.next_step}".strip())
    if why:
        return None, why
    if "label" in facts and kind.key == "places" and "local" not in facts:
        facts["local"] = str(facts["label"]).casefold() in known.here
    return Row(line=line, **facts), []  # type: ignore[arg-type]


def _readers(kind: Kind, known: Known) -> Mapping[str, Callable[[str], object]]:
    readers: dict[str, Callable[[str], object]] = {
        "on": lambda said: day(said, known, weekly=kind.weekly),
        "value": lambda said: number(said, whole=kind.whole),
        "topic": known.topics.find,
        "channel": known.channels.find,
        "route": route,
        "label": who if kind.key == "excluded" else lambda said: said[:120],
        "local": yes,
    }
    return {name: readers[name] for name in kind.columns}


def day(said: str, known: Known, *, weekly: bool) -> date:
    """A day, or the Monday of the week a day or an ISO week names. Invalid for one that is still to come."""
    week = ISO_WEEK.fullmatch(said)
    try:
        found = date.fromisocalendar(int(week[1]), int(week[2]), 1) if week else day_of(said, known.order)[0]
    except ValueError:
        raise Invalid(f"“{said[:40]}” is not a week of the calendar.") from None
    if weekly:
        found -= timedelta(days=found.weekday())
    if found > known.today:
        raise Invalid(f"“{said[:40]}” is still to come.")
    if found < EARLIEST:
        raise Invalid(f"“{said[:40]}” is too long ago to be meant.")
    return found


def number(said: str, *, whole: bool) -> Decimal:
    """A number as people write it. Invalid where it could be read in two ways, is below 0, or is none."""
    plain = re.sub(r"[ '\u00a0\u202f]", "", said)
    if GROUPED.fullmatch(said) and whole:
        plain = re.sub(r"[,.]", "", plain)
    elif "," in plain and "." in plain:
        thousands = "," if plain.rfind(",") < plain.rfind(".") else "."
        plain = plain.replace(thousands, "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}[,.]\d{3}", plain) and not plain.startswith("0"):
        raise Invalid(f"“{said[:30]}” can be read in two ways.", next_step="Write thousands without a mark.")
    else:
        plain = plain.replace(",", ".")
    try:
        found = Decimal(plain) if re.fullmatch(r"-?\d+(?:\.\d+)?", plain) else None
    except InvalidOperation:
        found = None
    if found is None or found < 0 or found > MOST:
        raise Invalid(f"“{said[:30]}” is not a number that can be counted.")
    if whole and found != found.to_integral_value():
        raise Invalid(f"“{said[:30]}” is not a whole number.")
    return found


def route(said: str) -> str:
    """How people got in touch, by its words."""
    found = ROUTE_WORDS.get(said.casefold())
    if found is None:
        raise Invalid(f"“{said[:40]}” is none of {', '.join(ROUTES.values())}.")
    return found


def who(said: str) -> str:
    """Who such followers are, by their words."""
    found = WHO_WORDS.get(said.casefold())
    if found is None:
        raise Invalid(f"“{said[:40]}” is none of {STAFF}, {PARTNERS}, {BOTS}.")
    return found


def yes(said: str) -> bool:
    if said.casefold() not in YES | NO:
        raise Invalid(f"“{said[:40]}” is neither yes nor no.")
    return said.casefold() in YES
