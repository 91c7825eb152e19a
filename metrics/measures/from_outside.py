"""The rows of effects elsewhere: contacts before and after, the value ledger, and what was spent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from accounts.models import Town
from metrics import costs
from metrics.costs import Cost
from metrics.measures import from_paid
from metrics.measures.effects import ContactRow, SpendRow, ValueRow
from metrics.measures.shape import Span
from metrics.models import OutsideFigure
from metrics.outside import held
from metrics.weekly import WEEK
from policy.models import Topic


def _mondays(first: date, last: date) -> list[date]:
    """The Mondays of the whole weeks from one day to another, both included."""
    monday = first + timedelta(days=-first.weekday() % 7)
    return [monday + WEEK * n for n in range(max((last - monday).days + 1, 0) // 7)]


def after(span: Span) -> list[date]:
    zone = Town.here().tz
    return _mondays(span.start.astimezone(zone).date(), (span.end - timedelta(seconds=1)).astimezone(zone).date())


def contacts(span: Span) -> list[ContactRow]:
    """Contacts about the span's topic in its whole weeks and in as many weeks before, and the same of the control."""
    weeks = after(span)
    return _contacts(span, [monday - WEEK * len(weeks) for monday in weeks], weeks)


def moved(span: Span) -> list[ContactRow]:
    """The same around the day something was done, where that is known: of the span's whole weeks only those after it,
    and as many that were over before it. The week in which it was done is in neither.
    """
    weeks = after(span)
    if span.since is None or not weeks:
        return contacts(span)
    done = span.since - timedelta(days=span.since.weekday())
    weeks = [monday for monday in weeks if monday >= span.since]
    return _contacts(span, [done - WEEK * n for n in range(len(weeks), 0, -1)], weeks)


def _contacts(span: Span, before: Sequence[date], weeks: Sequence[date]) -> list[ContactRow]:
    if not weeks or span.topic is None:
        return []
    names = dict(Topic.objects.values_list("pk", "name"))
    found: dict[tuple[int, date], list[OutsideFigure]] = defaultdict(list)
    for one in held.current("contacts", before[0], weeks[-1], span.now):
        found[one.topic_id or 0, one.on].append(one)
    zone, rows = Town.here().tz, []
    for about, topic in (("topic", span.topic), ("control", span.control)):
        routes = {one.route for monday in (*before, *weeks) for one in found.get((topic or 0, monday), ())}
        for part, mondays in (("before", before), ("after", weeks)):
            for monday in mondays if topic is not None else []:
                at = datetime.combine(monday, time(), zone)
                top = ContactRow("", "", at, monday, part, about, names.get(topic or 0, ""), "", None, "")
                rows += _week(top, found.get((topic or 0, monday), ()), routes)
    return rows


def _week(top: ContactRow, figures: Iterable[OutsideFigure], routes: Iterable[str]) -> list[ContactRow]:
    """The routes of one week. A route that other weeks have and nobody brought in for this one is a row without a
    number, and so is a week of which nothing is known.
    """
    told = {one.route: replace(top, contacts=int(one.value), source=one.file.source) for one in figures}
    return [replace(told.get(route, top), route=route) for route in sorted(routes)] or [top]


def value(span: Span) -> list[ValueRow]:
    """The value ledger: contacts by route before and after, of topic and control, and the costs that hold."""
    told = moved(span)
    rows, start = [], span.start
    sums: dict[tuple[str, str], float | None] = {}
    for one in told:
        what = one.part if one.about == "topic" else f"control {one.part}"
        key = (what, one.route or "any route")
        was = sums.get(key, 0.0)
        sums[key] = None if was is None or one.contacts is None else was + one.contacts
    for (what, route), number in sorted(sums.items()):
        rows.append(ValueRow("", "", start, what, route, number, number, "calls and e-mails", None))
    if not rows:
        return []
    known = costs.at(span.now)
    routes = {one.route for one in told if one.route and one.about == "topic"}
    every = [known[route] for route in sorted(routes) if route in known] + [costs.of_an_answer(known)]
    return rows + [_cost(one, start) for one in every if one is not None]


def _cost(one: Cost, at: datetime) -> ValueRow:
    return ValueRow("", "", at, "cost", one.route, one.low, one.high, one.source, one.dated)


def spend(span: Span) -> list[SpendRow]:
    """Money of the span's weeks, of files and of the paid register, and the team's hours where an hour has a cost."""
    weeks = after(span)
    if not weeks:
        return []
    zone, hour = Town.here().tz, costs.at(span.now).get("hour")
    rows = from_paid.spent(weeks[0], weeks[-1] + timedelta(days=6), span.now)
    for one in held.current("spend", weeks[0], weeks[-1], span.now):
        amount = float(one.value)
        at = datetime.combine(one.on, time(), zone)
        rows.append(SpendRow("", "", at, one.label, amount, amount, one.file.source))
    for one in held.current("hours", weeks[0], weeks[-1], span.now):
        low, high = (float(one.value) * hour.low, float(one.value) * hour.high) if hour else (None, None)
        hours = f"{one.value:g} {'hour' if one.value == 1 else 'hours'}"
        words = f"{hours} of {one.label}" if one.label else hours
        at = datetime.combine(one.on, time(), zone)
        rows.append(SpendRow("", "", at, words if hour else "what an hour of staff costs", low, high, one.file.source))
    return rows
