"""Pages of this room: objectives and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import audit, tables
from accounts.access import allow, may
from accounts.models import Town, User
from metrics import aims, charts, coverage, forecasting, weekly
from metrics.figures import Figure
from metrics.forms import AimForm, ObjectiveForm
from metrics.pace import Period, pace
from metrics.progress import Progress, progress
from metrics.weekly import Week
from policy.models import Objective

WEEKS_SHOWN, MONTHS_SHOWN = 12, 12


def standings(now: datetime, town: Town) -> list[dict[str, object]]:
    """Every active objective with its last whole week's figure and its place on its line."""
    over = weekly.weeks(now, town.tz, 3)
    figures: dict[str, list[Figure]] = {}
    rows = []
    for objective in Objective.objects.filter(active=True).select_related("owner", "aim"):
        aim = getattr(objective, "aim", None)
        if aim or objective.measure not in figures:
            figures[objective.measure] = aims.series(objective.measure, over, now, aim)
        newest, week = latest(over, figures[objective.measure], objective.measure in aims.A_WEEK)
        rows.append(_standing(objective, progress(objective, newest, now.astimezone(town.tz).date()), week))
    return rows


def latest(over: Sequence[Week], figures: Sequence[Figure], counts: bool = False) -> tuple[float | None, str]:
    """The last whole week's value, and from when it is; where that week has nothing to count, the running one's, else
    that of the week before. Nothing older is told as if it were of today. Of what `counts` within a week, a part of
    one says nothing.
    """
    for place, words in ((-2, ""), (-1, ", so far"), (-3, "")):
        if counts and place == -1:
            continue
        if len(figures) >= -place and figures[place].value is not None:
            day = over[place].first
            return figures[place].value, f"the week from {day.day} {day:%B}{words}"
    return None, ""


def _standing(objective: Objective, at: Progress, week: str) -> dict[str, object]:
    measure = aims.measure_of(objective.measure)
    span = objective.target - (objective.baseline or 0)
    needed = 0.0
    if at.needed is not None and span:
        needed = round(min(max((at.needed - (objective.baseline or 0)) / span, 0), 1) * 100, 1)
    return {
        "objective": objective,
        "progress": at,
        "measure": measure,
        "unit": aims.unit_of(objective.measure),
        "week": week,
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
        charts.weekly(name, over, aims.series(name, over, request.now)).as_dict()  # type: ignore[attr-defined]
        for name in ("answered_in_time", "conversation_share", "total_followers", "first_answer_hours")
    ]
    context = {
        "standings": standings(request.now, town),  # type: ignore[attr-defined]
        "charts": shown,
        "unlinked": coverage.unlinked(request.now),  # type: ignore[attr-defined]
        "capacity": forecasting.next_week(request.now),  # type: ignore[attr-defined]
        "doubled": forecasting.next_week(request.now, 2),  # type: ignore[attr-defined]
        "may_set": may(_user(request), "set_objective", request.now),  # type: ignore[attr-defined]
    }
    return render(request, "metrics/objectives.html", context)


@allow("see_objectives")
def objective(request: HttpRequest, key: str) -> HttpResponse:
    """One objective: its sentence, where its numbers come from, its line and pace, and the posts that serve it."""
    thing = get_object_or_404(Objective.objects.select_related("owner", "aim"), key=key)
    town, now = Town.here(), request.now  # type: ignore[attr-defined]
    period, over = _asked(request, town)
    figures = aims.of(thing, over, now)
    needed = aims.needed(thing, over)
    last = (over, figures) if period == "week" else _last_weeks(thing, now, town)
    (newest, week), today = latest(*last, thing.measure in aims.A_WEEK), now.astimezone(town.tz).date()
    measure = aims.measure_of(thing.measure)
    drawn = charts.drawn(measure, over, figures, needed if any(needed) else (), f"{period}s")
    context = {
        "objective": thing,
        "aim": aims.about(thing),
        "standing": _standing(thing, progress(thing, newest, today), week),
        "pace": pace(thing, newest, today, period, aims.most_of(measure)),
        "tabs": _periods(thing, period),
        "figures": _opened(thing, over, figures),
        "chart": drawn.as_dict() | {"csv": f"/objectives/{thing.key}/weeks.csv?by={period}"},
        "no_line": "A target for a week says nothing of a month in which everybody is counted once."
        if period == "month" and thing.measure in aims.ONCE
        else "",
        "posts": thing.posts.filter(dropped_at=None).visible_to(_user(request), now).order_by("-changed_at")[:10],
        "may_set": may(_user(request), "set_objective", now),
    }
    return render(request, "metrics/objective.html", context)


