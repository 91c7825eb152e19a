"""Pages of this room: objectives and how they stand."""

from __future__ import annotations

import csv
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import audit
from accounts.access import allow, may
from accounts.models import Town, User
from metrics import charts, weekly
from metrics.catalogue import MEASURES
from metrics.forms import ObjectiveForm
from metrics.progress import Progress, lines, progress
from policy.models import Objective

WEEKS_SHOWN = 12


def standings(now: datetime, town: Town) -> list[dict[str, object]]:
    """Every active objective with its last whole week's figure and its place on its line."""
    over = weekly.weeks(now, town.tz, 3)
    figures: dict[str, list[weekly.Figure]] = {}
    rows = []
    for objective in Objective.objects.filter(active=True).select_related("owner"):
        if objective.measure not in figures:
            figures[objective.measure] = weekly.series(objective.measure, over, now)
        newest = latest(figures[objective.measure])
        rows.append(_standing(objective, progress(objective, newest, now.astimezone(town.tz).date())))
    return rows


def latest(figures: list[weekly.Figure]) -> float | None:
    """The last whole week's value; where that week has nothing to count, the running one's."""
    for figure in (figures[-2], figures[-1], figures[0]):
        if figure.value is not None:
            return figure.value
    return None


def _standing(objective: Objective, at: Progress) -> dict[str, object]:
    measure = MEASURES[objective.measure]
    span = objective.target - (objective.baseline or 0)
    needed = 0.0
    if at.needed is not None and span:
        needed = round(min(max((at.needed - (objective.baseline or 0)) / span, 0), 1) * 100, 1)
    return {
        "objective": objective,
        "progress": at,
        "measure": measure,
        "current": charts.number(at.current, measure),
        "target": charts.number(objective.target, measure),
        "needed": charts.number(at.needed, measure),
        "share": round(at.share * 100, 1),
        "line": needed,
        "tone": {"met": "good", "on track": "good", "behind": "warn"}.get(at.standing, "plain"),
    }


@allow("see_objectives")
def objectives(request: HttpRequest) -> HttpResponse:
    """All objectives with their standing, and the weekly figures behind them."""
    town = Town.here()
    over = weekly.weeks(request.now, town.tz, WEEKS_SHOWN)  # type: ignore[attr-defined]
    shown = [
        charts.weekly(name, over, weekly.series(name, over, request.now)).as_dict()  # type: ignore[attr-defined]
        for name in ("answered_in_time", "conversation_share", "total_followers", "first_answer_hours")
    ]
    context = {
        "standings": standings(request.now, town),  # type: ignore[attr-defined]
        "charts": shown,
        "may_set": may(_user(request), "set_objective", request.now),  # type: ignore[attr-defined]
    }
    return render(request, "metrics/objectives.html", context)


@allow("see_objectives")
def objective(request: HttpRequest, key: str) -> HttpResponse:
    """One objective: its sentence, where its numbers come from, its line, and the posts that serve it."""
    thing = get_object_or_404(Objective.objects.select_related("owner"), key=key)
    town, now = Town.here(), request.now  # type: ignore[attr-defined]
    over = weekly.weeks(now, town.tz, WEEKS_SHOWN)
    figures = weekly.series(thing.measure, over, now)
    needed = lines(thing, [week.first for week in over])
    context = {
        "objective": thing,
        "standing": _standing(thing, progress(thing, latest(figures), now.astimezone(town.tz).date())),
        "chart": charts.weekly(thing.measure, over, figures, needed if any(needed) else ()).as_dict()
        | {"csv": f"/objectives/{thing.key}/weeks.csv"},
        "posts": thing.posts.filter(dropped_at=None).visible_to(_user(request), now).order_by("-changed_at")[:10],
        "may_set": may(_user(request), "set_objective", now),
    }
    return render(request, "metrics/objective.html", context)


@allow("see_objectives")
def weeks_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The figures of an objective's chart, with the counts each was made of."""
    thing = get_object_or_404(Objective, key=key)
    over = weekly.weeks(request.now, Town.here().tz, WEEKS_SHOWN)  # type: ignore[attr-defined]
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="weeks.csv"'}
    )
    rows = csv.writer(answer)
    rows.writerow(["week_from", "measure", "value", "part", "whole"])
    for week, figure in zip(over, weekly.series(thing.measure, over, request.now), strict=True):  # type: ignore[attr-defined]
        rows.writerow([week.first.isoformat(), thing.measure, figure.value, figure.part, figure.whole])
    return answer


@allow("set_objective")
def set_objective(request: HttpRequest, key: str | None = None) -> HttpResponse:
    """Write a new objective or change one; what it said before stays in the audit trail."""
    thing = get_object_or_404(Objective, key=key) if key else None
    form = ObjectiveForm(request.POST or None, instance=thing, initial={"owner": request.user.pk})
    if request.method == "POST" and form.is_valid():
        was = {name: str(form.initial.get(name, "")) for name in form.changed_data} if thing else {}
        saved = form.save()
        act = "changed objective" if thing else "set objective"
        audit.record(act, saved, by=_user(request), now=request.now, was=was)  # type: ignore[attr-defined]
        messages.success(request, "Saved.")
        return redirect("measures:objective", key=saved.key)
    return render(request, "metrics/set_objective.html", {"form": form, "objective": thing})


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the act decorator let nobody else in
    return request.user
