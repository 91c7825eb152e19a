"""Training as managers and administrators see it: who has learned what, what is missing, and who must hold which."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import audit, skills, training
from accounts.access import allow, may, person
from accounts.models import Grant, Town, TrainingModule, User
from accounts.models.grants import ROLES
from accounts.reentry import after_password
from accounts.tables import as_csv

SHOWN = {"gaps": "Only with gaps", "": "Everybody"}


@allow("see_training")
def skills_page(request: HttpRequest) -> HttpResponse:
    """People against modules, with a list of the gaps; filtered by role and by who has gaps."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    role, only = request.GET.get("role", ""), request.GET.get("show", "")
    people = _people(role, now)
    rows = [{"person": one, "skills": found} for one, found in _found(people, now, only)]
    context = {
        "rows": rows,
        "modules": list(TrainingModule.objects.offered()),
        "gaps": skills.gaps(now),
        "roles": ROLES,
        "role": role,
        "only": only,
        "shown": SHOWN.items(),
        "may_change": may(me, "change_training", now),
        "here": "training",
    }
    return render(request, "accounts/training/skills.html", context)


@allow("see_training")
@after_password
def skills_table(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet; noted in the audit trail."""
    now = request.now  # type: ignore[attr-defined]
    people = _people(request.GET.get("role", ""), now)
    modules = list(TrainingModule.objects.offered())
    rows = [[one.name, one.email, *(_cell(skill) for skill in found)] for one, found in _found(people, now, "")]
    audit.record(
        "exported_training", None, by=person(request), now=now, subject="Training of everybody", rows=len(rows)
    )
    return as_csv("training.csv", ["Name", "E-mail", *(module.title for module in modules)], rows)


@allow("see_training")
def modules_page(request: HttpRequest) -> HttpResponse:
    """The modules, who must hold them, and where to practise."""
    return _modules(request, PracticeForm(initial={"practice_desk": request.town.practice_desk}))  # type: ignore[attr-defined]


class PracticeForm(forms.Form):
    """Where people can try things out."""

    practice_desk = forms.URLField(
        label="Address of your practice desk",
        required=False,
        assume_scheme="https",
        help_text="A second Parley, started with “manage.py trial”. Training links to it as “Practise here first”.",
    )


class RuleForm(forms.Form):
    """Who must hold a module, and how long new people have for it."""

    roles = forms.MultipleChoiceField(
        label="Roles that must hold it", choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )
    grace = forms.IntegerField(
        label="Days new people have",
        min_value=0,
        max_value=90,
        help_text="After joining, or after this rule was made. With 0 the module comes before the keys.",
    )


@allow("change_training")
@require_POST
def set_practice_desk(request: HttpRequest) -> HttpResponse:
    form = PracticeForm(request.POST)
    if not form.is_valid():
        return _modules(request, form, status=422)
    town, url = Town.here(), form.cleaned_data["practice_desk"]
    if town.practice_desk != url:
        Town.objects.filter(pk=1).update(practice_desk=url)
        now = request.now  # type: ignore[attr-defined]
        audit.record("changed_practice_desk", town, by=person(request), now=now, was=town.practice_desk, became=url)
    messages.success(request, "The address of the practice desk is saved.")
    return redirect("accounts:modules")


@allow("change_training")
@require_POST
def ship_training(request: HttpRequest) -> HttpResponse:
    """Add the modules that come with Parley."""
    added = training.ship(request.now, by=person(request))  # type: ignore[attr-defined]
    words = f"{len(added)} modules are added; people have 14 days for them." if added else "They are all here already."
    messages.success(request, words)
    return redirect("accounts:modules")


@allow("change_training")
@require_POST
def put_away_training(request: HttpRequest, key: UUID) -> HttpResponse:
    module = get_object_or_404(TrainingModule, key=key)
    now = request.now  # type: ignore[attr-defined]
    if module.put_away_at is None:
        training.put_away(module, by=person(request), now=now)
        messages.success(request, f"“{module}” is put away: nobody needs it any more. What was passed stays on record.")
    else:
        training.take_up(module, by=person(request), now=now)
        messages.success(request, f"“{module}” is used again.")
    return redirect("accounts:modules")


def save_rules(module: TrainingModule, form: RuleForm, *, by: User, request: HttpRequest) -> None:
    data = form.cleaned_data
    grace = timedelta(days=data["grace"])
    training.rule(module, dict.fromkeys(data["roles"], grace), by=by, now=request.now)  # type: ignore[attr-defined]


def _modules(request: HttpRequest, form: PracticeForm, status: int = 200) -> HttpResponse:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    modules = TrainingModule.objects.prefetch_related("rules").order_by("place", "title")
    context = {
        "modules": [one for one in modules if one.put_away_at is None],
        "put_away": [one for one in modules if one.put_away_at is not None],
        "may_change": may(me, "change_training", now),
        "form": form,
        "here": "training",
    }
    return render(request, "accounts/training/modules.html", context, status=status)


def _people(role: str, now: object) -> list[User]:
    people = User.objects.filter(is_active=True)
    current = Grant.objects.current(now)  # type: ignore[arg-type]
    if role in dict(ROLES):
        people = people.filter(pk__in=current.filter(role=role).values("user"))
    return list(people.prefetch_related(Prefetch("grants", current.select_related("scope"), to_attr="now_held")))


def _found(people: list[User], now: object, only: str) -> list[tuple[User, list[skills.Skill]]]:
    found = skills.matrix(people, now)  # type: ignore[arg-type]
    return [
        (one, found[one.pk])
        for one in people
        if only != "gaps" or any(skill.state in {"missing", "owed"} for skill in found[one.pk])
    ]


def _cell(skill: skills.Skill) -> str:
    if skill.state in {"good", "soon"}:
        return f"until {skill.last_day}"
    if skill.state == "owed":
        return f"owed by {skill.last_day}"
    if skill.state == "missing":
        return f"ended {skill.last_day}" if skill.attempt else "not passed"
    return "not needed"
