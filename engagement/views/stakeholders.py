"""The stakeholder map: its order with the formula, the weights, and putting somebody on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from engagement import stakeholders
from engagement.models import Stake
from engagement.people_forms import StakeForm, WeightsForm
from engagement.views.asking import now_of
from engagement.views.telling import tried


@allow("see_inbox")
def stakeholder_map(request: HttpRequest) -> HttpResponse:
    """Who has a stake in what, by priority."""
    return _page(request)


@allow("note")
@require_POST
def set_weights(request: HttpRequest) -> HttpResponse:
    """Say how much each objective weighs."""
    form = WeightsForm(list(stakeholders.objectives()), stakeholders.weights_now(), request.POST)
    if form.is_valid() and tried(
        form, lambda: stakeholders.set_weights(form.chosen(), by=person(request), now=now_of(request))
    ):
        messages.success(request, "Saved; the map is in its new order.")
        return redirect("inbox:stakeholder-map")
    return _page(request, weights=form)


@allow("note")
@require_POST
def add_stake(request: HttpRequest) -> HttpResponse:
    """Put an organisation or group on the map."""
    form = StakeForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: stakeholders.add(**form.cleaned_data, by=person(request), now=now_of(request))
    ):
        messages.success(request, "It is on the map.")
        return redirect("inbox:stakeholder-map")
    return _page(request, form=form)


@allow("note")
@require_POST
def drop_stake(request: HttpRequest, key: UUID) -> HttpResponse:
    one = get_object_or_404(Stake.objects.select_related("relationship", "objective"), key=key)
    stakeholders.drop(one, by=person(request), now=now_of(request))
    messages.success(request, "Taken off the map.")
    return redirect("inbox:stakeholder-map")


def _page(request: HttpRequest, **bound: Any) -> HttpResponse:
    weights = WeightsForm(list(stakeholders.objectives()), stakeholders.weights_now())
    context = {
        "here": "map",
        "rows": stakeholders.the_map(),
        "weights": weights,
        "form": StakeForm(),
        "may_change": may(person(request), "note", now_of(request)),
    }
    return render(request, "people/map.html", context | bound, status=422 if bound else 200)
