"""What campaigns changed: every campaign with its verdict, one with its weeks, and what residents knew."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import tables
from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app.models import Campaign
from metrics import behaviour, charts, paying
from metrics.behaviour import Effect
from metrics.campaign_forms import CountForm, GoalForm, RecallForm, TakeBackForm
from metrics.charts import Chart
from metrics.figures import Figure
from metrics.measures import behaviour as measure
from metrics.measures import tracing
from metrics.measures.behaviour import CountRow, RecallRow
from metrics.models import BehaviourGoal, Recall

ASKED = "id_asked_%s"  # two forms of one page have fields of the same name


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


@allow("see_objectives")
def effects(request: HttpRequest) -> HttpResponse:
    """Campaigns that are to change what people do, then those nobody has set a goal for."""
    now = _now(request)
    rows = [behaviour.effect(one, now) for one in Campaign.objects.filter(active=True).select_related("objective")]
    rows.sort(key=lambda one: one.goal is None)
    return render(request, "metrics/effects.html", {"rows": rows, "may_set": may(person(request), behaviour.SET, now)})


def _find(key: UUID) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("objective"), key=key)


@allow("see_objectives")
def effect(request: HttpRequest, key: UUID) -> HttpResponse:
    """What can be said of one campaign, and what it rests on."""
    return _effect(request, _find(key))


def _effect(
    request: HttpRequest,
    campaign: Campaign,
    *,
    count: CountForm | None = None,
    asked: RecallForm | None = None,
    failed: Recall | None = None,
    back: TakeBackForm | None = None,
) -> HttpResponse:
    now, user = _now(request), person(request)
    told = behaviour.effect(campaign, now)
    recalls = list(Recall.objects.filter(campaign=campaign).select_related("by"))
    for one in recalls:
        one.form = back if one == failed else TakeBackForm(auto_id=f"id_{one.key}_%s")  # type: ignore[attr-defined]
    label = told.goal.counted if told.goal else ""
    context = {
        "campaign": campaign,
        "told": told,
        "figure": measure.change(told.rows) if told.goal else None,
        "chart": _chart(told).as_dict() if told.goal else None,
        "recalls": recalls,
        "recall": _percent(measure.recall([_row(one) for one in recalls if one.taken_back_at is None])),
        "accounts": paying.books(list(campaign.paid.all()), now).accounts,
        "count_form": count or CountForm(initial={"label": label}),
        "asked_form": asked or RecallForm(auto_id=ASKED),
        "failed": failed,
        "counts": behaviour.known_counts(),
        "may_set": may(user, behaviour.SET, now),
        "may_count": may(user, behaviour.bringing_in.ACT, now),
        "may_ask": may(user, behaviour.ASK, now),
    }
    bad = any(form is not None and form.errors for form in (count, asked, back))
    return render(request, "metrics/effect.html", context, status=422 if bad else 200)


def _row(one: Recall) -> RecallRow:
    return RecallRow("", "", one.at, str(one.campaign), one.question, one.asked, one.knew, one.how, one.source)


def _percent(figure: Figure) -> dict[str, Any]:
    """A share as the page shows it."""
    shown = {name: None if value is None else f"{value:.0f}" for name, value in
             (("value", figure.value), ("low", figure.low), ("high", figure.high))}  # fmt: skip
    return shown | {"figure": figure}


def _chart(told: Effect) -> Chart:
    """Week by week what was counted, before and after, with a gap where no number came."""
    assert told.goal is not None  # noqa: S101  the caller has looked
    assert told.verdict is not None  # noqa: S101
    days = sorted({one.on for one in told.rows})
    sides = ["ours", *(["comparison"] if told.goal.against else [])]
    values = {(one.on, one.about): one.value for one in told.rows}
    rows: list[list[str | float | None]] = [
        [charts.day(day), *(values.get((day, side)) for side in sides)] for day in days
    ]
    names = ["Week from", told.goal.what, *([told.goal.against] if told.goal.against else [])]
    first = told.goal.after_first
    return Chart(
        id="behaviour",
        finding=told.verdict.words,
        names=names,
        rows=rows,
        note=f"The weeks after begin on {first.day} {first:%B %Y}; target {told.goal.target:g} a week",
        tones=("1", "plain"),
        csv=f"/objectives/campaigns/{told.campaign.key}/weeks.csv",
    )


@allow("see_objectives")
def weeks_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """The weeks of a campaign's goal, from which its figure can be computed again."""
    told = behaviour.effect(_find(key), _now(request))
    return tables.as_csv("weeks.csv", tracing.columns(CountRow), (tracing.cells(row) for row in told.rows))


@allow("set_objective")
def set_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what a campaign is to change, before it begins."""
    campaign = _find(key)
    goal = BehaviourGoal.objects.filter(campaign=campaign).first()
    form = GoalForm(request.POST or None, instance=goal)
    if request.method == "POST" and form.is_valid():
        try:
            behaviour.settle(campaign, form.cleaned_data, by=person(request), now=_now(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Saved.")
            return redirect("measures:effect", key=key)
    context = {"campaign": campaign, "form": form, "goal": goal, "counts": behaviour.known_counts()}
    return render(request, "metrics/set_goal.html", context, status=422 if form.errors else 200)


@allow("bring_in_figures")
@require_POST
def write_down(request: HttpRequest, key: UUID) -> HttpResponse:
    campaign, form = _find(key), CountForm(request.POST)
    if form.is_valid():
        try:
            behaviour.write_down(**form.cleaned_data, by=person(request), now=_now(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Written down.")
            return redirect("measures:effect", key=key)
    return _effect(request, campaign, count=form)


@allow("plan_campaign")
@require_POST
def note_recall(request: HttpRequest, key: UUID) -> HttpResponse:
    campaign, form = _find(key), RecallForm(request.POST, auto_id=ASKED)
    if form.is_valid():
        try:
            behaviour.note_recall(campaign, form.cleaned_data, by=person(request), now=_now(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Written down.")
            return redirect("measures:effect", key=key)
    return _effect(request, campaign, asked=form)


@allow("plan_campaign")
@require_POST
def take_back_recall(request: HttpRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(Recall.objects.select_related("campaign"), key=key)
    form = TakeBackForm(request.POST, auto_id=f"id_{row.key}_%s")
    if not form.is_valid():
        return _effect(request, row.campaign, failed=row, back=form)
    behaviour.take_back_recall(row, form.cleaned_data["why"], by=person(request), now=_now(request))
    messages.success(request, "Taken back. It counts no longer.")
    return redirect("measures:effect", key=row.campaign.key)
