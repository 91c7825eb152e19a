"""The key register: one page, one table to take along, and a page for each channel's line."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import leaving, tables
from accounts.access import allow, may, person
from accounts.models import NativeRole
from accounts.reentry import after_password
from channels_app import cases, key_register
from channels_app.models import Channel
from channels_app.papers_forms import AdministratorForm, RegisterForm


@allow("see_keys")
def show_keys(request: HttpRequest) -> HttpResponse:
    """Who owns, who administers, how it is got back; red where somebody could be locked out."""
    me, now = person(request), request.now  # type: ignore[attr-defined]
    lines = _lines(request)
    context = {
        "lines": lines,
        "red": sum(bool(line.problems) for line in lines),
        "may_keep": may(me, "keep_keys", now),
    }
    return render(request, "channels_app/keys.html", context)


@allow("see_keys")
@after_password
def keys_table(request: HttpRequest) -> HttpResponse:
    """The register for a safe."""
    return tables.as_csv("key-register.csv", key_register.HEADS, [key_register.row(one) for one in _lines(request)])


@allow("keep_keys")
def keep_keys(request: HttpRequest, key: UUID) -> HttpResponse:
    """One channel's line."""
    channel = _visible(request, key)
    papers = cases.of(channel)
    known = {name: getattr(papers, name) for name in ("recovery", "second_factor", "second_factor_on")}
    form = RegisterForm(request.POST or None, initial=known | {"owner": papers.owner.key if papers.owner else None})
    if request.method == "POST" and form.is_valid():
        cases.write(channel, form.cleaned_data, by=person(request), now=request.now, act="kept_keys")  # type: ignore[attr-defined]
        messages.success(request, f"The line of {channel} is kept.")
        return redirect("channels:keys")
    return _page(request, channel, form, AdministratorForm())


@allow("keep_keys")
@require_POST
def add_administrator(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note that somebody can reach the account on its network."""
    channel, form = _visible(request, key), AdministratorForm(request.POST)
    if not form.is_valid():
        return _page(request, channel, RegisterForm(), form)
    label, handle = channel.get_platform_display(), channel.handle or channel.name
    leaving.note_native_role(
        form.cleaned_data["who"],
        label,
        handle,
        form.cleaned_data["kind"],
        by=person(request),
        now=request.now,  # type: ignore[attr-defined]
    )
    messages.success(request, "It is noted.")
    return redirect("channels:keep-keys", key=key)


def _page(request: HttpRequest, channel: Channel, form: RegisterForm, administrator: AdministratorForm) -> HttpResponse:
    roles = NativeRole.objects.held().select_related("user")
    line = key_register.line_of(channel, cases.of(channel), list(roles), request.now)  # type: ignore[attr-defined]
    wrong = next((one for one in (form, administrator) if one.errors), None)
    context = {"channel": channel, "line": line, "form": form, "administrator": administrator, "wrong": wrong}
    return render(request, "channels_app/keep_keys.html", context, status=422 if wrong else 200)


def _lines(request: HttpRequest) -> list[key_register.Line]:
    seen = Channel.objects.visible_to(person(request), request.now, "see_keys").living().speaking()  # type: ignore[attr-defined]
    return key_register.lines(list(seen), request.now)  # type: ignore[attr-defined]


def _visible(request: HttpRequest, key: UUID) -> Channel:
    seen = Channel.objects.visible_to(person(request), request.now, "keep_keys")  # type: ignore[attr-defined]
    return get_object_or_404(seen.select_related("scope"), key=key)
