"""Share kits: made at the desk, opened by partners with a private address."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from calendar_app import kits as sharing
from calendar_app.campaign_forms import KitForm
from calendar_app.models import Campaign, ShareKit
from calendar_app.views.finding import now_of
from channels_app import links, media


@allow("share_kit")
def new_kit(request: HttpRequest, key: UUID) -> HttpResponse:
    campaign = get_object_or_404(Campaign, key=key)
    form = KitForm(request.POST or None, campaign=campaign, initial={"title": campaign.name, "words": campaign.brief})
    if form.is_bound and form.is_valid():
        try:
            kit = sharing.make(campaign, dict(form.cleaned_data), by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error("media", f"{why.words} {why.next_step}")
        else:
            messages.success(request, "The kit is ready. Give partners its address.")
            return redirect("campaigns:kit", key=kit.key)
    return _page(request, campaign, None, form)


@allow("see_calendar")
def kit(request: HttpRequest, key: UUID) -> HttpResponse:
    """One kit: its words, its private address, and how often its link was followed."""
    found = get_object_or_404(ShareKit.objects.select_related("campaign", "by"), key=key)
    change = may(person(request), "share_kit", now_of(request))
    told = request.POST if request.method == "POST" and change else None
    row = get_object_or_404(ShareKit, key=key)
    form = KitForm(told, campaign=found.campaign, instance=row)
    if form.is_bound and form.is_valid():
        try:
            sharing.change(found, dict(form.cleaned_data), by=person(request), now=now_of(request))
        except Invalid as why:
            form.add_error("media", f"{why.words} {why.next_step}")
        else:
            messages.success(request, "Saved.")
            return redirect("campaigns:kit", key=key)
    return _page(request, found.campaign, found, form)


@allow("share_kit")
@require_POST
def give_kit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take its address back, or make another one."""
    found = get_object_or_404(ShareKit, key=key)
    if found.revoked_at is None:
        sharing.take_back(found, by=person(request), now=now_of(request))
        messages.success(request, "Taken back. Its address opens nothing any more.")
    else:
        sharing.give_again(found, by=person(request), now=now_of(request))
        messages.success(request, "The kit has a new address. The old one stays dead.")
    return redirect("campaigns:kit", key=key)


@login_not_required
@require_safe
def open_kit(request: HttpRequest, key: UUID, seal: str) -> HttpResponse:
    """What a partner sees. Without the town's leave only who is signed in."""
    found = ShareKit.objects.select_related("campaign").filter(key=key).first()
    if found is None or not sharing.opens(found, seal):
        raise Http404
    if not sharing.is_open() and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), "account_login")
    context: dict[str, object] = {"kit": found, "gone": found.revoked_at is not None}
    if found.revoked_at is None:
        now = now_of(request)
        context["url"] = sharing.shown_url(found)
        context["pictures"] = [(one, media.link(one, now)) for one in sharing.shown_pictures(found, now)]
    response = render(request, "campaigns/open_kit.html", context, status=410 if context["gone"] else 200)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _page(request: HttpRequest, campaign: Campaign, found: ShareKit | None, form: KitForm) -> HttpResponse:
    context = {
        "here": "campaigns",
        "campaign": campaign,
        "kit": found,
        "form": form,
        "may_share": may(person(request), "share_kit", now_of(request)),
        "address": request.build_absolute_uri(sharing.address(found)) if found else "",
        "open": sharing.is_open(),
        "clicks": links.clicks_of("kit", found.key) if found else 0,
        "url": sharing.shown_url(found) if found else "",
    }
    return render(request, "campaigns/kit.html", context, status=422 if form.errors else 200)
