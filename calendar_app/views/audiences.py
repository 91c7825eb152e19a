"""Audiences, and the ways that reach them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import campaigns
from calendar_app.campaign_forms import AudienceForm, ReachForm
from calendar_app.models import Audience
from calendar_app.views.finding import now_of


@allow("see_calendar")
def audiences(request: HttpRequest) -> HttpResponse:
    """Whom messages are for, and what reaches them; whoever plans adds one."""
    change = may(person(request), "plan_campaign", now_of(request))
    form = AudienceForm(request.POST if request.method == "POST" and change else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            row = campaigns.add_audience(data["name"], data["size"], by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error("name", why.words)
        else:
            return redirect("campaigns:reach", key=row.key)
    context = {
        "here": "audiences",
        "rows": Audience.objects.prefetch_related("reaches__channel").order_by("-active", "name"),
        "form": form,
        "may_plan": change,
        "may_see_card": may(person(request), "see_objectives", now_of(request)),
    }
    return render(request, "campaigns/audiences.html", context, status=422 if form.errors else 200)


@allow("plan_campaign")
def reach(request: HttpRequest, key: UUID) -> HttpResponse:
    """About how many of them each way reaches."""
    found = get_object_or_404(Audience.objects.prefetch_related("reaches__channel"), key=key)
    form = ReachForm(request.POST if request.method == "POST" else None, audience=found)
    if form.is_bound and form.is_valid():
        campaigns.set_reach(found, form.shares(), by=person(request), now=now_of(request))
        messages.success(request, "Saved.")
        return redirect("campaigns:audiences")
    context = {"here": "audiences", "audience": found, "form": form}
    return render(request, "campaigns/reach.html", context, status=422 if form.errors else 200)


@allow("plan_campaign")
@require_POST
def put_away(request: HttpRequest, key: UUID) -> HttpResponse:
    campaigns.put_audience_away(get_object_or_404(Audience, key=key), by=person(request), now=now_of(request))
    return redirect("campaigns:audiences")
