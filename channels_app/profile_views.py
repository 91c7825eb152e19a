"""The page on which somebody looks through what stands on a channel's profile, and says so."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from channels_app import profiles
from channels_app.forms import LookForm
from channels_app.models import Channel


@allow("see_channels")
def profile(request: HttpRequest, key: UUID) -> HttpResponse:
    """What stands there, who looked at it last, and what is due."""
    return _page(request, _visible(request, key, "see_channels"))


@allow("look_at_profile")
@require_POST
def look_at_profile(request: HttpRequest, key: UUID) -> HttpResponse:
    """One or several things were looked at today; a form that is wrong keeps what was entered."""
    channel = _visible(request, key, "look_at_profile")
    form = LookForm(channel.platform, request.POST)
    if not form.is_valid():
        return _page(request, channel, form)
    data = form.cleaned_data
    profiles.look(channel, data["items"], data["note"], by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"Noted for {channel}.")
    return redirect("channels:profile", key=key)


def _page(request: HttpRequest, channel: Channel, form: LookForm | None = None) -> HttpResponse:
    me, now, town = person(request), request.now, request.town  # type: ignore[attr-defined]
    context = {
        "channel": channel,
        "profile": profiles.of(channel, now, town),
        "may_look": channel.state != "archived" and may(me, "look_at_profile", now, channel.scope),
        "form": form or LookForm(channel.platform),
    }
    return render(request, "channels_app/profile.html", context, status=422 if form else 200)


def _visible(request: HttpRequest, key: UUID, act: str) -> Channel:
    seen = Channel.objects.visible_to(person(request), request.now, act)  # type: ignore[attr-defined]
    return get_object_or_404(seen.select_related("scope"), key=key)
