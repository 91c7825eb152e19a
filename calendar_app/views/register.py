"""The topics register, and what the plan is made of held against the town's ceilings."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from calendar_app import balance, mix, register
from calendar_app.models import MixLimits
from calendar_app.plan_forms import LimitsForm, TopicForm
from calendar_app.views.finding import now_of, town_of
from policy.models import PlanLimits, Topic


@allow("see_calendar")
def topics(request: HttpRequest) -> HttpResponse:
    now, limits = now_of(request), PlanLimits.here()
    halves, away = register.sides(person(request), town_of(request), limits, now)
    context = {
        "here": "topics",
        "sides": halves,
        "away": away,
        "limits": limits,
        "silent": [entry for side in halves for entry in side.entries if entry.silent],
        "may_change": may(person(request), "change_lists", now),
        "may_write": may(person(request), "write_post", now),
    }
    return render(request, "calendar_app/topics.html", context)


@allow("change_lists")
def new_topic(request: HttpRequest) -> HttpResponse:
    return _topic(request, Topic(niche=request.GET.get("side") == "niche"))


@allow("change_lists")
def edit_topic(request: HttpRequest, pk: int) -> HttpResponse:
    return _topic(request, get_object_or_404(Topic.objects.select_related("owner"), pk=pk))


def _topic(request: HttpRequest, topic: Topic) -> HttpResponse:
    name, form = topic.name, TopicForm(request.POST or None, instance=topic)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "name": name}
        return render(request, "calendar_app/topic.html", context, status=422 if form.errors else 200)
    register.keep(form.save(commit=False), by=person(request), now=now_of(request))
    messages.success(request, "Saved.")
    return redirect("calendar:topics")


@allow("see_calendar")
def show_balance(request: HttpRequest) -> HttpResponse:
    return _balance(request)


@allow("change_lists")
@require_POST
def set_limits(request: HttpRequest) -> HttpResponse:
    """Change what the plan holds itself to."""
    here = PlanLimits.here()
    was = {name: getattr(here, name) for name in LimitsForm.Meta.fields}
    form = LimitsForm(request.POST, instance=here)
    if not form.is_valid():
        return _balance(request, form)
    ours = MixLimits.here().about_us_share
    with transaction.atomic():
        row = form.save(commit=False)
        became = {name: getattr(row, name) for name in LimitsForm.Meta.fields}
        MixLimits.objects.update_or_create(pk=1, defaults={"about_us_share": form.cleaned_data["about_us_share"]})
        PlanLimits.objects.update_or_create(pk=1, defaults=became)
        PlanLimits.objects.filter(pk=1).update(version=F("version") + 1)
        audit.record("set_limits", row, by=person(request), now=now_of(request), was=was, became=became)
        if ours != form.cleaned_data["about_us_share"]:
            moment, share = now_of(request), form.cleaned_data["about_us_share"]
            audit.record("set_limits", MixLimits.here(), by=person(request), now=moment, was=ours, became=share)
    messages.success(request, "Saved.")
    return redirect("calendar:balance")


@allow("see_calendar")
def balance_rows(request: HttpRequest, which: str) -> HttpResponse:
    """The posts behind one number of the balance: those that count, and those they are held against."""
    town, now, user = town_of(request), now_of(request), person(request)
    _, start, end = balance.spanned(town, now)
    part = mix.parts(user, balance.lines(user, start, end, now), PlanLimits.here(), now).get(which)
    if part is None:
        raise Http404
    return render(request, "calendar_app/balance_rows.html", {"here": "balance", "part": part})


def _balance(request: HttpRequest, form: LimitsForm | None = None) -> HttpResponse:
    town, now, limits = town_of(request), now_of(request), PlanLimits.here()
    firsts, start, end = balance.spanned(town, now)
    rows = balance.lines(person(request), start, end, now)
    made = balance.benefits(rows, firsts, town.zone)
    parts = mix.parts(person(request), rows, limits, now)
    chart = {
        "id": "benefits",
        "finding": made.finding,
        "note": f"{made.total} posts with a reader benefit, by the month they go out in; this month is not over.",
        "kind": "stacked",
        "names": made.names,
        "rows": made.rows,
        "unit": "posts",
        "tones": [],
        "dashed": [],
        "csv": "",
    }
    context = {
        "here": "balance",
        "chart": chart,
        "total": made.total,
        "form": form or LimitsForm(instance=limits, initial={"about_us_share": MixLimits.here().about_us_share}),
        "may_change": may(person(request), "change_lists", now),
        "held": [one for one in parts.values() if one.ceiling is not None],
        "made_of": [one for one in parts.values() if one.ceiling is None],
        "listed": parts["link-only"].counted,
        "kept": mix.kept(rows),
    }
    return render(request, "calendar_app/balance.html", context, status=422 if form else 200)
