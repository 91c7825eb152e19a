"""The incident log: the list, one entry, logging, settling and correcting it, and the table for spreadsheets."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import audit, trail
from accounts.access import allow, may, person
from accounts.models import Town
from accounts.reentry import after_password
from accounts.refusals import Invalid, LostRace
from accounts.tables import as_csv
from accounts.walltime import Twice, from_wall, to_wall
from policy import incidents
from policy.models import Incident
from policy.views.handbook import now_of

PAGE = 30
WALL = "%Y-%m-%dT%H:%M"
FOLDS = [("0", "The first, before the clocks go back"), ("1", "The second, after the clocks went back")]


class WallField(forms.CharField):
    """A time on the town's clocks, naive on purpose: whether it exists there is asked in the town's words."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format=WALL)

    def clean(self, value: Any) -> datetime:
        try:
            return datetime.fromisoformat(super().clean(value)).replace(tzinfo=None, fold=0)
        except ValueError:
            raise forms.ValidationError("Enter a day and a time, such as 2027-03-05 10:00.") from None


def _long(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class EndForm(forms.Form):
    """What closes an incident."""

    done = _long("What was done", "Taken down, corrected, apologised for, talked over with whoever wrote it.")
    lesson = _long("Lesson", "What is done differently from now on.")


class IncidentForm(forms.Form):
    """What happened. `noticed` is entered on the town's clocks and becomes `noticed_at`."""

    words = _long("What happened", "Leave out names and other personal data; the link leads to them.")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose…"), *Incident.KINDS])
    place = forms.CharField(label="Where", max_length=120, help_text="Such as the name of a channel.")
    link = forms.CharField(
        label="Link", required=False, max_length=500, help_text="An https:// address, or a path of this desk."
    )
    noticed = WallField(label="Noticed", help_text="By the town's clocks.")
    fold = forms.ChoiceField(choices=FOLDS, required=False, label="This time comes twice. Which one?")
    clause = forms.CharField(
        label="Clause it rests on",
        required=False,
        max_length=60,
        help_text="The last part of a clause's address, such as photos-of-children, or the id of a rule.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fold"].widget = forms.HiddenInput()

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"]).strip()
        try:
            if link:
                incidents.check_link(link)
        except Invalid as why:
            raise forms.ValidationError(_said(why)) from None
        return link

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "noticed" in data:
            fold = int(data["fold"]) if data.get("fold") else None
            try:
                data["noticed_at"] = from_wall(data["noticed"], Town.here().zone, fold)
            except Twice as why:
                self.fields["fold"].widget = forms.RadioSelect(choices=FOLDS)
                self.add_error("fold", _said(why))
            except Invalid as why:
                self.add_error("noticed", _said(why))
        return data


class AmendForm(IncidentForm):
    """The same for an entry that is there; `version` is the one that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput())


class AmendSettledForm(AmendForm):
    """What was done and learned can be corrected as well, but not taken away."""

    done, lesson = _long("What was done"), _long("Lesson")


def _said(why: Invalid | LostRace) -> str:
    return f"{why.words} {why.next_step}".strip()


@allow("see_incidents")
def incident_list(request: HttpRequest) -> HttpResponse:
    """Everything that was logged: open ones on top, then the newest first."""
    rows = Incident.objects.open_first().select_related("logged_by", "settled_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"here": "incidents", "page": page, "may_log": may(person(request), "log_incident", now_of(request))}
    return render(request, "policy/incidents.html", context)


@allow("see_incidents")
@after_password
def table(request: HttpRequest) -> HttpResponse:
    """All of it for a spreadsheet; that it was taken away is in the audit trail."""
    rows = incidents.table()
    audit.record(
        "exported_incidents", None, by=person(request), now=now_of(request), subject="Incidents", rows=len(rows)
    )
    return as_csv("incidents.csv", incidents.NAMES, rows)


@allow("see_incidents")
def incident(request: HttpRequest, key: UUID) -> HttpResponse:
    """One entry, with the corrections it had."""
    return _page(request, get_object_or_404(Incident, key=key), EndForm())


def _page(request: HttpRequest, row: Incident, form: EndForm) -> HttpResponse:
    context = {
        "here": "incidents",
        "row": row,
        "clause": incidents.clause_of(row),
        "form": form,
        "may_log": may(person(request), "log_incident", now_of(request)),
        "history": [(one, trail.lines(one)) for one in audit.history_of(row).filter(act="corrected_incident")],
    }
    return render(request, "policy/incident.html", context, status=422 if form.errors else 200)


@allow("log_incident")
def log(request: HttpRequest) -> HttpResponse:
    """A new entry."""
    now = now_of(request)
    form = IncidentForm(request.POST or None, initial={"noticed": to_wall(now, Town.here().zone)})
    if request.method == "POST" and form.is_valid():
        try:
            row = incidents.log(form.cleaned_data, by=person(request), now=now)
        except Invalid as why:
            form.add_error(None, _said(why))
        else:
            messages.success(request, "Logged. It is open until what was done and the lesson are there.")
            return redirect("policy:incident", key=row.key)
    return _form_page(request, form, None)


@allow("log_incident")
@require_POST
def settle(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was done, and the lesson: the entry is closed."""
    row, form = get_object_or_404(Incident, key=key), EndForm(request.POST)
    if form.is_valid():
        try:
            incidents.settle(row, **form.cleaned_data, by=person(request), now=now_of(request))
        except (Invalid, LostRace) as why:
            form.add_error(None, _said(why))
        else:
            messages.success(request, "Settled.")
            return redirect("policy:incident", key=row.key)
    return _page(request, get_object_or_404(Incident, key=key), form)


@allow("log_incident")
def amend(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct an entry; what it said before stays in the audit trail."""
    row = get_object_or_404(Incident, key=key)
    kind = AmendForm if row.settled_at is None else AmendSettledForm
    form = kind(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        facts, version = form.cleaned_data, form.cleaned_data["version"]
        try:
            changed = incidents.amend(row, facts, version, by=person(request), now=now_of(request))
        except (Invalid, LostRace) as why:
            form.add_error(None, _said(why))
        else:
            messages.success(request, "The entry is corrected." if changed else "Nothing was changed.")
            return redirect("policy:incident", key=row.key)
    return _form_page(request, form, row)


def _initial(row: Incident) -> dict[str, Any]:
    zone = Town.here().zone
    noticed = to_wall(row.noticed_at, zone)
    names = ("kind", "words", "place", "link", "clause", "done", "lesson", "version")
    found: dict[str, Any] = {name: getattr(row, name) for name in names} | {"noticed": noticed}
    try:
        from_wall(noticed, zone)
    except Twice as two:
        found["fold"] = "0" if row.noticed_at == two.first else "1"
    return found


def _form_page(request: HttpRequest, form: IncidentForm, row: Incident | None) -> HttpResponse:
    context = {"here": "incidents", "form": form, "row": row, "ending": isinstance(form, AmendSettledForm)}
    return render(request, "policy/incident_form.html", context, status=422 if form.errors else 200)
