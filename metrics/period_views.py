"""Figures of a week, a month or a quarter: of the town, of a channel, of a campaign, of an objective."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import tables
from accounts.access import allow, person
from calendar_app.models import Campaign, Post
from channels_app.models import Channel
from metrics import aims, anomalies, case, charts, floor_kept, gaps, parting, periods, restating, viewing, within
from metrics.measures import from_posts, tracing
from metrics.measures.reach import PostRow
from metrics.measures.shape import Span
from metrics.periods import Period
from metrics.within import About
from policy.models import Objective

POSTS_SHOWN = 12


def _now(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined]


def period_of(request: HttpRequest, usual: periods.Kind = "week") -> Period:
    said = request.GET
    return periods.asked(said.get("by", ""), said.get("of", ""), _now(request), request.town.tz, usual)  # type: ignore[attr-defined]


def choosing(period: Period, now: datetime) -> dict[str, Any]:
    """What the bar over a page of figures offers: the three lengths, and the period before and after."""
    after = periods.following(period, now)
    return {
        "words": period.words,
        "runs": f"so far; the {period.kind} is not over, so nothing is compared" if period.runs(now) else "",
        "kinds": [
            (f"{kind}".capitalize(), periods.address(kind, period.last), kind == period.kind) for kind in periods.KINDS
        ],
        "before": periods.address(period.kind, period.before.first),
        "after": periods.address(period.kind, after) if after else "",
    }


def _span(period: Period, now: datetime) -> Span:
    return Span(period.span.start, period.span.end, now)


def _seen(request: HttpRequest) -> list[Channel]:
    return list(Channel.objects.visible_to(person(request), _now(request)).order_by("name", "platform"))


def _common(request: HttpRequest, about: About, period: Period) -> dict[str, Any]:
    """What all pages of figures show."""
    now = _now(request)
    told = viewing.lines(about, period, now)
    asked = urlencode({"by": period.kind, "of": period.span.first, **about.asked})
    drawn = [one.as_dict() for one in viewing.drawings(about, told, period, now)]
    return {
        "about": about,
        "period": period,
        "choosing": choosing(period, now),
        "lines": list(told.values()),
        "charts": drawn,
        "table_url": f"{reverse('figures:table')}?{asked}",
    }


@allow("see_measures")
def overview(request: HttpRequest) -> HttpResponse:
    """The town: its figures against the period before, and where to look closer."""
    period, now = period_of(request), _now(request)
    span = _span(period, now)
    posts = from_posts.posts(span)
    context = _common(request, within.TOWN, period) | {
        "channels": parting.by_channel([one for one in _seen(request) if one.state != "archived"], span, posts),
        "campaigns": parting.by_campaign(posts),
        "objectives": parting.by_objective(posts),
        "floor": _floor(_seen(request), period, now),
    }
    return render(request, "metrics/overview.html", context)


def _floor(channels: Sequence[Channel], period: Period, now: datetime) -> dict[str, list[tuple[floor_kept.Held, str]]]:
    """Each of these channels against the conversation that the policy asks for, and where its rows are; those of which
    nothing is claimed apart.
    """
    held = floor_kept.of(channels, _span(period, now))
    told = [(one, viewing.opens("conversation_balance", period, {"channel": str(one.channel.key)})) for one in held]
    return {
        "claimed": [(one, url) for one, url in told if one.standing in {"under", "kept"}],
        "unclaimed": [(one, url) for one, url in told if one.standing not in {"under", "kept"}],
    }


@allow("see_measures")
def channel(request: HttpRequest, key: UUID) -> HttpResponse:
    """One channel, and what is not known of it in this time."""
    seen = Channel.objects.visible_to(person(request), _now(request))
    thing, period, now = get_object_or_404(seen, key=key), period_of(request), _now(request)
    about = within.of_channel(thing)
    start, end = period.span.start, min(period.span.end, now)
    context = _common(request, about, period) | _posts(request, about, period)
    context |= {
        "thing": thing,
        "gaps": [gap for _, gap in gaps.missing([thing], start, end)],
        "jumps": [jump.words for _, jump in anomalies.lately([thing], start, end)],
        "restated": restating.taken_back(start, end, thing),
        "floor": _floor([thing], period, now),
    }
    return render(request, "metrics/figures_of.html", context)


@allow("see_measures")
def campaign(request: HttpRequest, key: UUID) -> HttpResponse:
    """The posts of one campaign."""
    thing = get_object_or_404(Campaign.objects.select_related("objective"), key=key)
    period, about = period_of(request, "month"), within.of_campaign(thing)
    context = _common(request, about, period) | _posts(request, about, period) | {"thing": thing}
    return render(request, "metrics/figures_of.html", context)


@allow("see_measures")
def objective(request: HttpRequest, key: UUID) -> HttpResponse:
    """One objective: its own measure against its line, then the posts that serve it."""
    thing = get_object_or_404(Objective.objects.select_related("owner", "aim"), key=key)
    period, about, now = period_of(request, "month"), within.of_objective(thing), _now(request)
    over = periods.leading_to(period)
    found = aims.of(thing, over, now)
    needed, measure = aims.needed(thing, over), aims.measure_of(thing.measure)
    chart = viewing.drawing(measure, found, period, now, needed if any(needed) else ())
    asked = urlencode({"by": period.kind, "of": period.span.first, "objective": thing.key})
    context = _common(request, about, period) | _posts(request, about, period)
    context |= {
        "thing": thing,
        "aim": {
            "measure": measure,
            "shown": charts.number(found[-1].value, measure),
            "figure": found[-1],
            "change": viewing.compare(found[-1], found[-2], measure, period, now),
            "url": viewing.opens(thing.measure, period, {"objective": str(thing.key)}),
            "drawn": viewing.enough(chart),
            "chart": chart.with_csv(f"{reverse('figures:series', args=[thing.measure])}?{asked}").as_dict(),
        },
    }
    return render(request, "metrics/figures_of.html", context)


def _posts(request: HttpRequest, about: About, period: Period) -> dict[str, Any]:
    """The posts of a page, as this person may see them."""
    rows: Sequence[PostRow] = about.within.of(from_posts.posts(_span(period, _now(request))))
    shown = parting.listed(tracing.seen(rows, {str(one.key) for one in _seen(request)}), POSTS_SHOWN)
    opens = _opens(request, shown)
    return {
        "posts": [(one, one.ref in opens) for one in shown],
        "post_count": len(rows),
        "posts_url": viewing.opens("engagement_rate", period, about.asked),
    }


def _opens(request: HttpRequest, rows: Sequence[PostRow]) -> set[str]:
    """Which of these posts this person may open."""
    keys = [UUID(one.ref) for one in rows if one.ref and one.words != from_posts.OUTSIDE]
    seen = Post.objects.visible_to(person(request), _now(request)).filter(key__in=keys)
    return {str(key) for key in seen.values_list("key", flat=True)}


@allow("see_measures")
def table_csv(request: HttpRequest) -> HttpResponse:
    """The figures of a page as a table."""
    period = period_of(request)
    heads, rows = viewing.table(viewing.lines(within.asked(request), period, _now(request)).values())
    return tables.as_csv(f"figures-{period.span.first}-to-{period.last}.csv", heads, rows)


@allow("see_measures")
def series_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The figures of a chart, with the counts each was made of."""
    period, now = period_of(request), _now(request)
    over = periods.leading_to(period)
    if key := request.GET.get("objective"):
        thing = within.objective_of(key)
        name, found = thing.measure, aims.of(thing, over, now)
    elif name in {one for some in (*viewing.DRAWN.values(), case.DRAWN) for one in some}:
        found = viewing.series(name, within.asked(request), period, now)
    else:
        raise Http404
    heads = [f"{period.kind}_from", "measure", "value", "part", "whole", "missing"]
    rows = (
        [week.first.isoformat(), name, figure.value, figure.part, figure.whole, figure.missing]
        for week, figure in zip(over, found, strict=True)
    )
    return tables.as_csv(f"{name}-by-{period.kind}.csv", heads, rows)
