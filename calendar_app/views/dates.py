"""Civic dates: a year of holidays, council meetings, elections and observances, to be read and changed."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.walltime import to_wall
from calendar_app import civic
from calendar_app.plan_forms import DateForm, YearForm
from calendar_app.views.finding import now_of, town_of
from calendar_app.views.spans import YEARS
from policy import packs
from policy.models import CivicDate


@allow("see_calendar")
def dates(request: HttpRequest) -> HttpResponse:
    return _page(request)


@allow("change_dates")
@require_POST
def add_date(request: HttpRequest) -> HttpResponse:
    form = DateForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    with transaction.atomic():
        row = form.save()
        audit.record("added_date", row, by=person(request), now=now_of(request), day=row.day.isoformat())
    messages.success(request, f"{row} stands in the calendar on {row.day.day} {row.day:%B %Y}.")
    return redirect(_year_url(row.day.year))


@allow("change_dates")
def edit_date(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CivicDate, pk=pk)
    was = {"day": row.day.isoformat(), "name": row.name, "kind": row.kind}
    form = DateForm(request.POST or None, instance=row)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "row": row, "was": was, "back": _year_url(int(str(was["day"])[:4]))}
        return render(request, "calendar_app/date.html", context, status=422 if form.errors else 200)
    with transaction.atomic():
        row = form.save()
        audit.record("changed_date", row, by=person(request), now=now_of(request), was=was)
    messages.success(request, "Saved.")
    return redirect(_year_url(row.day.year))


@allow("change_dates")
@require_POST
def remove_date(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CivicDate, pk=pk)
    with transaction.atomic():
        audit.record("removed_date", row, by=person(request), now=now_of(request), day=row.day.isoformat())
        row.delete()
    messages.success(request, f"{row} is no longer in the calendar.")
    return redirect(_year_url(row.day.year))


@allow("change_dates")
@require_POST
def take_over_holidays(request: HttpRequest) -> HttpResponse:
    form = YearForm(request.POST)
    if not form.is_valid():
        return _page(request, year_form=form)
    year = form.cleaned_data["year"]
    many = civic.take_over(town_of(request), year, by=person(request), now=now_of(request))
    said = (
        f"{many} holidays of {year} can be changed here now." if many else f"All holidays of {year} were here already."
    )
    messages.success(request, said)
    return redirect(_year_url(year))


def _year_url(year: int) -> str:
    return f"{reverse('calendar:dates')}?year={year}"


def _page(request: HttpRequest, form: DateForm | None = None, year_form: YearForm | None = None) -> HttpResponse:
    town, now = town_of(request), now_of(request)
    year = _asked_year(request.GET.get("year", ""), to_wall(now, town.zone).year)
    own = list(CivicDate.objects.filter(day__year=year))
    taken = any(one.pack for one in own)
    ruled = [] if taken else list(packs.holidays(town.pack, year).items())
    rows = [(one.day, one.name, one.kind, one) for one in own] + [(day, name, "holiday", None) for day, name in ruled]
    context = {
        "here": "dates",
        "year": year,
        "rows": [
            {
                "day": day,
                "name": name,
                "key": kind,
                "kind": civic.KIND_WORDS[kind],
                "icon": civic.ICONS[kind],
                "own": one,
            }
            for day, name, kind, one in sorted(rows, key=lambda row: (row[0], row[1]))
        ],
        "form": form or DateForm(initial={"kind": "meeting"}),
        "year_form": year_form or YearForm(initial={"year": year}),
        "taken": taken,
        "pack": packs.read(town.pack),
        "may_change": may(person(request), "change_dates", now),
    }
    return render(request, "calendar_app/dates.html", context, status=422 if form or year_form else 200)


def _asked_year(words: str, this: int) -> int:
    return int(words) if words.isdecimal() and len(words) == 4 and YEARS[0] <= int(words) < YEARS[1] else this
