"""The page “Permitted”: the matrix by kind of content and role, and the rows that narrow it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.models import Scope
from policy import permitted
from policy.models import Permission, Topic
from policy.views.handbook import now_of

GROUPS = (("Posts", permitted.POSTS), ("Answers", permitted.ANSWERS), ("Afterwards", permitted.TAKING))


class NarrowForm(forms.Form):
    """One row that narrows the general answer for a topic, a channel, or both."""

    kind = forms.ChoiceField(label="Kind of content", choices=list(permitted.KINDS.items()))
    role = forms.ChoiceField(
        label="Role", choices=[(role, permitted.ROLE_NAMES[role].capitalize()) for role in permitted.WRITERS]
    )
    topic = forms.ModelChoiceField(Topic.objects.filter(active=True), label="Topic", required=False, empty_label="Any")
    scope = forms.ModelChoiceField(
        Scope.objects.filter(closed_at=None), label="Channel", required=False, empty_label="Any"
    )
    verdict = forms.ChoiceField(label="Then it", choices=[("sign", "Needs sign-off"), ("no", "Is not permitted")])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("topic") or data.get("scope")) and not self.errors:
            raise forms.ValidationError("Choose a topic or a channel; for everywhere use the table above.")
        return data


@allow("see_policy")
def matrix(request: HttpRequest) -> HttpResponse:
    """What each role may say on its own word; whoever may, changes it."""
    return _matrix(request, NarrowForm())


def _matrix(request: HttpRequest, form: NarrowForm) -> HttpResponse:
    held = permitted.table()
    groups = [(name, [(kind, label, _cells(kind, held)) for kind, label in kinds.items()]) for name, kinds in GROUPS]
    narrow = Permission.objects.exclude(topic=None, scope=None).select_related("topic", "scope")
    rows = [
        {
            "row": row,
            "label": permitted.KINDS.get(row.kind, row.kind),
            "role": permitted.ROLE_NAMES.get(row.role, row.role),
            "words": permitted.WORDS[row.verdict],
            "where": permitted.where(row.topic, row.scope),
        }
        for row in narrow
    ]
    context = {
        "here": "permitted",
        "groups": groups,
        "roles": [permitted.ROLE_NAMES[role].capitalize() for role in permitted.WRITERS],
        "narrow": rows,
        "form": form,
        "may_change": may(person(request), "write_policy", now_of(request)),
    }
    return render(request, "policy/permitted.html", context, status=422 if form.errors else 200)


@allow("write_policy")
@require_POST
def permit(request: HttpRequest) -> HttpResponse:
    """Write the whole table: every cell that was posted and differs from what holds."""
    me, now, held = person(request), now_of(request), permitted.table()
    changed = 0
    for (kind, role), was in held.items():
        wanted = request.POST.get(f"{kind}|{role}", was)
        if wanted != was:
            permitted.decide(kind, role, wanted, by=me, now=now)
            changed += 1
    messages.success(request, f"{changed} of the answers changed." if changed else "Nothing was changed.")
    return redirect("policy:permitted")


@allow("write_policy")
@require_POST
def narrow(request: HttpRequest) -> HttpResponse:
    """Add a row that narrows."""
    form = NarrowForm(request.POST)
    if not form.is_valid():
        return _matrix(request, form)
    permitted.decide(**form.cleaned_data, by=person(request), now=now_of(request))
    messages.success(request, "The narrowing row holds from now on.")
    return redirect("policy:permitted")


@allow("write_policy")
@require_POST
def widen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a narrowing row away."""
    row = get_object_or_404(Permission.objects.exclude(topic=None, scope=None), pk=pk)
    permitted.forget(row, by=person(request), now=now_of(request))
    messages.success(request, "The row is gone; the general answer holds.")
    return redirect("policy:permitted")


def _cells(kind: str, held: dict[tuple[str, str], str]) -> list[dict[str, object]]:
    """One cell for each role: what holds, and what could be chosen."""
    cells: list[dict[str, object]] = []
    for role in permitted.WRITERS:
        most = permitted.ceiling(kind, role)
        choices = [
            (value, words)
            for value, words in permitted.WORDS.items()
            if permitted.STRICT[value] >= permitted.STRICT[most]
            and not (value == "sign" and kind in permitted.UNSIGNED)
        ]
        value = held[kind, role]
        cells.append(
            {
                "name": f"{kind}|{role}",
                "role": permitted.ROLE_NAMES[role],
                "value": value,
                "words": permitted.WORDS[value],
                "choices": choices if len(choices) > 1 else [],
            }
        )
    return cells
