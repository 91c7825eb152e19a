"""The page of a channel's case and kit, and opening it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from channels_app import cases, kit, staffing
from channels_app.models import Channel
from channels_app.papers_forms import CaseForm, KitForm, case_of


@allow("see_channels")
def show_case(request: HttpRequest, key: UUID) -> HttpResponse:
    """Why the town is there, what is still missing, and what work it makes."""
    return _page(request, _visible(request, key, "see_channels"))


@allow("write_case")
@require_POST
def write_case(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep what is settled by now; half a case is kept too."""
    channel, form = _visible(request, key, "write_case"), CaseForm(request.POST)
    if not form.is_valid():
        return _page(request, channel, case_form=form)
    cases.write(channel, form.cleaned_data, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"The case for {channel} is kept.")
    return redirect("channels:case", key=key)


@allow("look_at_profile")
@require_POST
def tick_kit(request: HttpRequest, key: UUID) -> HttpResponse:
    """One or several things of the kit are done."""
    channel = _visible(request, key, "look_at_profile")
    form = KitForm(cases.standing(channel).kit, request.POST)
    if not form.is_valid():
        return _page(request, channel, kit_form=form)
    data = form.cleaned_data
    kit.tick(channel, data["items"], data["note"], by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"Ticked off for {channel}.")
    return redirect("channels:case", key=key)


@allow("open_channel")
@require_POST
def open_channel(request: HttpRequest, key: UUID) -> HttpResponse:
    """From now on posts go out here."""
    channel = _visible(request, key, "open_channel")
    cases.open_channel(channel, by=person(request), now=request.now)  # type: ignore[attr-defined]
    messages.success(request, f"{channel} is open. What was planned for it goes out in its time.")
    return redirect("channels:case", key=key)


@allow("see_channels")
def case_text(request: HttpRequest, key: UUID) -> HttpResponse:
    """The case as Markdown."""
    channel = _visible(request, key, "see_channels")
    answer = HttpResponse(cases.as_text(cases.standing(channel)), content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="case-{channel.platform}-{channel.pk}.md"'
    return answer


def _page(
    request: HttpRequest, channel: Channel, case_form: CaseForm | None = None, kit_form: KitForm | None = None
) -> HttpResponse:
    me, now, town = person(request), request.now, request.town  # type: ignore[attr-defined]
    standing, living = cases.standing(channel, town), channel.state != "archived"
    context = {
        "channel": channel,
        "standing": standing,
        "load": staffing.load_of(channel, now),
        "answers": [(name, _shown(standing, field)) for field, name in cases.ANSWERS.items()],
        "case_form": case_form or CaseForm(initial=case_of(standing.papers)),
        "kit_form": kit_form or KitForm(standing.kit),
        "wrong": case_form or kit_form,
        "may_write": living and may(me, "write_case", now, channel.scope),
        "may_tick": living and may(me, "look_at_profile", now, channel.scope),
        "may_open": living and channel.in_preparation and may(me, "open_channel", now, channel.scope),
    }
    return render(request, "channels_app/case.html", context, status=422 if case_form or kit_form else 200)


def _shown(standing: cases.Standing, field: str) -> str:
    value = getattr(standing.papers, field)
    return f"{value} hours a week" if field == "weekly_hours" and value is not None else str(value or "")


def _visible(request: HttpRequest, key: UUID, act: str) -> Channel:
    seen = Channel.objects.visible_to(person(request), request.now, act)  # type: ignore[attr-defined]
    return get_object_or_404(seen.select_related("scope"), key=key)
