"""What it changed elsewhere: contacts before and after, what they would have cost, and what was spent. Pure.

None of these numbers proves a cause. Each carries its weeks, its dated costs and the words that say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.figures import Figure, many, none, ratio
from metrics.measures.shape import Row

OTHER_CAUSES = "other causes, such as weather or a bill's date, are not excluded"


@dataclass(frozen=True)
class ContactRow(Row):
    """Contacts of one week by one route. `part`: before or after; `about`: topic, or control for the topic nothing was
    done about. None: the week's number was not brought in.
    """

    on: date
    part: str
    about: str
    topic: str
    route: str
    contacts: int | None
    source: str


def _sum(rows: Sequence[ContactRow], part: str, about: str) -> float | None:
    """The contacts of one part; None where a week is missing or there is no week at all."""
    found = [one.contacts for one in rows if one.part == part and one.about == about]
    return None if not found or None in found else float(sum(one or 0 for one in found))


def _missing_weeks(rows: Sequence[ContactRow]) -> list[str]:
    lacking = sorted({(one.on, one.route) for one in rows if one.contacts is None})
    return [f"the week of {day.day} {day:%B %Y}{f' by {route}' if route else ''}" for day, route in lacking]


def contacts(rows: Sequence[ContactRow]) -> Figure:
    """How many people got in touch about a topic by other routes."""
    rows = [one for one in rows if one.about == "topic" and one.part == "after"]
    if not rows:
        return none("no file with calls and e-mails covers this time")
    known = [one.contacts for one in rows if one.contacts is not None]
    if len(known) < len(rows):
        return none(f"no number for {', '.join(_missing_weeks(rows))}", whole=len(rows))
    return Figure(float(sum(known)), None, len(known))


def _weeks(rows: Sequence[ContactRow]) -> str:
    """Which weeks are held against which."""
    first = [min(one.on for one in rows if one.part == part) for part in ("after", "before")]
    weeks = len({one.on for one in rows if one.part == "after"})
    days = [f"{day.day} {day:%B %Y}" for day in first]
    return f"{many(weeks, 'week', 'weeks')} from {days[0]} against as many from {days[1]}"


def pressure(rows: Sequence[ContactRow]) -> Figure:
    """Contacts about the topic after, as a share of before, less the same share of the control topic, in points. Below
    nought means fewer contacts than the control topic would let one expect.
    """
    lacking = _missing_weeks(rows)
    if lacking:
        return none(f"no number for {', '.join(lacking)}", whole=len(rows))
    if not rows:
        return none("no whole week lies after it and in this time", whole=0)
    topic = ratio(_sum(rows, "after", "topic"), _sum(rows, "before", "topic"))
    if topic is None:
        return none("no contacts before to compare with", whole=len(rows))
    notes = [f"{100 * topic:.0f} % of the contacts before", _weeks(rows), OTHER_CAUSES]
    if not any(one.about == "control" for one in rows):
        return Figure(100 * (topic - 1), whole=len(rows), notes=(*notes, "no control topic is named"))
    control = ratio(_sum(rows, "after", "control"), _sum(rows, "before", "control"))
    if control is None:
        return none("no contacts of the control topic before to compare with", whole=len(rows))
    notes.insert(1, f"the control topic has {100 * control:.0f} % of its own")
    return Figure(100 * (topic - control), whole=len(rows), notes=tuple(notes))


@dataclass(frozen=True)
class ValueRow(Row):
    """One line of the value ledger: contacts of a route (`before`, `after`, `control before`, `control after`), or the
    cost of one contact by a route (`cost`), where the route `social` is one answer of ours. None: not known.
    """

    what: str
    route: str
    low: float | None
    high: float | None
    source: str
    dated: date | None


def cost_avoided(rows: Sequence[ValueRow]) -> Figure:
    """Contacts avoided times what one costs more than an answer of ours: a range, from the lowest to the highest that
    the costs and nothing else allow. Avoided are the contacts before, moved as the control topic moved, less those
    after.
    """
    lacking = [_named(one.what, one.route) for one in rows if one.low is None or one.high is None]
    if lacking:
        return none(f"not known: {', '.join(lacking)}", whole=len(rows))
    costs = {one.route: (one.low or 0.0, one.high or 0.0) for one in rows if one.what == "cost"}
    if not any(one.what == "before" for one in rows):
        return none("no contacts before to compare with", whole=len(rows))
    parts = [{one.route for one in rows if one.what == what} for what in ("before", "after")]
    counted = parts[0] | parts[1]
    alone = [_named(what, route) for what, there in zip(("before", "after"), parts, strict=True)
             for route in sorted(counted - there)]  # fmt: skip
    if alone:
        return none(f"not known: {', '.join(alone)}", whole=len(rows))
    without = sorted((counted | {"social"}) - set(costs))
    if without:
        return none(f"no unit cost for {', '.join(without)}", whole=len(rows))
    moved, words = _control(rows)
    if moved is None:
        return none(words, whole=len(rows))
    low = high = avoided = 0.0
    for route in sorted(counted):
        gone = _of(rows, "before", route) * moved - _of(rows, "after", route)
        ends = [gone * (costs[route][0] - costs["social"][1]), gone * (costs[route][1] - costs["social"][0])]
        low, high, avoided = low + min(ends), high + max(ends), avoided + gone
    notes = [f"about {many(round(avoided), 'contact', 'contacts')} avoided", words, OTHER_CAUSES]
    notes += [_costs(one) for one in rows if one.what == "cost" and one.route in counted | {"social"}]
    return Figure((low + high) / 2, None, len(rows), low=low, high=high, notes=tuple(notes))


def _named(what: str, route: str) -> str:
    """A line of the ledger in words."""
    if what == "cost":
        return f"the cost of a contact by {route}"
    part = what.removeprefix("control ")
    return f"contacts {'about the control topic ' if part != what else ''}{part}, by {route}"


def _costs(one: ValueRow) -> str:
    what = "an answer of ours" if one.route == "social" else f"a contact by {one.route}"
    dated = f", {one.dated.day} {one.dated:%B %Y}" if one.dated else ""
    return f"{what} costs {one.low:g} to {one.high:g} ({one.source}{dated})"


def _of(rows: Sequence[ValueRow], what: str, route: str) -> float:
    return sum(one.low or 0.0 for one in rows if one.what == what and one.route == route)


def _control(rows: Sequence[ValueRow]) -> tuple[float | None, str]:
    """By how much the control topic moved, all routes together, and that in words."""
    if not any(one.what == "control before" for one in rows):
        return 1.0, "no control topic is named: everything counts as avoided"
    before = sum(one.low or 0.0 for one in rows if one.what == "control before")
    moved = ratio(sum(one.low or 0.0 for one in rows if one.what == "control after"), before)
    if moved is None:
        return None, "no contacts of the control topic before to compare with"
    return moved, f"contacts about the control topic went to {100 * moved:.0f} % of before"


@dataclass(frozen=True)
class SpendRow(Row):
    """What was spent: money that went out, or hours of the team times what an hour costs. None: not known."""

    words: str
    low: float | None
    high: float | None
    source: str


def spend(rows: Sequence[SpendRow]) -> Figure:
    """Money spent, the team's hours included, as a range."""
    if not rows:
        return none("no file with spend or staff hours covers this time")
    lacking = [one.words for one in rows if one.low is None or one.high is None]
    if lacking:
        return none(f"not known: {', '.join(dict.fromkeys(lacking))}", whole=len(rows))
    low, high = sum(one.low or 0.0 for one in rows), sum(one.high or 0.0 for one in rows)
    return Figure((low + high) / 2, None, len(rows), low=low, high=high)
