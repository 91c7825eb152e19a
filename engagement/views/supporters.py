"""Ambassadors and the thanks list, and the time log of the team."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person
from engagement import supporting, timelog
from engagement.models import PeopleChoices, Supporter, TimeEntry
from engagement.people_forms import SupporterForm, TimeForm
from engagement.views.asking import now_of
from engagement.views.telling import tried


@allow("see_inbox")
def supporters(request: HttpRequest) -> HttpResponse:
    """Everybody who agreed to be named, and posts on their way that still name somebody who does not any more."""
    context = {
        "here": "supporters",
        "lists": [(name, list(supporting.named(kind))) for kind, name in Supporter.KINDS],
        "withdrawn": Supporter.objects.filter(withdrawn_at__isnull=False).count(),
        "still_in": supporting.still_in(),
        "choices": PeopleChoices.here(),
        "may_change": may(person(request), "note", now_of(request)),
    }
    return render(request, "people/supporters.html", context)


@allow("note")
@require_http_methods(["GET", "POST"])
def add_supporter(request: HttpRequest) -> HttpResponse:
    """Somebody who agreed to be named."""
    now = now_of(request)
    form = SupporterForm(request.POST or None, initial={"kind": "thanks", "consent_on": timezone.localdate(now)})
    if form.is_valid() and tried(form, lambda: supporting.add(form.cleaned_data, by=person(request), now=now)):
        messages.success(request, "Added.")
        return redirect("inbox:supporters")
    context = {"here": "supporters", "form": form}
    return render(request, "people/supporter_form.html", context, status=422 if form.errors else 200)


@allow("note")
@require_POST
def thank_supporter(request: HttpRequest, key: UUID) -> HttpResponse:
    now = now_of(request)
    supporting.thank(get_object_or_404(Supporter, key=key), timezone.localdate(now), by=person(request), now=now)
    messages.success(request, "Noted: thanked today.")
    return redirect("inbox:supporters")


@allow("note")
@require_POST
def withdraw_supporter(request: HttpRequest, key: UUID) -> HttpResponse:
    """They do not agree any more: the name is wiped now."""
    carrying = supporting.withdraw(get_object_or_404(Supporter, key=key), by=person(request), now=now_of(request))
    if carrying:
        messages.warning(request, f"The name is wiped here. {len(carrying)} on their way still carry it: see below.")
    else:
        messages.success(request, "The name is wiped. Nothing on its way carries it.")
    return redirect("inbox:supporters")


@allow("see_inbox")
def time_log(request: HttpRequest) -> HttpResponse:
    """The week's time by activity, and one's own entries."""
    return _time(request, TimeForm(timezone.localdate(now_of(request))))


@allow("see_inbox")
@require_POST
def log_time(request: HttpRequest) -> HttpResponse:
    """Write down minutes of one's own."""
    by, now = person(request), now_of(request)
    form = TimeForm(timezone.localdate(now), request.POST)
    if form.is_valid() and tried(form, lambda: timelog.log(**form.cleaned_data, by=by, now=now)):
        messages.success(request, "Written down.")
        return redirect("inbox:time-log")
    return _time(request, form)


@allow("see_inbox")
@require_POST
def take_time_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an entry of one's own."""
    one = get_object_or_404(TimeEntry, pk=pk, by=person(request))
    timelog.take_back(one, by=person(request), now=now_of(request))
    messages.success(request, "Removed.")
    return redirect("inbox:time-log")


def _time(request: HttpRequest, form: TimeForm) -> HttpResponse:
    monday = _monday(request)
    shares = timelog.week(monday)
    end = monday + timedelta(days=6)
    context = {
        "here": "time",
        "monday": monday,
        "end": end,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7) if end < timezone.localdate(now_of(request)) else None,
        "shares": shares,
        "total": sum(one.minutes for one in shares),
        "mine": TimeEntry.objects.filter(by=person(request), on__gte=monday, on__lte=end),
        "form": form,
        "per_reply": timelog.PER_REPLY,
        "per_post": timelog.PER_POST,
    }
    return render(request, "people/time.html", context, status=422 if form.errors else 200)


def _monday(request: HttpRequest) -> date:
    """The week the address asks for; this one where it asks for none that is one."""
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = timezone.localdate(now_of(request))
    return timelog.monday_of(asked if 2000 <= asked.year <= 2100 else timezone.localdate(now_of(request)))
