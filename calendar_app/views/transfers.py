"""The plan on its way out: the page that names all ways, a table, a printed month, and the private feed."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.walltime import to_wall
from calendar_app import exporting, feeding, filtering, outcomes, planned
from calendar_app import month as grid
from calendar_app.month import Card, Day
from calendar_app.transfer_forms import ExportForm
from calendar_app.views.finding import now_of, town_of

FILTERS = ("channel", "campaign", "topic", "state", "objective", "author", "kind")
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
ON_PAPER = 12  # posts of a day on a printed month
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow("see_calendar")
def ways(request: HttpRequest) -> HttpResponse:
    """Import, export, print and follow: everything that leaves or enters the calendar."""
    return _ways(request)


def _ways(request: HttpRequest, form: ExportForm | None = None, link: str = "") -> HttpResponse:
    user, now, town = person(request), now_of(request), town_of(request)
    year, number = _asked_month(request, to_wall(now, town.zone).date())
    offered = filtering.choices(user, now)
    last = date(year, number, monthrange(year, number)[1])
    context = {
        "form": form or ExportForm(initial={"first": date(year, number, 1), "last": last}),
        "chips": filtering.filters(request.GET, offered).chips(),
        "kept": [(name, value) for name, value in request.GET.items() if name in FILTERS and value],
        "query": _kept_query(request, month=f"{year:04d}-{number:02d}"),
        "first": date(year, number, 1),
        "feed": feeding.feed_of(user),
        "link": link,
        "can_write": may(user, "write_post", now),
        "zone": town.zone,
    }
    return render(request, "calendar_app/plan/ways.html", context, status=422 if form else 200)


def _asked_month(request: HttpRequest, today: date) -> tuple[int, int]:
    """The month of the address; this one where it names none."""
    found = MONTH.fullmatch(request.GET.get("month", ""))
    return (int(found[1]), int(found[2])) if found else (today.year, today.month)


def _kept_query(request: HttpRequest, **more: str) -> str:
    """The filters of the address, for links to and from the calendar."""
    kept = {name: value for name, value in request.GET.items() if name in FILTERS and value}
    return urlencode({**kept, **more})


@allow("see_calendar")
@require_GET
def export_plan(request: HttpRequest) -> HttpResponse:
    """What the filters leave between two days, as a file."""
    form = ExportForm(request.GET)
    if not form.is_valid():
        return _ways(request, form)
    user, now, town, data = person(request), now_of(request), town_of(request), form.cleaned_data
    wanted = filtering.filters(request.GET, filtering.choices(user, now))
    found = list(exporting.rows(user, data["first"], data["last"], town.zone, wanted, now, undated=data["undated"]))
    audit.record("exported_plan", None, by=user, now=now, subject="The plan", rows=len(found), form=data["form"])
    name = f"plan-{data['first']:%Y-%m-%d}-to-{data['last']:%Y-%m-%d}.{data['form']}"
    if data["form"] == "xlsx":
        answer = HttpResponse(exporting.as_workbook(found), content_type=BOOK)
    else:
        answer = HttpResponse(exporting.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@allow("see_calendar")
def print_month(request: HttpRequest) -> HttpResponse:
    """A month for paper: days with their posts in words, the state spelled out."""
    town, now, user = town_of(request), now_of(request), person(request)
    today = to_wall(now, town.zone).date()
    year, number = _asked_month(request, today)
    weeks = grid.weeks(year, number)
    offered = filtering.choices(user, now)
    wanted = filtering.filters(request.GET, offered)
    start, end = grid.bounds(weeks[0][0].date, weeks[-1][-1].date, town.zone)
    cards = grid.cards(planned.rows(user, start, end, wanted, now), town.zone)
    days = [day for week in weeks for day in week]
    grid.lay(weeks, cards, planned.events(town, days), planned.working_days(town), today)
    for day in days:
        day.most = ON_PAPER
    drawn = [card for day in days if not day.outside for card in day.shown]
    planned.dress(drawn, offered.channels, now)
    context = {
        "first": date(year, number, 1),
        "weeks": [[(day, _printed(day)) for day in week] for week in weeks],
        "count": sum(len(day.cards) for day in days if not day.outside),
        "chips": [words for _, words in wanted.chips()],
        "query": _kept_query(request, month=f"{year:04d}-{number:02d}"),
        "by": user,
    }
    return render(request, "calendar_app/plan/print.html", context)


def _printed(day: Day) -> list[tuple[Card, str, str]]:
    """Each post of a day with its state and its channels in words."""
    return [
        (card, outcomes.words(card.state), ", ".join(one.get_platform_display() for one, _ in card.shown.channels))
        for card in ([] if day.outside else day.shown)
    ]


@login_not_required
@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar under a private address; nothing tells a wrong address from an ended one."""
    now = now_of(request)
    found = feeding.opened(secret, now)
    if found is None:
        if feeding.guessed_too_often(get_adapter().get_client_ip(request)):
            return _later()
        raise Http404
    if feeding.too_often(found):
        return _later()
    answer = HttpResponse(feeding.calendar_for(found.owner, now), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="plan.ics"'
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _later() -> HttpResponse:
    answer = HttpResponse("Too many requests; try again later.\n", status=429, content_type="text/plain")
    answer["Retry-After"], answer["Cache-Control"] = "900", "no-store"
    return answer


@allow("see_calendar")
@require_POST
@after_password
def renew_feed(request: HttpRequest) -> HttpResponse:
    """A new private address, shown this once; an earlier one ends."""
    _, path = feeding.renew(person(request), now_of(request))
    return _ways(request, link=request.build_absolute_uri(path))


@allow("see_calendar")
@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    if feeding.revoke(person(request), now_of(request)):
        messages.success(request, "The address works no longer. Calendars that followed it get no more news.")
    return redirect("plan:ways")
