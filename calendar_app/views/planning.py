"""Before an emergency: who speaks, in which languages; and alerts that other systems send."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, lapses_of, may, person
from accounts.notifications import tell_role
from accounts.reentry import after_password
from accounts.refusals import Invalid, LostRace
from calendar_app import outside
from calendar_app.emergency_forms import IssuerForm, PlanForm, TakeForm
from calendar_app.models import OutsideAlert
from calendar_app.views.finding import now_of
from policy import hazards, issuers, modes
from policy.issuers import switching
from policy.models import EmergencyPlan, Issuer


@allow("see_emergency")
def plan(request: HttpRequest) -> HttpResponse:
    """What the town settles while nothing is wrong."""
    return _plan(request)


@allow("plan_emergency")
@require_POST
def set_plan(request: HttpRequest) -> HttpResponse:
    here = EmergencyPlan.here()
    form = PlanForm(request.POST, instance=here)
    if not form.is_valid():
        return _plan(request, form)
    data = form.cleaned_data
    columns = {name: data[name] for name in ("source", "number", "more_url", "sender")}
    columns |= {"second_language": data["second_language"], "update_minutes": data["update_minutes"]}
    with transaction.atomic():
        rows = EmergencyPlan.objects.filter(pk=1, version=data["version"])
        if not rows.update(**columns, version=F("version") + 1):
            raise LostRace("A colleague changed the plan meanwhile.", next_step="Load it again, then change it.")
        audit.record("changed_plan", EmergencyPlan.here(), by=person(request), now=now_of(request), became=columns)
    messages.success(request, "Saved.")
    return redirect("emergency:plan")


@allow("plan_emergency")
@require_POST
@after_password
def add_issuer(request: HttpRequest) -> HttpResponse:
    """Whoever is on the list speaks for the town without a signature, so the others who keep it are told."""
    moment, me = now_of(request), person(request)
    form = IssuerForm(request.POST, now=moment)
    if not form.is_valid():
        return _plan(request, None, form)
    try:
        with transaction.atomic():
            row = Issuer.objects.create(**form.cleaned_data, starts_at=moment, by=me)
            audit.record("chose_issuer", row, by=me, now=moment, fallback=row.fallback)
            whom = "themselves" if row.user == me else row.user.name
            words = f"{me.name} chose {whom} to issue emergency messages; they need no sign-off."
            tell_role(
                "plan_emergency", None, "emergency.issuer", words, reverse("emergency:plan"), now=moment, besides=[me]
            )
    except IntegrityError:
        raise LostRace("This person is on the list already.") from None
    return redirect("emergency:plan")


@allow("plan_emergency")
@require_POST
@after_password
def end_issuer(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Issuer, pk=pk, ends_at=None)
    with transaction.atomic():
        Issuer.objects.filter(pk=row.pk).update(ends_at=now_of(request))
        audit.record("took_issuer_off", row, by=person(request), now=now_of(request))
    return redirect("emergency:plan")


def _plan(request: HttpRequest, form: PlanForm | None = None, issuer: IssuerForm | None = None) -> HttpResponse:
    moment, here = now_of(request), EmergencyPlan.here()
    language = hazards.language(here.second_language) if here.second_language else None
    context = {
        "form": form or PlanForm(instance=here),
        "issuer_form": issuer or IssuerForm(now=moment),
        "issuers": _listed(moment),
        "may_plan": may(person(request), "plan_emergency", moment),
        "language": language,
        "templates": [
            (hazards.language("en").template(key), language.template(key) if language else None)
            for key in hazards.HAZARDS
        ],
    }
    return render(request, "emergency/plan.html", context, status=422 if form or issuer else 200)


def _listed(now: datetime) -> list[tuple[Issuer, str]]:
    """Everybody on the list, each with what somebody should know before they are needed."""
    works = {one.pk for one in issuers.chosen(now)}
    rows = []
    for one in Issuer.objects.current(now):
        lapses = lapses_of(one.user, now)
        gone = "" if one.pk in works else "has no right here any more and does not speak"
        rows.append((one, gone or (lapses[0].about if lapses else "")))
    return rows


@allow("see_emergency")
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts that were taken from other systems, the newest first."""
    return _alerts(request)


@switching
@require_POST
def take_alert(request: HttpRequest) -> HttpResponse:
    """Take an alert from a file or an address. Nothing goes out by that."""
    form = TakeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _alerts(request, form)
    by, moment, data = person(request), now_of(request), form.cleaned_data
    try:
        if data["file"]:
            taken = [outside.take(data["file"].read(1_000_001), data["file"].name, by=by, now=moment)]
        else:
            taken = outside.fetch(data["url"], by=by, now=moment)
    except Invalid as problem:
        form.add_error("file" if data["file"] else "url", f"{problem.words} {problem.next_step}".strip())
        return _alerts(request, form)
    messages.success(request, "1 alert was taken." if len(taken) == 1 else f"{len(taken)} alerts were taken.")
    return redirect("emergency:alerts")


def _alerts(request: HttpRequest, form: TakeForm | None = None) -> HttpResponse:
    moment = now_of(request)
    span = modes.emergency(moment)
    rows = OutsideAlert.objects.select_related("by", "message")[:50]
    context = {
        "span": span,
        "form": form or TakeForm(),
        "rows": [(row, outside.may_be_used(row, span)) for row in rows],
        "may_take": issuers.may_switch(person(request), moment),
    }
    return render(request, "emergency/alerts.html", context, status=422 if form else 200)
