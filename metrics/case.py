"""The case for resources: what is asked, what waits, what it takes and what comes of it, every number from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from metrics import aims, periods, viewing
from metrics.charts import Change, Chart
from metrics.figures import Figure
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span, figure_of
from metrics.models import Aim
from metrics.periods import Period
from metrics.viewing import Line
from metrics.within import TOWN, About

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "What people ask of us": ("demand", "participants", "complaint_rate"),
    "What waits": ("breaches", "backlog", "within_promise", "first_response"),
    "What it takes": ("hours_needed", "hours_short", "spend"),
    "What comes of it": ("resolution_rate", "problem_solving", "promises_kept", "continuation"),
}
FORECAST, ELSEWHERE = "The week to come", "Effect elsewhere"
ABOUT_TOPIC = ("pressure", "cost_avoided")
DRAWN = ("demand", "breaches")
IN_SHORT = ("demand", "breaches", "hours_needed", "hours_short", "problem_solving")


def sections(period: Period, now: datetime, about: About = TOWN) -> dict[str, list[Line]]:
    """All of it, section by section."""
    names = [name for some in SECTIONS.values() for name in some]
    told = viewing.lines(about, period, now, names)
    found = {heading: [told[name] for name in some] for heading, some in SECTIONS.items()}
    return found | {FORECAST: [forecast(now, period)], ELSEWHERE: elsewhere(period, now)}


def forecast(now: datetime, period: Period) -> Line:
    """The hours of the next week as it is planned now, whatever time the rest is about."""
    this = periods.containing("week", now.astimezone(period.zone).date(), period.zone)
    figure = figure_of(RULES["capacity"], Span(this.span.start, this.span.end, now))
    return viewing.line(RULES["capacity"], [figure, figure], this, now, {})


def elsewhere(period: Period, now: datetime) -> list[Line]:
    """Contacts and cost avoided, for each active objective that is about a topic."""
    rows = Aim.objects.filter(objective__active=True, topic__isnull=False).select_related("objective", "topic")
    found: list[Line] = []
    for aim in rows.order_by("objective__target_on", "pk"):
        found += _since(aim, period, now) if aim.since else _of_period(aim, period, now)
    return found


def _of_period(aim: Aim, period: Period, now: datetime) -> list[Line]:
    """The whole weeks of the period against as many before."""
    asked, about = {"objective": str(aim.objective.key)}, aims.topics_of(aim)
    found = []
    for name in ABOUT_TOPIC:
        figures = [
            figure_of(RULES[name], Span(one.start, one.end, now, *about)) for one in (period.before, period.span)
        ]
        found.append(viewing.line(RULES[name], figures, period, now, asked).about(str(aim.topic)))
    return found


def _since(aim: Aim, period: Period, now: datetime) -> list[Line]:
    """The whole weeks since something was done, up to the end of the period: compared with no other period, because the
    figure is a comparison itself.
    """
    last = min(period.after, now.astimezone(period.zone).date())
    told = aims.since(aim, last - timedelta(days=last.weekday()))
    start, end = (datetime.combine(day, time(), period.zone) for day in (told.first, told.after))
    asked = {"from": told.first, "to": told.after, "objective": aim.objective.key}
    found = []
    for name in ABOUT_TOPIC:
        figure = figure_of(RULES[name], Span(start, end, now, *aims.topics_of(aim)))
        url = f"{reverse('measures:figure', args=[name])}?{urlencode(asked)}"
        nothing = Figure(None, missing="not compared with another time")
        line = Line(RULES[name], figure, nothing, [figure], Change(""), url)
        found.append(line.about(f"{aim.topic}, {told.words}"))
    return found


def drawings(told: Mapping[str, list[Line]], period: Period, now: datetime) -> list[Chart]:
    """What was asked and what was late, period by period."""
    lines = {one.rule.name: one for some in told.values() for one in some}
    found = [(name, viewing.drawing(lines[name].measure, lines[name].series, period, now)) for name in DRAWN]
    return [one.with_csv(viewing.series_url(name, TOWN, period)) for name, one in found if viewing.enough(one)]


def summary(told: Mapping[str, list[Line]]) -> list[str]:
    """The case in a few lines, each from a figure; what is not known is said to be so."""
    lines = {one.rule.name: one for some in told.values() for one in some}
    return [_said(lines[name]) for name in IN_SHORT]


def _said(one: Line) -> str:
    figure = one.figure
    if figure.value is None:
        return f"{one.label}: not known, {figure.missing}."
    of = f" of {figure.whole:,}" if figure.part is not None and figure.part == figure.value and figure.whole else ""
    compared = f", {one.change.words}" if one.before.value is not None and one.change.words else ""
    return f"{one.label}: {one.shown} {one.unit}".rstrip() + f"{of}{compared}."


def table(told: Mapping[str, list[Line]]) -> tuple[list[str], list[list[Any]]]:
    """The same numbers as a table."""
    heads, _ = viewing.table([])
    return ["section", *heads], [[heading, *row] for heading, some in told.items() for row in viewing.table(some)[1]]
