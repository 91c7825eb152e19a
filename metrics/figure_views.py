"""A figure and its rows: every number opens what it was counted from, and the rows as a table give the same number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import tables
from accounts.access import allow, may, person
from accounts.models import User
from accounts.reentry import after_password
from channels_app.models import Channel
from engagement.models import Issue
from metrics import aims, as_reported, charts, costs, coverage, row_words, taken_back, within
from metrics.figures import Figure
from metrics.forms import CostForm
from metrics.measures import tracing
from metrics.measures.answers import ProblemRow
from metrics.measures.ledger import FAMILIES, RULES, rule_of
from metrics.measures.shape import Row, Rule, Span
from metrics.models import UnitCost
from metrics.weekly import WEEK
from metrics.within import About
from policy.models import Objective, Topic

SHOWN = 200
LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Asked:
    """What an address asks of one measure: the days, both first and the one after the last, for which objective, and as
    of which moment it was known, where that is not today.
    """

    rule: Rule
    first: date
    after: date
    span: Span
    objective: Objective | None
    about: About = within.TOWN
    known: datetime | None = None

    @property
    def query(self) -> str:
        return self.query_now + (f"&{urlencode({'as': self.known.isoformat()})}" if self.known else "")

    @property
    def query_now(self) -> str:
        """The same, as it is known now."""
        more = {"objective": str(self.objective.key)} if self.objective else {}
        more |= self.about.asked
        return urlencode({"from": self.first.isoformat(), "to": self.after.isoformat(), **more})

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)


def asked(request: HttpRequest, name: str) -> Asked:
    """The last whole week where the address names no days that can be."""
    rule, zone = rule_of(name), request.town.tz  # type: ignore[attr-defined]
    if rule is None:
        raise Http404
    now: datetime = request.now  # type: ignore[attr-defined]
    monday = (today := now.astimezone(zone).date()) - timedelta(days=today.weekday())
    first, after = _day(request, "from"), _day(request, "to")
    if first is None or after is None or not first < after <= first + LONGEST:
        first, after = monday - WEEK, monday
    objective = _objective(request.GET.get("objective", ""))
    about = aims.topics_of(aims.about(objective) if objective else None)
    start, end = (datetime.combine(one, time(), zone) for one in (first, after))
    known = _moment(request, now)
    span = Span(start, end, known or now, *about)
    part = within.asked(request)
    return Asked(part.within.rule(rule), first, after, span, objective, part, known)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _moment(request: HttpRequest, now: datetime) -> datetime | None:
    """As of when an address asks to know it; None for now."""
    try:
        at = datetime.fromisoformat(request.GET.get("as", ""))
    except ValueError:
        return None
    return at if at.tzinfo and at.year >= 2000 and at < now else None


def _objective(key: str) -> Objective | None:
    try:
        return Objective.objects.filter(key=UUID(key)).first()
    except ValueError:
        return None


def _rows(request: HttpRequest, one: Asked) -> tuple[list[Row], Figure]:
    """The rows as this person may see them, and their figure: all of them count, and it names what is seen alone."""
    rows, user = one.rule.rows(one.span), person(request)
    now = request.now  # type: ignore[attr-defined]
    channels = Channel.objects.visible_to(user, now)
    unseen = _unseen_issues(rows, user, now) if one.rule.row is ProblemRow else set()
    seen = tracing.seen(rows, {str(channel.key) for channel in channels}, unseen)
    return seen, one.rule.figure(seen)


def _unseen_issues(rows: Sequence[Row], user: User, now: datetime) -> set[str]:
    """An issue is no single channel's: those of which this person sees no report."""
    issues = {row.ref for row in rows if not row.where}
    seen = Issue.objects.visible_to(user, now).filter(key__in=issues).values_list("key", flat=True)
    return issues - {str(key) for key in seen}


@allow("see_objectives")
def measures(request: HttpRequest) -> HttpResponse:
    """Every measure with its formula in words, under the families of objectives it can carry."""
    carried = {name for names in FAMILIES.values() for name in names}
    groups = [(words, [_told(name) for name in FAMILIES[key]]) for key, words in Objective.FAMILIES]
    also = {rule_of(name) for name in carried}
    rest = [(rule.name, rule.label, rule.formula, rule.proxy) for rule in RULES.values() if rule not in also]
    context = {"groups": [*groups, ("For reports", rest)]}
    return render(request, "metrics/measures.html", context)


