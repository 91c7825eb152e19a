"""The final-say register: who decides on what now, who did at any moment, and how it is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person, who_may
from accounts.models import Town, User
from accounts.refusals import Invalid
from accounts.town import DAYS, check_hours
from accounts.walltime import from_wall
from policy import finalsay
from policy.models import Absence, FinalSay
from policy.views.handbook import now_of

WALL = "%Y-%m-%dT%H:%M"


def _moment(**attrs: Any) -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local", **attrs}, format=WALL)


class Person(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody who works here; named by key, never by number."""

    def __init__(self, label: str, *, required: bool = False) -> None:
        super().__init__(User.objects.none(), label=label, required=required, to_field_name="key", empty_label="Nobody")


class SayForm(forms.Form):
    """One subject: who decides, who stands in, in which hours, and when they step aside."""

    subject = forms.CharField(label="Subject", max_length=120)
    holder = Person("Who decides", required=True)
    deputy = Person("Deputy")
    second = Person("Second deputy")
    after_hours = Person("Outside these hours")
    conflict = forms.CharField(label="Steps aside in matters of", required=False, max_length=300)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = who_may("see_signoff", now).order_by("name")
        for name in ("holder", "deputy", "second", "after_hours"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
        for number, day in enumerate(DAYS):
            self.fields[f"day_{number}"] = forms.CharField(label=day, required=False, max_length=60)

    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in range(7)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        hours = [_shifts(data.get(f"day_{number}", "")) for number in range(7)]
        for name, words in check_hours(hours).items():
            self.add_error(name.replace("-", "_"), words)
        return {**data, "hours": hours if any(hours) else []}

    def people(self) -> dict[str, Any]:
        names = ("holder", "deputy", "second", "after_hours", "conflict", "hours")
        return {name: self.cleaned_data[name] for name in names}


def _shifts(words: str) -> list[list[str]]:
    """09:00-12:00, 13:00-17:00"""
    parts = [part.strip() for part in words.replace("–", "-").split(",") if part.strip()]
    return [[edge.strip() for edge in part.split("-")] for part in parts]


class AwayForm(forms.Form):
    """Somebody is away, or steps aside in one subject."""

    user = Person("Person", required=True)
    kind = forms.ChoiceField(label="What", choices=Absence.KINDS)
    subject = forms.CharField(label="Subject, for a conflict of interest", required=False, max_length=120)
    starts = forms.DateTimeField(label="From", widget=_moment(), input_formats=[WALL])
    ends = forms.DateTimeField(label="Until", widget=_moment(), input_formats=[WALL])
    why = forms.CharField(label="Why", required=False, max_length=200)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = who_may("see_signoff", now).order_by("name")  # type: ignore[attr-defined]

    def absence(self, zone: str) -> Absence:
        data = self.cleaned_data
        starts, ends = (from_wall(data[name].replace(tzinfo=None), zone, 0) for name in ("starts", "ends"))
        return Absence(user=data["user"], kind=data["kind"], subject=data["subject"], why=data["why"],
                       starts_at=starts, ends_at=ends)  # fmt: skip


@allow("see_policy")
def register(request: HttpRequest) -> HttpResponse:
    """The register now, or as it stood at the moment the address names."""
    return _register(request)


def _register(request: HttpRequest, away: AwayForm | None = None, status: int = 200) -> HttpResponse:
    now, zone = now_of(request), Town.here().zone
    at, asked, wrong = now, request.GET.get("at", ""), ""
    if asked:
        try:
            at = from_wall(datetime.fromisoformat(asked).replace(tzinfo=None), zone, 0)
        except (ValueError, Invalid):
            wrong = "That is no day and time on the town's clocks."
    subject = request.GET.get("subject", "").strip()
    rows = finalsay.subjects(at)
    context = {
        "here": "final-say",
        "rows": [(row, finalsay.who(row.subject, at)) for row in rows],
        "at": at,
        "asked": asked and not wrong,
        "asked_words": asked,
        "wrong": wrong,
        "subject": subject,
        "answer": finalsay.who(subject, at) if subject else None,
        "absences": Absence.objects.at(at).select_related("user", "by") if asked else _coming(now),
        "away_form": away or AwayForm(now=now),
        "may_change": may(person(request), "change_final_say", now),
    }
    return render(request, "policy/final_say.html", context, status=status)


def _coming(now: datetime) -> list[Absence]:
    rows = Absence.objects.filter(taken_back_at=None, ends_at__gt=now).select_related("user", "by")
    return list(rows.order_by("starts_at"))


@allow("see_policy")
def history(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every version of one subject."""
    row = get_object_or_404(FinalSay, key=key)
    rows = FinalSay.objects.filter(subject=row.subject).select_related(
        "holder", "deputy", "second", "after_hours", "by"
    )
    context = {"here": "final-say", "row": row, "rows": rows.order_by("-starts_at")}
    return render(request, "policy/final_say_history.html", context)


@allow("change_final_say")
def name(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """A new subject, or a new version of one that is there."""
    now = now_of(request)
    was = get_object_or_404(FinalSay, key=key, ends_at=None) if key else None
    form = SayForm(request.POST or None, now=now, initial=_initial(was) if was else {})
    if was:
        form.fields["subject"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            row = finalsay.name(form.cleaned_data["subject"], form.people(), by=person(request), now=now, was=was)
        except Invalid as problem:
            form.add_error(None, problem.words)
        else:
            messages.success(request, f"{row.holder.name} decides on {row.subject} from now on.")
            return redirect("policy:final-say")
    context = {"here": "final-say", "form": form, "was": was}
    return render(request, "policy/final_say_form.html", context, status=422 if form.errors else 200)


def _initial(row: FinalSay) -> dict[str, Any]:
    people = {name: getattr(row, name) for name in ("holder", "deputy", "second", "after_hours")}
    found: dict[str, Any] = {name: user.key for name, user in people.items() if user}
    found |= {"subject": row.subject, "conflict": row.conflict}
    for number, shifts in enumerate(row.hours):
        found[f"day_{number}"] = ", ".join("-".join(shift) for shift in shifts)
    return found


@allow("change_final_say")
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(FinalSay, key=key)
    finalsay.end(row, by=person(request), now=now_of(request))
    messages.success(request, f"Nobody is named for {row.subject} any more.")
    return redirect("policy:final-say")


@allow("change_final_say")
@require_POST
def be_away(request: HttpRequest) -> HttpResponse:
    now = now_of(request)
    form = AwayForm(request.POST, now=now)
    if form.is_valid():
        try:
            finalsay.be_away(form.absence(Town.here().zone), by=person(request), now=now)
        except Invalid as problem:
            form.add_error(None, f"{problem.words} {problem.next_step}".strip())
        else:
            return redirect("policy:final-say")
    return _register(request, form, 422)


@allow("change_final_say")
@require_POST
def be_back(request: HttpRequest, key: UUID) -> HttpResponse:
    away = get_object_or_404(Absence, key=key)
    finalsay.be_back(away, by=person(request), now=now_of(request))
    return redirect("policy:final-say")