def _last_weeks(thing: Objective, now: datetime, town: Town) -> tuple[list[Week], list[Figure]]:
    """What an objective stands by, whichever time its page shows."""
    over = weekly.weeks(now, town.tz, 3)
    return over, aims.of(thing, over, now)


def _asked(request: HttpRequest, town: Town) -> tuple[Period, list[Week]]:
    """The weeks, or with `by=month` the months, that a page shows."""
    now = request.now  # type: ignore[attr-defined]
    if request.GET.get("by") == "month":
        return "month", weekly.months(now, town.tz, MONTHS_SHOWN)
    return "week", weekly.weeks(now, town.tz, WEEKS_SHOWN)


def _periods(thing: Objective, chosen: Period) -> list[dict[str, object]]:
    return [
        {"name": f"By {one}", "url": f"/objectives/{thing.key}/?by={one}", "active": one == chosen}
        for one in cast("tuple[Period, ...]", ("week", "month"))
    ]


def _opened(thing: Objective, over: Sequence[Week], figures: Sequence[Figure]) -> list[dict[str, object]]:
    """Each figure with the address of its rows, the newest first, and why one is missing."""
    measure = aims.measure_of(thing.measure)
    rows = []
    for week, figure in zip(over, figures, strict=True):
        asked = urlencode({"from": week.first, "to": week.end.date(), "objective": thing.key})
        value = charts.number(figure.value, measure)
        rows.append({"week": week, "figure": figure, "value": value, "query": asked})
    return rows[::-1]


@allow("see_objectives")
def weeks_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The figures of an objective's chart, with the counts each was made of."""
    thing = get_object_or_404(Objective, key=key)
    period, over = _asked(request, Town.here())
    figures = aims.of(thing, over, request.now)  # type: ignore[attr-defined]
    names = [f"{period}_from", "measure", "value", "part", "whole", "missing"]
    rows = (
        [week.first.isoformat(), thing.measure, figure.value, figure.part, figure.whole, figure.missing]
        for week, figure in zip(over, figures, strict=True)
    )
    return tables.as_csv(f"{period}s.csv", names, rows)


@allow("set_objective")
def set_objective(request: HttpRequest, key: str | None = None) -> HttpResponse:
    """Write a new objective or change one; what it said before stays in the audit trail."""
    thing = get_object_or_404(Objective, key=key) if key else None
    form = ObjectiveForm(request.POST or None, instance=thing, initial={"owner": request.user.pk})
    aim = AimForm(request.POST or None, instance=aims.about(thing) if thing else None)
    if request.method == "POST" and form.is_valid() and aim.is_valid() and aim.fits(form):
        was = {name: str(form.initial.get(name, "")) for name in form.changed_data} if thing else {}
        was |= {name: str(aim.initial.get(name, "")) for name in aim.changed_data} if thing else {}
        with transaction.atomic():
            saved = form.save()
            aim.keep(saved)
            act = "changed objective" if thing else "set objective"
            audit.record(act, saved, by=_user(request), now=request.now, was=was)  # type: ignore[attr-defined]
        messages.success(request, "Saved.")
        return redirect("measures:objective", key=saved.key)
    status = 422 if form.errors or aim.errors else 200
    context = {"form": form, "aim": aim, "objective": thing}
    return render(request, "metrics/set_objective.html", context, status=status)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the act decorator let nobody else in
    return request.user
