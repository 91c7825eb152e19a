"""Somebody leaves, or we rehearse it: what was ended here, and what is left to do elsewhere, ticked with evidence."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import leaving
from accounts.access import allow, may, person
from accounts.models import Departure, DepartureTask, NativeRole, User
from accounts.reentry import after_password
from accounts.refusals import Invalid


class RehearseForm(forms.Form):
    """Whose leaving is rehearsed."""

    who = forms.ModelChoiceField(
        User.objects.none(), label="If this person left today", to_field_name="key", empty_label="Choose somebody"
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["who"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]


class NativeRoleForm(forms.Form):
    """What somebody can reach on a network without Parley."""

    network = forms.CharField(label="Network", max_length=60)
    handle = forms.CharField(label="Account there", max_length=120)
    kind = forms.ChoiceField(label="What they can do", choices=NativeRole.KINDS)


@allow("see_departures")
def departures(request: HttpRequest) -> HttpResponse:
    """Everybody who left and every rehearsal, the unfinished first."""
    return _departures(request, RehearseForm())


@allow("keep_departures")
@require_POST
def rehearse(request: HttpRequest) -> HttpResponse:
    """Make the list for somebody who stays."""
    form = RehearseForm(request.POST)
    if not form.is_valid():
        return _departures(request, form, status=422)
    departure = leaving.rehearse(form.cleaned_data["who"], by=person(request), now=request.now)  # type: ignore[attr-defined]
    return redirect("accounts:departure", key=departure.key)


@allow("see_departures")
def departure(request: HttpRequest, key: UUID) -> HttpResponse:
    """One list; fit to print and to be filed."""
    return _departure(request, get_object_or_404(Departure.objects.select_related("user", "by"), key=key))


@allow("keep_departures")
@require_POST
def tick_departure(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Tick one thing off, with what proves it."""
    found = get_object_or_404(Departure.objects.select_related("user", "by"), key=key)
    task = get_object_or_404(DepartureTask, departure=found, pk=pk)
    evidence = request.POST.get("evidence", "")
    try:
        leaving.tick(task, evidence, by=person(request), now=request.now)  # type: ignore[attr-defined]
    except Invalid as refused:
        return _departure(request, found, problem=(task.pk, refused), evidence=evidence)
    return redirect(f"{request.path.split('tasks/')[0]}#task-{task.pk}")


@allow("keep_departures")
@require_POST
@after_password
def add_native_role(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note that somebody can reach an account on a network itself."""
    him = get_object_or_404(User, key=key)
    form = NativeRoleForm(request.POST)
    if not form.is_valid():
        raise Invalid(
            "Name the network, the account there, and what they can do.", next_step="Go back and fill them in."
        )
    leaving.note_native_role(him, **form.cleaned_data, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"It is noted what {him.name} can reach there.")
    return redirect("accounts:person", key=key)


@allow("keep_departures")
@require_POST
@after_password
def end_native_role(request: HttpRequest, key: UUID, role: UUID) -> HttpResponse:
    found = get_object_or_404(NativeRole.objects.held(), user__key=key, key=role)
    leaving.end_native_role(found, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, "It is noted that this has ended.")
    return redirect("accounts:person", key=key)


def _departures(request: HttpRequest, form: RehearseForm, status: int = 200) -> HttpResponse:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    left = Count("tasks", filter=Q(tasks__done_at=None))
    late = Count("tasks", filter=Q(tasks__done_at=None, tasks__due_at__lte=now))
    rows = Departure.objects.select_related("user", "by").annotate(all=Count("tasks"), left=left, late=late)
    context = {
        "open": rows.filter(finished_at=None),
        "finished": rows.exclude(finished_at=None)[:50],
        "form": form,
        "drill_due": leaving.drill_is_due(now),
        "may_keep": may(me, "keep_departures", now),
        "here": "leavers",
    }
    return render(request, "accounts/people/departures.html", context, status=status)


def _departure(
    request: HttpRequest, found: Departure, problem: tuple[int, Invalid] | None = None, evidence: str = ""
) -> HttpResponse:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    tasks = list(found.tasks.select_related("done_by"))
    context = {
        "departure": found,
        "tasks": [{"task": one, "late": one.done_at is None and one.due_at <= now} for one in tasks],
        "left": sum(one.done_at is None for one in tasks),
        "problem": problem,
        "evidence": evidence,
        "may_keep": may(me, "keep_departures", now),
        "here": "leavers",
    }
    return render(request, "accounts/people/departure.html", context, status=422 if problem else 200)
