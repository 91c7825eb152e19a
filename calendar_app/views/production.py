"""The production board: what has to be made for posts, and what it still needs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import pictures
from calendar_app import production as making
from calendar_app.campaign_forms import AssetForm, MoveAssetForm
from calendar_app.models import Asset
from calendar_app.views.finding import now_of


@allow("see_calendar")
def board(request: HttpRequest) -> HttpResponse:
    today = pictures.local_day(now_of(request))
    columns = making.board(today)
    context = {
        "here": "production",
        "columns": [(column, [(one, making.missing(one)) for one in column.rows]) for column in columns],
        "any": any(column.rows for column in columns),
        "today": today,
        "may_plan": may(person(request), "plan_campaign", now_of(request)),
    }
    return render(request, "production/board.html", context)


@allow("plan_campaign")
def new_asset(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = AssetForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_bound and form.is_valid():
        row = making.ask(form.cleaned_data, by=person(request), now=now_of(request))
        messages.success(request, "It is on the board.")
        return redirect("production:asset", key=row.key)
    context = {"here": "production", "form": form, "asset": None}
    return render(request, "production/asset.html", context, status=422 if form.errors else 200)


@allow("plan_campaign")
def asset(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(key)
    posted = request.method == "POST"
    form = AssetForm(request.POST if posted else None, request.FILES if posted else None, instance=_found(key))
    if form.is_bound and form.is_valid():
        try:
            making.change(found, form.cleaned_data, by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Saved.")
            return redirect("production:asset", key=key)
    context = {
        "here": "production",
        "asset": found,
        "form": form,
        "missing": making.missing(found),
        "moves": [(state, name) for state, name in Asset.STATES if state in Asset.MOVES[found.state]],
    }
    return render(request, "production/asset.html", context, status=422 if form.errors else 200)


@allow("plan_campaign")
@require_POST
def move_asset(request: HttpRequest, key: UUID) -> HttpResponse:
    """Along the board. What is missing before it can be done is said."""
    found, form = _found(key), MoveAssetForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose where it goes.")
    try:
        making.take_to(found, form.cleaned_data["state"], by=person(request), now=now_of(request))
    except Invalid as why:
        messages.error(request, f"{why.words} {why.next_step}".strip())
        return redirect(reverse("production:asset", args=[key]))
    return redirect("production:board")


def _found(key: UUID) -> Asset:
    return get_object_or_404(Asset.objects.select_related("campaign", "media", "by"), key=key)
