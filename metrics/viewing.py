"""What a page of figures says of one period: each measure against the period before, and charts that lead up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from metrics import aims, beginning, charts, periods
from metrics.catalogue import Measure
from metrics.charts import Chart
from metrics.figures import Figure, many
from metrics.measures import from_places, shape
from metrics.measures.ledger import RULES
from metrics.measures.shape import Rule, many_series
from metrics.periods import Period
from metrics.weekly import Week
from metrics.within import About

# What each page shows: its figures, and which of them are drawn.
TOWN = (
    *("within_promise", "first_response", "conversation_balance", "participants"),
    *("engagement_rate", "own_clicks", "problem_solving"),
    *("followers", "useful_count", "engaged_followers"),
)
CHANNEL = (
    *("within_promise", "first_response", "conversation_balance", "participants", "continuation", "thread_depth"),
    *("engagement_rate", "popularity", "commitment", "virality", "own_clicks"),
    *("followers", "useful_count", "useful_followers", "engaged_followers"),
)
POSTS = (
    *("engagement_rate", "popularity", "commitment", "virality", "own_clicks", "population_reached"),
    *("accessible", "originality"),
)
ENOUGH, LEAST_DRAWN = 4, 2  # numbers that a spark line and a chart are worth drawing for
SHOWN: Mapping[str, tuple[str, ...]] = {"": TOWN, "channel": CHANNEL, "campaign": POSTS, "serving": POSTS}
DRAWN: Mapping[str, tuple[str, ...]] = {
    "": ("within_promise", "conversation_balance", "engagement_rate", "followers", "useful_count"),
    "channel": ("within_promise", "conversation_balance", "engagement_rate", "followers", "useful_count"),
    "campaign": ("engagement_rate", "virality"),
    "serving": ("engagement_rate", "virality"),
}


@dataclass(frozen=True)
class Line:
    """One measure in the period and in the one before. `series` are the periods that lead up to it, as far as they are
    fetched; `url` opens the rows.
    """

    rule: Rule
    figure: Figure
    before: Figure
    series: Sequence[Figure]
    change: charts.Change
    url: str
    topic: str = ""

    def about(self, topic: str) -> Line:
        return replace(self, topic=topic)

    @property
    def label(self) -> str:
        return f"{self.rule.label}: {self.topic}" if self.topic else self.rule.label

    @property
    def title(self) -> str:
        """As a heading: that it only stands for what is meant is said with it."""
        return f"{self.label} (proxy)" if self.rule.proxy else self.label

    @property
    def measure(self) -> Measure:
        return aims.from_rule(self.rule)

    @property
    def unit(self) -> str:
        """What stands behind the number; money is in the town's own, as it was entered."""
        return "" if self.rule.unit == "money" or self.figure.value is None else self.rule.unit

    @property
    def shown(self) -> str | None:
        if self.figure.low is not None and self.figure.high is not None:
            low, high = (charts.number(one, self.measure) for one in (self.figure.low, self.figure.high))
            return f"{low} to {high}".replace("-", "−")
        shown = charts.number(self.figure.value, self.measure)
        return shown and shown.replace("-", "−")

    @property
    def shown_before(self) -> str | None:
        return charts.number(self.before.value, self.measure)

    @property
    def words(self) -> str:
        """The comparison, or why there is no number."""
        return self.figure.missing if self.figure.value is None else self.change.words

    @property
    def tone(self) -> str:
        return "plain" if self.figure.value is None else self.change.tone

    @property
    def spark(self) -> list[float | None]:
        values = [one.value for one in self.series]
        return values if len(values) - values.count(None) >= ENOUGH else []


def opens(name: str, period: Period, more: Mapping[str, str]) -> str:
    """The page of the rows behind a figure."""
    url = reverse("measures:figure", args=[name])
    return f"{url}?{period.query}{'&' if more else ''}{urlencode(more)}"


def compare(figure: Figure, before: Figure, measure: Measure, period: Period, now: datetime) -> charts.Change:
    """Against the period before; one that still runs is held against nothing."""
    if period.runs(now):
        return charts.Change("")
    return charts.change([before, figure], measure, period.kind)


def line(rule: Rule, found: Sequence[Figure], period: Period, now: datetime, more: Mapping[str, str]) -> Line:
    """The last two of these figures compared."""
    change = compare(found[-1], found[-2], aims.from_rule(rule), period, now)
    return Line(rule, found[-1], found[-2], found, change, opens(rule.name, period, more))


