"""The grid of people, channels and rights; changing many rights at once; and the same as a table."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import audit, bulk, grid, walltime
from accounts.access import allow, may, person
from accounts.models import AuditEntry, Grant, Scope, User
from accounts.models.grants import ROLES
from accounts.reentry import after_password
from accounts.refusals import Invalid, LostRace
from accounts.tables import as_csv


class BulkForm(forms.Form):
    """Whose rights, over what, which, and until when."""

    people = forms.ModelMultipleChoiceField(
        User.objects.filter(is_active=True),
        to_field_name="key",
        error_messages={"required": "Tick at least one person."},
    )
    where = forms.MultipleChoiceField(error_messages={"required": "Tick at least one column: all channels, or some."})
    role = forms.ChoiceField(label="Role", choices=ROLES)
    what = forms.ChoiceField(label="What happens", choices=[("give", "Give"), ("end", "End")])
    until = forms.DateField(label="Until the end of", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        scopes = Scope.objects.filter(closed_at=None)
        self.fields["where"].choices = [("all", "All channels"), *((str(one.pk), one.name) for one in scopes)]  # type: ignore[attr-defined]

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day and day.year > 2200:
            raise forms.ValidationError("That day is too far away; leave it empty for a right without an end.")
        return day

    def plan(self, request: HttpRequest) -> bulk.Plan:
        data, now = self.cleaned_data, request.now  # type: ignore[attr-defined]
        chosen = {str(one.pk): one for one in Scope.objects.filter(closed_at=None)}
        where = [None if key == "all" else chosen[key] for key in data["where"]]
        day = data["until"]
        until = walltime.end_of_day(day, request.town.zone) if day and data["what"] == "give" else None  # type: ignore[attr-defined]
        return bulk.plan(list(data["people"]), where, data["role"], data["what"], now, until)


@allow("see_people")
def people_grid(request: HttpRequest) -> HttpResponse:
    """Who can do what where, with filters; whoever gives rights can change many at once."""
    return _grid(request, BulkForm())


@allow("grant")
@require_POST
@after_password
def preview_rights(request: HttpRequest) -> HttpResponse:
    """What a change of many rights would do, before it is done."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _grid(request, form, status=422)
    try:
        planned = form.plan(request)
    except Invalid as refused:
        form.add_error(None, refused.words)
        return _grid(request, form, status=422)
    return _preview(request, form, planned)


@allow("grant")
@require_POST
@after_password
def change_rights(request: HttpRequest) -> HttpResponse:
    """Do what was shown; if anything has moved meanwhile, show the new plan instead."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _grid(request, form, status=422)
    planned = form.plan(request)
    try:
        entry = bulk.carry_out(planned, request.POST.get("mark", ""), by=person(request), now=request.now)  # type: ignore[attr-defined]
    except LostRace as refused:
        return _preview(request, form, planned, refused)
    messages.success(request, f"{len(entry.data['changes'])} rights are changed. You can take it back for a week.")
    return redirect("accounts:grid")


@allow("grant")
@require_POST
@after_password
def undo_rights(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a change of many rights back."""
    entry = get_object_or_404(AuditEntry, pk=pk, act=bulk.DONE)
    bulk.undo(entry, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, "The rights are as they were before.")
    return redirect("accounts:grid")


@allow("see_people")
@after_password
def rights_table(request: HttpRequest) -> HttpResponse:
    """Every right as a row for a spreadsheet; noted in the audit trail."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    built = grid.build(now)
    rows = [
        [
            row.person.name,
            row.person.email,
            right.grant.get_role_display(),
            where,
            f"{timezone.localtime(right.grant.ends_at):%Y-%m-%d %H:%M}" if right.grant.ends_at else "",
            "; ".join(lapse.words for lapse in right.idle),
            "yes" if row.has_second_factor else "no",
        ]
        for row in built.rows
        for where, rights in row.cells
        for right in rights
    ]
    audit.record("exported_rights", None, by=me, now=now, subject="Rights of everybody", rows=len(rows))
    names = ["Name", "E-mail", "Role", "For", "Until", "Rests because", "Second factor"]
    return as_csv("rights.csv", names, rows)


def _grid(request: HttpRequest, form: BulkForm, status: int = 200) -> HttpResponse:
    me, now, asked = person(request), request.now, request.GET  # type: ignore[attr-defined]
    chosen = {name: asked.get(name, "") for name in ("words", "role", "scope", "may")} | {"ends": "ends" in asked}
    built = grid.build(now, **chosen)  # type: ignore[arg-type]
    may_grant = may(me, "grant", now)
    context = {
        "grid": built,
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "roles": ROLES,
        "mays": grid.MAY.items(),
        "scopes": Scope.objects.filter(closed_at=None),
        "form": form,
        "ticked": _keys(form["people"].value()),
        "where": [str(one) for one in form["where"].value() or []],
        "may_grant": may_grant,
        "undo": bulk.last(now) if may_grant else None,
        "ending": Grant.objects.current(now).exclude(ends_at=None).filter(user__is_active=True).count(),
        "here": "people",
    }
    return render(request, "accounts/people/grid.html", context, status=status)


def _preview(request: HttpRequest, form: BulkForm, planned: bulk.Plan, lost: LostRace | None = None) -> HttpResponse:
    data = form.cleaned_data
    context = {
        "plan": planned,
        "lost": lost,
        "data": data,
        "people": data["people"],
        "until": data["until"].isoformat() if data["until"] else "",
        "back": reverse("accounts:grid"),
        "here": "people",
    }
    return render(request, "accounts/people/preview.html", context, status=lost.status if lost else 200)


def _keys(ticked: object) -> list[str]:
    """The people ticked in a form that came back."""
    return [str(one) for one in ticked if isinstance(one, (str, UUID))] if isinstance(ticked, list) else []
