"""Letting Parley in on a platform: the app's keys, going there, coming back, picking the account, what was granted."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts import mailing
from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.refusals import Invalid, NotAllowed
from channels_app import app_keys, directions, health, hooks, joining, platforms
from channels_app.joining import Failed
from channels_app.joining_forms import AppKeysForm, LetInForm, PickForm
from channels_app.models import Channel, Joining
from channels_app.platforms import doors

BOUND = "joining"  # what ties a way to a platform and back to this session


@allow("add_channel")
@sensitive_post_parameters()
@after_password
def app_keys_page(request: HttpRequest, platform: str) -> HttpResponse:
    """The keys of the town's own app, and how to come by them."""
    door = doors.of(platform)
    if door is None or platform not in platforms.REGISTRY:
        raise Http404
    there = app_keys.there(platform)
    form = AppKeysForm(door.app_platform, there, request.POST or None)
    if request.method == "POST" and door.register:
        raise Invalid("Each server gives Parley its keys by itself; none are entered here.")
    if request.method == "POST" and form.is_valid():
        app_keys.replace(
            door.app_platform,
            form.cleaned_data,
            by=person(request),
            now=request.now,  # type: ignore[attr-defined]
        )
        messages.success(request, "The app's keys are kept. They are not shown again.")
        return redirect("channels:connect-channel", platform=platform)
    told = directions.NOTICES.get(door.app_platform, "")
    notices = {"address": hooks.address(door.app_platform) if told else "", "notices": told}
    context = about(request, platform) | {"form": form, "there": there} | notices
    return render(request, "channels_app/joining/app_keys.html", context, status=422 if form.errors else 200)


@allow("add_channel")
@require_POST
@after_password
def let_in(request: HttpRequest, platform: str) -> HttpResponse:
    """Begin the way to a platform for a new channel."""
    if platform not in platforms.REGISTRY:
        raise Http404
    form = LetInForm(platforms.get(platform), request.POST)
    if not form.is_valid():
        raise Invalid(" ".join(str(words) for errors in form.errors.values() for words in errors))
    return _go(request, platform, host=form.cleaned_data.get("host", ""))


@allow("connect_channel")
@require_POST
@after_password
def let_in_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same for a channel there is: only its own account counts."""
    channel = _visible(request, key, "connect_channel")
    return _go(request, channel.platform, channel=channel)


@allow("connect_channel")
@never_cache
@require_GET
def going(request: HttpRequest, key: UUID) -> HttpResponse:
    """The last page here: where the link leads, and what will be asked there."""
    row = joining.mine(key, by=person(request), session=bound(request), now=request.now)  # type: ignore[attr-defined]
    if row is None or row.came_at is not None:
        return _failed(
            request, Failed("This way to the platform is over, or was begun elsewhere.", next_step="Begin again.")
        )
    context = about(request, row.platform) | {
        "joining": row,
        "address": joining.address(row, request.now),  # type: ignore[attr-defined]
        "permissions": directions.permissions(row.platform),
    }
    return render(request, "channels_app/joining/going.html", context)


@allow("connect_channel")
@never_cache
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """The one address platforms send people back to."""
    answer = {name: request.GET.get(name, "") for name in ("state", "code", "error")}
    me, now = person(request), request.now  # type: ignore[attr-defined]
    try:
        row = joining.come_back(answer, by=me, session=bound(request), now=now)
    except Failed as problem:
        return _failed(request, problem)
    one = joining.only(row)
    if one is None:
        return redirect("channels:pick-account", key=row.key)
    return _picked(request, row, one.key)


@allow("connect_channel")
@never_cache
def pick_account(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which of the accounts it is, where there are several."""
    row = joining.mine(key, by=person(request), session=bound(request), now=request.now)  # type: ignore[attr-defined]
    if row is None or row.came_at is None:
        return _failed(request, Failed("This choice is over, or was begun elsewhere.", next_step="Begin again."))
    held = joining.held_by(row)
    form = PickForm(held.choices, request.POST or None)
    if request.method == "POST" and form.is_valid() and joining.is_first(row):
        return _picked(request, row, form.cleaned_data["account"])
    context = about(request, row.platform) | {
        "joining": row,
        "first": joining.is_first(row),
        "form": form,
        "possible": [one for one in held.choices if not one.missing],
        "impossible": [one for one in held.choices if one.missing],
    }
    return render(request, "channels_app/joining/pick.html", context, status=422 if form.errors else 200)


