"""The case for resources as a page to print and as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import tables
from accounts.access import allow
from metrics import case, within
from metrics.period_views import choosing, period_of
from metrics.periods import Kind

USUAL: Kind = "quarter"


@allow("see_measures")
def page(request: HttpRequest) -> HttpResponse:
    """Demand, what waits, hours and outcomes; no number that is not counted from rows."""
    now, period = request.now, period_of(request, USUAL)  # type: ignore[attr-defined]
    told = case.sections(period, now, within.town(request))
    context = {
        "period": period,
        "choosing": choosing(period, now),
        "sections": [(heading, lines) for heading, lines in told.items() if lines],
        "summary": case.summary(told),
        "charts": [one.as_dict() for one in case.drawings(told, period, now)],
        "now": now,
    }
    return render(request, "metrics/case.html", context)


@allow("see_measures")
def table_csv(request: HttpRequest) -> HttpResponse:
    period = period_of(request, USUAL)
    heads, rows = case.table(case.sections(period, request.now, within.town(request)))  # type: ignore[attr-defined]
    return tables.as_csv(f"case-for-resources-{period.span.first}-to-{period.last}.csv", heads, rows)