def _told(name: str) -> tuple[str, str, str, str]:
    measure = aims.measure_of(name)
    rule = rule_of(name)
    return rule.name if rule else name, measure.label, measure.formula, measure.proxy


@allow("see_objectives")
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure, what it rests on, and its rows."""
    one = asked(request, name)
    rows, told = _rows(request, one)
    measure = aims.from_rule(one.rule)
    context = {
        "rule": one.rule,
        "measure": measure,
        "asked": one,
        "figure": told,
        "reported": _reported(one, told),
        "beside": [(name, RULES[name].label) for name in one.rule.see],
        "value": charts.number(told.value, measure),
        "low": charts.number(told.low, measure),
        "high": charts.number(told.high, measure),
        "heads": row_words.heads(one.rule.row),
        "restated": taken_back.words(one.rule, [row for row in rows[:SHOWN] if not _is_hidden(row)], one.span),
        "rows": [row_words.line(row, request.town.tz) for row in rows[:SHOWN]],  # type: ignore[attr-defined]
        "count": len(rows),
        "hidden": sum(_is_hidden(row) for row in rows),
    }
    return render(request, "metrics/figure.html", context)


def _is_hidden(row: Row) -> bool:
    return row.channel.startswith(tracing.HIDDEN)


def _reported(one: Asked, told: Figure) -> as_reported.Reported | None:
    """What the report says that led here."""
    if one.known is None or one.about.kind:
        return None
    return as_reported.reported(one.rule, told, one.first, one.after, one.objective, one.known)


@allow("see_objectives")
@after_password
def figure_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The rows as a table, from which the figure can be computed again."""
    one = asked(request, name)
    rows, _ = _rows(request, one)
    called = f"{one.rule.name}-{one.first}-to-{one.last}.csv"
    return tables.as_csv(called, tracing.columns(one.rule.row), (tracing.cells(row) for row in rows))


@allow("see_objectives")
def covered(request: HttpRequest) -> HttpResponse:
    """Objectives against topics and channels, and the posts behind one cell."""
    user, now = person(request), request.now  # type: ignore[attr-defined]
    seen = Channel.objects.visible_to(user, now, "see_calendar").living().speaking()
    channel = _among(seen, request.GET.get("channel", ""))
    topics, channels = coverage.tables(user, now, channel)
    objective, asked_for = _objective(request.GET.get("objective", "")), "objective" in request.GET
    topic = request.GET.get("topic", "")
    topic = topic if topic.isdecimal() and len(topic) < 10 else ""
    named = Topic.objects.filter(pk=int(topic)).first() if topic else None
    context = {
        "topics": topics,
        "channels": channels,
        "offered": seen,
        "channel": channel,
        "unlinked": coverage.unlinked(now),
        "asked_for": asked_for,
        "objective": objective,
        "topic": named,
        "posts": coverage.posts(user, now, objective, topic, channel) if asked_for else [],
    }
    return render(request, "metrics/coverage.html", context)


def _among(channels: object, key: str) -> Channel | None:
    return next((one for one in channels if str(one.key) == key), None)  # type: ignore[attr-defined]


@allow("see_objectives")
def unit_costs(request: HttpRequest) -> HttpResponse:
    """What a contact costs the town, dated and with its source."""
    return _unit_costs(request, CostForm())


def _unit_costs(request: HttpRequest, form: CostForm) -> HttpResponse:
    now, town = request.now, request.town  # type: ignore[attr-defined]
    known, today = costs.at(now), now.astimezone(town.tz).date()
    names = dict(UnitCost.ROUTES)
    social = costs.of_an_answer(known)
    context = {
        "form": form,
        "rows": [(names[route], one, one.old(today)) for route, one in known.items()],
        "lacking": [words for route, words in names.items() if route not in known],
        "social": social,
        "may_settle": may(person(request), costs.ACT, now),
    }
    return render(request, "metrics/costs.html", context, status=422 if form.errors else 200)


@allow("bring_in_figures")
@require_POST
def settle_cost(request: HttpRequest) -> HttpResponse:
    form = CostForm(request.POST)
    if not form.is_valid():
        return _unit_costs(request, form)
    costs.settle(**form.cleaned_data, by=person(request), now=request.now)  # type: ignore[attr-defined]
    return redirect("measures:costs")