@allow("see_channels")
def show_access(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the channel's keys let Parley do, in words, and what is missing."""
    channel = _visible(request, key, "see_channels")
    told = directions.permissions(channel.platform, channel.scopes or None)
    context = {
        "channel": channel,
        "platform": platforms.get(channel.platform),
        "health": health.of(channel, request.now),  # type: ignore[attr-defined]
        "given": [one for one in told if one.given],
        "lacking": [one for one in told if one.given is False],
        "unknown": not channel.scopes,
        "may_connect": may(person(request), "connect_channel", request.now, channel.scope),  # type: ignore[attr-defined]
        "ready": ready(request, channel.platform),
    }
    return render(request, "channels_app/joining/access.html", context)


def about(request: HttpRequest, platform: str) -> dict[str, Any]:
    """What every page on the way knows about the platform."""
    door = doors.of(platform)
    return {
        "platform": platforms.get(platform),
        "door": door,
        "directions": directions.of(platform),
        "permissions": directions.permissions(platform),
        "redirect": back_address(request),
        "off": "" if back_address(request) else directions.OFF,
        "ready": ready(request, platform),
        "practice": settings.PRACTICE,
        "practice_keys": directions.practice_keys(door) if door else None,
        "abilities": directions.abilities(platforms.get(platform)),
    }


def ready(request: HttpRequest, platform: str) -> bool:
    """Whether a person can be sent to the platform at all: its app is known, and so is our own address."""
    door = doors.of(platform)
    if door is None or not back_address(request):
        return False
    return bool(door.register) or {"client_id", "client_secret"} <= set(app_keys.there(platform))


def back_address(request: HttpRequest) -> str:
    """Where platforms send people back to: under PUBLIC_URL alone, and in practice on this machine."""
    path = reverse("channels:come-back")
    if settings.PRACTICE:
        return request.build_absolute_uri(path)
    return mailing.absolute(path) if settings.PUBLIC_URL.startswith("https://") else ""


def bound(request: HttpRequest) -> str:
    """This session's own word, made the first time it is needed."""
    if BOUND not in request.session:
        request.session[BOUND] = secrets.token_urlsafe(32)
    return str(request.session[BOUND])


def _go(request: HttpRequest, platform: str, host: str = "", channel: Channel | None = None) -> HttpResponse:
    row = joining.begin(
        platform,
        by=person(request),
        session=bound(request),
        redirect=back_address(request),
        now=request.now,  # type: ignore[attr-defined]
        host=host,
        channel=channel,
    )
    return redirect("channels:going", key=row.key)


def _picked(request: HttpRequest, row: Joining, key: str) -> HttpResponse:
    me, now = person(request), request.now  # type: ignore[attr-defined]
    if row.channel is not None:
        _visible(request, row.channel.key, "connect_channel")
    elif not may(me, "add_channel", now):
        raise NotAllowed("Your roles do not include connecting a new channel.")
    channel = joining.pick(row, key, by=me, now=now)
    return redirect("channels:access", key=channel.key)


def _failed(request: HttpRequest, problem: Failed) -> HttpResponse:
    """A sentence and a way on, where the middleware would show the sentence alone."""
    row = problem.joining
    url, words = reverse("channels:choose-platform"), "Connect a channel"
    if row is not None and problem.fix:
        url, words = reverse("channels:app-keys", args=[row.platform]), "Look at the app's keys and address"
    elif row is not None and row.channel is not None:
        url, words = (
            reverse("channels:reconnect-channel", args=[row.channel.key]),
            f"Begin again for {row.channel.name}",
        )
    elif row is not None:
        url, words = reverse("channels:connect-channel", args=[row.platform]), "Begin again"
    context = {"problem": problem, "joining": row, "url": url, "words": words}
    return render(request, "channels_app/joining/failed.html", context, status=problem.status)


def _visible(request: HttpRequest, key: UUID, act: str) -> Channel:
    seen = Channel.objects.visible_to(person(request), request.now, act)  # type: ignore[attr-defined]
    return get_object_or_404(seen.select_related("scope"), key=key)
