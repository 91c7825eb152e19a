"""What is done otherwise: the log, a new decision, and what came of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from metrics import aims, report_words, shifting
from metrics.models import Shift


class DecideForm(forms.Form):
    because = forms.CharField(label="Because of", max_length=300, help_text="What you saw, with its number.")
    will = forms.CharField(label="We do this otherwise", max_length=300)
    measure = forms.ChoiceField(label="What should move", required=False)
    review_on = forms.DateField(label="We look at it again on", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(group, [one for one in pairs if one[0] != "contacts"]) for group, pairs in aims.choices()]
        self.fields["measure"].choices = [("", "No number"), *listed]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(label="What came of it", choices=Shift.OUTCOMES)
    words = forms.CharField(label="What you go by", max_length=300)


@allow("see_measures")
def changes(request: HttpRequest) -> HttpResponse:
    return _changes(request, DecideForm())


def _changes(
    request: HttpRequest, form: DecideForm, failed: Shift | None = None, reviewing: ReviewForm | None = None
) -> HttpResponse:
    now, town = request.now, request.town  # type: ignore[attr-defined]
    rows = shifting.recent(now)
    told = shifting.told(rows)
    for one in rows:
        one.form = ReviewForm(auto_id=f"id_{one.key}_%s")  # type: ignore[attr-defined]
    context = {
        "form": form,
        "rows": [(row, one | {"said": report_words.change(one)}) for row, one in zip(rows, told, strict=True)],
        "today": now.astimezone(town.tz).date(),
        "may_log": may(person(request), shifting.ACT, now),
        "failed": failed,
        "reviewing": reviewing,
    }
    bad = bool(form.errors or (reviewing and reviewing.errors))
    return render(request, "metrics/changes.html", context, status=422 if bad else 200)


@allow("log_change")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _changes(request, form)
    try:
        shifting.decide(**form.cleaned_data, by=person(request), now=request.now)  # type: ignore[attr-defined]
    except Invalid as why:
        form.add_error(None, f"{why.words} {why.next_step}".strip())
        return _changes(request, form)
    messages.success(request, "Written down. It comes back on its day.")
    return redirect("reports:changes")


@allow("log_change")
@require_POST
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    one = get_object_or_404(Shift, key=key)
    form = ReviewForm(request.POST, auto_id=f"id_{one.key}_%s")
    if not form.is_valid():
        return _changes(request, DecideForm(), one, form)
    try:
        shifting.review(one, **form.cleaned_data, by=person(request), now=request.now)  # type: ignore[attr-defined]
    except Invalid as why:
        form.add_error(None, f"{why.words} {why.next_step}".strip())
        return _changes(request, DecideForm(), one, form)
    messages.success(request, "Written down.")
    return redirect("reports:changes")
