"""Pages about channels: how they are, connecting them, pausing them, and the one switch that stops all publishing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.models import AuditEntry
from accounts.reentry import after_password
from accounts.refusals import Invalid
from channels_app import (
    caring,
    cases,
    connecting,
    directions,
    health,
    outbox,
    parting,
    platforms,
    profiles,
    renditions,
    sign_offs,
)
from channels_app.forms import ConnectForm, KeysForm, OutsideEditorsForm, PurposeForm, ReasonForm, SignOffForm
from channels_app.joining_forms import LetInForm
from channels_app.joining_views import about, ready
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Platform

SHOWN = 10
DEEDS = {
    "connect": "asked to connect it",
    "connected": "connected it",
    "reconnect": "entered new keys",
    "try": "asked for a trial call",
    "paused": "paused it",
    "ok": "resumed it",
    "archived": "disconnected it",
    "needs_reconnect": "found that it needs reconnecting",
    "outside_editors": "said who else posts there",
    "set_purpose": "said what it is for",
    "looked_at_profile": "looked at its profile",
    "account_renamed": "met another name of the account on its platform",
    "looked_at_mention": "looked at a mention that could not be read",
    "looked_at_comments": "looked at comments that are counted and not shown",
    "set_sign_off": "said what answers end with",
    "access_taken_back": "had the platform end Parley's access",
    "access_left": "could not have the platform end Parley's access",
    "wrote_case": "wrote its case",
    "ticked_kit": "ticked off part of its kit",
    "opened_channel": "opened it",
    "kept_keys": "kept its line in the key register",
}


@allow("see_channels")
def list_channels(request: HttpRequest) -> HttpResponse:
    """Every channel this person may see, with its health, and the switch for all publishing."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    seen = health.with_counts(Channel.objects.visible_to(me, now).living())
    context = {
        "rows": [(channel, health.of(channel, now)) for channel in seen],
        "keyless": platforms.KEYLESS,
        "publishing": outbox.publishing_state(),
        "under_way": outbox.under_way().count(),
        "may_connect": may(me, "add_channel", now),
        "may_see_keys": may(me, "see_keys", now),
        "may_stop": may(me, "stop_publishing", now),
        "may_resume": may(me, "resume_publishing", now),
        "form": ReasonForm(initial={"why": request.GET.get("why", "")}),
        "stopping": "why" in request.GET,
    }
    return render(request, "channels_app/list.html", context)


@allow("add_channel")
def choose_platform(request: HttpRequest) -> HttpResponse:
    modules = map(platforms.get, platforms.REGISTRY)
    known = [(module, directions.abilities(module), renditions.why_off(module.NAME)) for module in modules]
    return render(request, "channels_app/choose.html", {"platforms": known})


@allow("add_channel")
@sensitive_post_parameters()
@after_password
def connect_channel(request: HttpRequest, platform: str) -> HttpResponse:
    """The token form of one platform. Posting it writes a channel; a worker then asks the platform about it."""
    module = _platform(platform)
    form = ConnectForm(module, request.POST or None, practice=settings.PRACTICE)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        channel = connecting.connect(
            platform,
            data.get("host", ""),
            form.secrets(),
            by=person(request),
            now=request.now,  # type: ignore[attr-defined]
            name=data["name"],
        )
        return redirect("channels:channel", key=channel.key)
    context = about(request, platform) | {"form": form, "let_in": LetInForm(module)}
    return render(request, "channels_app/connect.html", context, status=422 if form.errors else 200)


@allow("see_channels")
def show_channel(request: HttpRequest, key: UUID) -> HttpResponse:
    channel = _visible(request, key)
    return render(request, "channels_app/channel.html", _about(request, channel))


@allow("see_channels")
def show_trial(request: HttpRequest, key: UUID) -> HttpResponse:
    """The part of the channel's page that changes while its keys are tried."""
    channel = _visible(request, key)
    context = {"channel": channel, "health": health.of(channel, request.now)}  # type: ignore[attr-defined]
    return render(request, "channels_app/_trial.html", context)


@allow("connect_channel")
@sensitive_post_parameters()
@after_password
def reconnect_channel(request: HttpRequest, key: UUID) -> HttpResponse:
    """New keys for the same account."""
    channel = _visible(request, key, "connect_channel")
    form = KeysForm(_platform(channel.platform), request.POST or None)
    if request.method == "POST" and form.is_valid():
        connecting.reconnect(channel, form.secrets(), by=person(request), now=request.now)  # type: ignore[attr-defined]
        return redirect("channels:channel", key=key)
    context = {"form": form, "platform": form.platform, "channel": channel, "ready": ready(request, channel.platform)}
    return render(request, "channels_app/reconnect.html", context, status=422 if form.errors else 200)


