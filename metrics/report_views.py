"""The weekly report as a page to read in two minutes, as a table with the same numbers, and its signature."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import tables
from accounts.access import allow, may, person
from channels_app.models import Channel
from metrics import periods, printing, report_reading, reports
from metrics.models import WeeklyReport

SHOWN = 60


class SignForm(forms.Form):
    remark = forms.CharField(
        label="Your remark", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands under the report for everybody who reads it, and is never changed.",
    )  # fmt: skip


@allow("see_measures")
def all_reports(request: HttpRequest) -> HttpResponse:
    """Every report that was made, the newest first, and when the next one comes."""
    if not _reads(request):
        return _of_channels(request, 200)
    made = WeeklyReport.objects.filter(state="made").select_related("frozen", "signature__by")[:SHOWN]
    coming = WeeklyReport.objects.filter(state="due").order_by("week").first()
    return render(request, "metrics/reports.html", {"reports": made, "coming": coming})


def _reads(request: HttpRequest) -> bool:
    return may(person(request), reports.READ, request.now)  # type: ignore[attr-defined]


def _of_channels(request: HttpRequest, status: int, found: WeeklyReport | None = None) -> HttpResponse:
    """What somebody with a right over single channels gets instead: why, and the figures of those channels."""
    seen = Channel.objects.visible_to(person(request), request.now, "see_measures").living()  # type: ignore[attr-defined]
    context = {
        "report": found,
        "channels": seen.order_by("name", "platform"),
        "asked": periods.address("week", found.week) if found else "by=week",
    }
    return render(request, "metrics/report_of_channels.html", context, status=status)


def _find(week: str) -> WeeklyReport:
    try:
        day = date.fromisoformat(week)
    except ValueError:
        raise Http404 from None
    rows = WeeklyReport.objects.filter(state="made").select_related("frozen", "signature__by")
    return get_object_or_404(rows, week=day)


@allow("see_measures")
def report(request: HttpRequest, week: str) -> HttpResponse:
    found = _find(week)
    return _report(request, found, SignForm()) if _reads(request) else _of_channels(request, 403, found)


def _report(request: HttpRequest, found: WeeklyReport, form: SignForm) -> HttpResponse:
    context = report_reading.shown(found) | {
        "form": form,
        "may_sign": may(person(request), reports.SIGN, request.now),  # type: ignore[attr-defined]
        "paper": reports.paper_of(found),
        "lacking": printing.lacking(),
    }
    return render(request, "metrics/report.html", context, status=422 if form.errors else 200)


@allow("see_measures")
def report_paper(request: HttpRequest, week: str) -> HttpResponse:
    """The same report as a PDF, where it was printed."""
    found = _find(week)
    if not _reads(request):
        return _of_channels(request, 403, found)
    paper = reports.paper_of(found)
    if paper is None:
        raise Http404
    answer = HttpResponse(bytes(paper.data), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{reports.file_name(found)}"'
    return answer


@allow("see_measures")
def report_table(request: HttpRequest, week: str) -> HttpResponse:
    """The same numbers as a table."""
    found = _find(week)
    if not _reads(request):
        return _of_channels(request, 403, found)
    return tables.as_csv(f"report-{found.week}.csv", report_reading.COLUMNS, report_reading.table(found))


@allow("sign_report")
@require_POST
def sign(request: HttpRequest, week: str) -> HttpResponse:
    found, form = _find(week), SignForm(request.POST)
    if not form.is_valid():
        return _report(request, found, form)
    reports.sign(found, form.cleaned_data["remark"], by=person(request), now=request.now)  # type: ignore[attr-defined]
    late = "Its readers have it already, without your name." if found.sent_at else "It goes to its readers now."
    messages.success(request, f"Signed. {late}")
    return redirect("reports:report", week=week)