def rule_for(about: About, name: str) -> Rule:
    """A measure as a page tells it: from its own rows, and on the page of a channel not called one of all channels."""
    rule = about.within.rule(RULES[name])
    if about.kind == "channel" and name == "followers":
        return replace(rule, label="Followers", formula="the newest number that the platform told in this time")
    return rule


def lines(about: About, period: Period, now: datetime, names: Sequence[str] = ()) -> dict[str, Line]:
    """The figures of one page by the name of their measure."""
    rules = [rule_for(about, name) for name in names or SHOWN[about.kind]]
    over, since = periods.leading_to(period), beginning.began()
    found = {name: beginning.known(some, over, since) for name, some in many_series(rules, over, now).items()}
    return {rule.name: line(rule, found[rule.name], period, now, about.asked) for rule in rules}


def drawings(about: About, told: Mapping[str, Line], period: Period, now: datetime) -> list[Chart]:
    """The charts of one page, without those that nobody could read anything from."""
    found = {
        name: FETCHED[name](about, periods.leading_to(period), now) if name in FETCHED else told[name].series
        for name in DRAWN[about.kind]
    }
    charted = (drawing(told[name].measure, some, period, now) for name, some in found.items())
    return [
        one.with_csv(series_url(name, about, period)) for name, one in zip(found, charted, strict=True) if enough(one)
    ]


def drawing(
    measure: Measure,
    found: Sequence[Figure],
    period: Period,
    now: datetime,
    needed: Sequence[float | None] = (),
) -> Chart:
    """A chart from the first period that anything is known of."""
    first = next((at for at, one in enumerate(found) if one.value is not None and (one.value or one.whole)), 0)
    over = periods.leading_to(period)
    chart = charts.drawn(measure, over[first:], found[first:], needed[first:], f"{period.kind}s")
    chart = replace(chart, note=f"{chart.note}{broken(found[first:], period.kind)}")
    return replace(chart, finding=f"{chart.finding}, so far") if period.runs(now) and enough(chart) else chart


def broken(found: Sequence[Figure], kind: str) -> str:
    """What is said of a line with gaps: how many, and that nothing is put in their place."""
    lacking = [one.value for one in found].count(None)
    return f". {many(lacking, kind, f'{kind}s')} without a number: the line is broken there" if lacking else ""


def enough(chart: Chart) -> bool:
    """At least two numbers to draw a line between."""
    return sum(row[1] is not None for row in chart.rows) >= LEAST_DRAWN


def series_url(name: str, about: About, period: Period) -> str:
    asked = urlencode({"by": period.kind, "of": period.span.first, **about.asked})
    return f"{reverse('figures:series', args=[name])}?{asked}"


def series(name: str, about: About, period: Period, now: datetime) -> list[Figure]:
    """Every figure of a chart."""
    over = periods.leading_to(period)
    if name in FETCHED:
        return FETCHED[name](about, over, now)
    return shape.series(about.within.rule(RULES[name]), over, now)


def followers(about: About, over: Sequence[Week], now: datetime) -> list[Figure]:
    """Followers at the end of each period, as their figure tells them, from rows that are fetched once."""
    return aims.followers(over, now, about.within.of)


def useful(about: About, over: Sequence[Week], now: datetime) -> list[Figure]:
    """Useful followers at the end of each period; None where no list of places is of that time."""
    return [RULES["useful_count"].figure(about.within.of(rows)) for rows in from_places.each(over, now)]


# Of these a period is no part of a longer one, and all periods of a chart are fetched at once.
FETCHED: Mapping[str, Callable[[About, Sequence[Week], datetime], list[Figure]]] = {
    "followers": followers,
    "useful_count": useful,
}


def table(lines: Iterable[Line]) -> tuple[list[str], list[list[Any]]]:
    """The figures as a table with the same numbers, and the address of the rows of each."""
    heads = ["measure", "value", "unit", "low", "high", "part", "whole", "before", "missing", "formula", "rows"]
    return heads, [
        [one.label, one.figure.value, one.rule.unit, one.figure.low, one.figure.high, one.figure.part]
        + [one.figure.whole, one.before.value, one.figure.missing, one.rule.formula, one.url]
        for one in lines
    ]