@allow("connect_channel")
@require_POST
def try_channel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask the platform again with the keys there are."""
    channel = _visible(request, key, "connect_channel")
    connecting.try_again(channel, by=person(request), now=request.now)  # type: ignore[attr-defined]
    return redirect("channels:channel", key=key)


@allow("pause_channel")
@require_POST
def pause_channel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Nothing goes out here until it is resumed; what residents write is still read."""
    channel, form = _visible(request, key, "pause_channel"), ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid("Say why the channel is paused.")
    connecting.pause(channel, form.cleaned_data["why"], by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"{channel} is paused. Deliveries due here wait.")
    return redirect("channels:channel", key=key)


@allow("pause_channel")
@require_POST
def resume_channel(request: HttpRequest, key: UUID) -> HttpResponse:
    channel = _visible(request, key, "pause_channel")
    connecting.resume(channel, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"{channel} is publishing again.")
    return redirect("channels:channel", key=key)


@allow("connect_channel")
@require_POST
@after_password
def disconnect_channel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Forget the keys for good; what was said and heard stays."""
    channel = _visible(request, key, "connect_channel")
    me, now = person(request), request.now  # type: ignore[attr-defined]
    account = parting.held(channel)
    connecting.disconnect(channel, by=me, now=now)
    told = parting.take_back(channel, account, by=me, now=now)
    messages.success(request, f"{channel} is disconnected and its keys are forgotten. {told}")
    return redirect("channels:list")


@allow("connect_channel")
@require_POST
def set_outside_editors(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say whether others write there too."""
    channel, form = _visible(request, key, "connect_channel"), OutsideEditorsForm(request.POST)
    outside = form.is_valid() and form.cleaned_data["outside"]
    connecting.set_outside_editors(channel, outside, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"Saved for {channel}.")
    return redirect("channels:channel", key=key)


@allow("connect_channel")
@require_POST
def set_purpose(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say whether people are answered there."""
    channel, form = _visible(request, key, "connect_channel"), PurposeForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose what the channel is for.")
    connecting.set_purpose(channel, form.cleaned_data["purpose"], by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"Saved for {channel}.")
    return redirect("channels:channel", key=key)


@allow("stop_publishing")
@require_POST
@after_password
def stop_publishing(request: HttpRequest) -> HttpResponse:
    """The one switch: nothing more goes out anywhere."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid("Say why publishing is stopped.")
    outbox.stop_all(person(request), request.now, form.cleaned_data["why"])  # type: ignore[attr-defined]
    messages.success(request, "All publishing is stopped. What is being sent this moment ends by itself.")
    return redirect("channels:list")


@allow("resume_publishing")
@require_POST
@after_password
def resume_publishing(request: HttpRequest) -> HttpResponse:
    outbox.resume_all(person(request), request.now)  # type: ignore[attr-defined]
    messages.success(request, "Publishing goes on.")
    return redirect("channels:list")


def _platform(name: str) -> Platform:
    if name not in platforms.REGISTRY:
        raise Http404
    return platforms.get(name)


def _visible(request: HttpRequest, key: UUID, act: str = "see_channels") -> Channel:
    seen = Channel.objects.visible_to(person(request), request.now, act)  # type: ignore[attr-defined]
    return get_object_or_404(health.with_counts(seen.select_related("scope")), key=key)


def _about(request: HttpRequest, channel: Channel) -> dict[str, Any]:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    module = _platform(channel.platform)
    open_now = Delivery.objects.filter(channel=channel).unfinished().select_related("channel", "follows")
    rows = list(open_now.order_by("next_action_at", "due_at")[:SHOWN])
    return {
        "channel": channel,
        "health": health.of(channel, now),
        "care": caring.of(channel, now),
        "standing": cases.standing(channel),
        "platform": module,
        "keyless": channel.platform in platforms.KEYLESS,
        "limits": module.limits(connecting.outline_of(channel)),
        "deliveries": [(row, outbox.words_for(row, now)) for row in rows],
        "more": max(channel.waiting + channel.wanting - len(rows), 0),  # type: ignore[attr-defined]
        "history": [_told(entry) for entry in audit.history_of(channel)[:SHOWN]],
        "profile": profiles.of(channel, now, request.town),  # type: ignore[attr-defined]
        "may_connect": may(me, "connect_channel", now, channel.scope),
        "may_look": may(me, "look_at_mention", now, channel.scope),
        "may_pause": may(me, "pause_channel", now, channel.scope),
        "form": ReasonForm(),
        "editors": OutsideEditorsForm(initial={"outside": channel.outside_editors}),
        "purposes": PurposeForm(initial={"purpose": channel.purpose}),
        "sign_offs": SignOffForm(channel=channel),
        "signed": sign_offs.WORDS[sign_offs.of(channel)],
    }


def _told(entry: AuditEntry) -> dict[str, object]:
    at = timezone.localtime(entry.at)
    deed = DEEDS.get(entry.act, entry.act.replace("_", " "))
    words = f"{entry.actor_words} {deed}"
    return {
        "words": words,
        "more": entry.data.get("reason", "") or profiles.told(entry.data),
        "at": at,
        "at_words": date_format(at, "j F Y, H:i"),
        "icon": "dot",
    }
