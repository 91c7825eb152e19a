"""The reputation panel as a page and as a table with the same numbers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import tables
from accounts.access import allow
from metrics import reputation
from metrics.measures.shape import Span

PERIODS = {"4": "4 weeks", "13": "13 weeks", "52": "52 weeks"}
USUAL = "13"


def _asked(request: HttpRequest) -> tuple[str, date, date, Span]:
    """Whole weeks up to the last Sunday: which period, its first day, the day after its last, and the span."""
    now: datetime = request.now  # type: ignore[attr-defined]
    zone, period = request.town.tz, request.GET.get("weeks", USUAL)  # type: ignore[attr-defined]
    period = period if period in PERIODS else USUAL
    today = now.astimezone(zone).date()
    after = today - timedelta(days=today.weekday())
    first = after - timedelta(weeks=int(period))
    start, end = (datetime.combine(one, time(), zone) for one in (first, after))
    return period, first, after, Span(start, end, now)


@allow("see_measures")
def panel(request: HttpRequest) -> HttpResponse:
    """What people say, whether we answer and keep our word, and how we keep our voice."""
    period, first, after, span = _asked(request)
    traits, looked_at = reputation.traits(span.start, span.end)
    context = {
        "parts": reputation.lines(span).items(),
        "traits": traits,
        "looked_at": looked_at,
        "fewest": reputation.FEWEST,
        "first": first,
        "last": after - timedelta(days=1),
        "query": urlencode({"from": first, "to": after}),
        "period": period,
        "tabs": [{"name": words, "url": f"?weeks={key}", "active": key == period} for key, words in PERIODS.items()],
    }
    return render(request, "metrics/reputation.html", context)


@allow("see_measures")
def panel_table(request: HttpRequest) -> HttpResponse:
    """The same numbers as a table."""
    _, first, after, span = _asked(request)
    names = ["part", "what", "value", "unit", "low", "high", "of", "whole", "missing", "notes"]
    rows: list[list[Any]] = []
    for heading, lines in reputation.lines(span).items():
        for one in lines:
            told = one.figure
            notes = "; ".join(told.notes)
            rows.append([heading, one.rule.label, told.value, one.rule.unit, told.low, told.high, told.part,
                         told.whole, told.missing, notes])  # fmt: skip
    traits, looked_at = reputation.traits(span.start, span.end)
    for kept in traits:
        low, high = (kept.band.low, kept.band.high) if kept.band else ("", "")
        unit = kept.band.title if kept.band else ""
        missing = "" if kept.value is not None else kept.said
        rows.append(["How we keep our voice", kept.trait.name, kept.value, unit, low, high, "", looked_at, missing,
                     kept.said])  # fmt: skip
    return tables.as_csv(f"reputation-{first}-to-{after - timedelta(days=1)}.csv", names, rows)
