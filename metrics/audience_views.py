"""Audience cards: all of them, and one with its claims."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app.models import Audience
from metrics import knowing
from metrics.models import AudienceClaim


class ClaimForm(forms.Form):
    kind = forms.ChoiceField(label="What it is about", choices=AudienceClaim.KINDS)
    words = forms.CharField(label="What is known", max_length=300)
    source = forms.CharField(
        label="Where that comes from",
        max_length=200,
        required=False,
        help_text="Without it, it stands as an assumption.",
    )
    dated = forms.DateField(label="As of", widget=forms.DateInput(attrs={"type": "date"}))


class WithdrawForm(forms.Form):
    why = forms.CharField(label="Why it holds no longer", max_length=300)


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


@allow("see_objectives")
def cards(request: HttpRequest) -> HttpResponse:
    """Every audience with what is known, assumed and out of date."""
    return render(request, "metrics/audience_cards.html", {"cards": knowing.cards(_now(request))})


@allow("see_objectives")
def card(request: HttpRequest, key: UUID) -> HttpResponse:
    return _card(request, get_object_or_404(Audience, key=key), ClaimForm())


def _card(
    request: HttpRequest,
    audience: Audience,
    form: ClaimForm,
    failed: AudienceClaim | None = None,
    back: WithdrawForm | None = None,
) -> HttpResponse:
    now = _now(request)
    claims = list(AudienceClaim.objects.filter(audience=audience).select_related("by"))
    for one in claims:
        one.form = back if one == failed else WithdrawForm(auto_id=f"id_{one.key}_%s")  # type: ignore[attr-defined]
    today = now.astimezone(request.town.tz).date()  # type: ignore[attr-defined]
    context = {
        "card": knowing.card(audience, [one for one in claims if one.withdrawn_at is None], today),
        "withdrawn": [one for one in claims if one.withdrawn_at],
        "form": form,
        "failed": failed,
        "may_claim": may(person(request), knowing.ACT, now),
    }
    bad = bool(form.errors or (back and back.errors))
    return render(request, "metrics/audience_card.html", context, status=422 if bad else 200)


@allow("plan_campaign")
@require_POST
def claim(request: HttpRequest, key: UUID) -> HttpResponse:
    audience, form = get_object_or_404(Audience, key=key), ClaimForm(request.POST)
    if form.is_valid():
        try:
            knowing.claim(audience, **form.cleaned_data, by=person(request), now=_now(request))
        except Invalid as why:
            form.add_error(None, why.words)
        else:
            messages.success(request, "Written down.")
            return redirect("measures:audience-card", key=key)
    return _card(request, audience, form)


@allow("plan_campaign")
@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(AudienceClaim.objects.select_related("audience"), key=key)
    form = WithdrawForm(request.POST, auto_id=f"id_{row.key}_%s")
    if not form.is_valid():
        return _card(request, row.audience, ClaimForm(), row, form)
    knowing.withdraw(row, form.cleaned_data["why"], by=person(request), now=_now(request))
    messages.success(request, "Withdrawn.")
    return redirect("measures:audience-card", key=row.audience.key)
