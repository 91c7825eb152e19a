"""Rhythm: each channel's posting slots, and how many posts a week it gets at least and at most."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person, scopes_for
from accounts.walltime import to_wall
from calendar_app import attending, cadence, slots
from calendar_app import month as grid
from calendar_app.models import Cadence, Slot
from calendar_app.models.rhythm import WEEKDAYS
from calendar_app.plan_forms import CadenceForm, SlotForm
from calendar_app.views.finding import now_of, town_of
from channels_app.models import Channel


@allow("see_calendar")
def rhythm(request: HttpRequest) -> HttpResponse:
    return _page(request)


@allow("set_rhythm")
@require_POST
def add_slots(request: HttpRequest, key: UUID) -> HttpResponse:
    channel, form = _channel(request, key), SlotForm(request.POST, prefix=str(key))
    if not form.is_valid():
        return _page(request, form)
    with transaction.atomic():
        made = form.save(channel)
        if made:
            words = ", ".join(map(str, made))
            audit.record("added_slots", channel, by=person(request), now=now_of(request), slots=words)
    messages.success(request, f"{len(made)} added." if made else "These were slots already.")
    return redirect(_place(channel))


@allow("set_rhythm")
@require_POST
def remove_slot(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    channel = _channel(request, key)
    row = get_object_or_404(Slot, channel=channel, pk=pk)
    with transaction.atomic():
        audit.record("removed_slot", channel, by=person(request), now=now_of(request), slots=str(row))
        row.delete()
    messages.success(request, f"{row} is no slot of {channel} any more.")
    return redirect(_place(channel))


@allow("set_rhythm")
@require_POST
def set_cadence(request: HttpRequest, key: UUID) -> HttpResponse:
    channel = _channel(request, key)
    row = Cadence.objects.filter(channel=channel).first() or Cadence(channel=channel)
    was = {"least": row.least, "most": row.most}
    form = CadenceForm(request.POST, instance=row, prefix=str(key))
    if not form.is_valid():
        return _page(request, form)
    with transaction.atomic():
        row = form.save()
        became = {"least": row.least, "most": row.most}
        audit.record("set_cadence", channel, by=person(request), now=now_of(request), was=was, became=became)
    messages.success(request, "Saved.")
    return redirect(_place(channel))


def _channel(request: HttpRequest, key: UUID) -> Channel:
    user, now = person(request), now_of(request)
    seen = Channel.objects.visible_to(user, now, "see_calendar")
    return get_object_or_404(seen.filter(scopes_for(user, "set_rhythm", now)), key=key)


def _place(channel: Channel) -> str:
    return f"{reverse('calendar:rhythm')}#c-{channel.key}"


def _page(request: HttpRequest, wrong: SlotForm | CadenceForm | None = None) -> HttpResponse:
    town, now, user = town_of(request), now_of(request), person(request)
    seen = Channel.objects.visible_to(user, now, "see_calendar").living().speaking().select_related("scope")
    channels = list(seen.select_related("cadence").prefetch_related("slots"))
    said: dict[int, list[cadence.Finding]] = {}
    for one in cadence.now_and_next(town, channels, now):
        said.setdefault(one.channel.pk, []).append(one)
    heard = {one.channel.pk: one for one in attending.hours(channels)}
    monday = grid.monday_of(to_wall(now, town.zone).date())
    counted = cadence.counts(town, [one.pk for one in channels], monday, monday + cadence.WEEK - grid.DAY)
    context = {
        "here": "rhythm",
        "wrong": wrong,
        "zone": town.zone,
        "rows": [
            {
                "channel": one,
                "said": said.get(one.pk, []),
                "count": counted.get((one.pk, monday), 0),
                "week": _week(one),
                "heard": heard[one.pk],
                "next": slots.next_free(one, now, now, town) if one.slots.all() else None,
                "may": may(user, "set_rhythm", now, one.scope),
                "slot_form": _form(wrong, SlotForm, one),
                "cadence_form": _form(wrong, CadenceForm, one),
            }
            for one in channels
        ],
    }
    return render(request, "calendar_app/rhythm.html", context, status=422 if wrong else 200)


def _week(channel: Channel) -> list[tuple[str, list[Slot]]]:
    slots_of: dict[int, list[Slot]] = {}
    for one in channel.slots.all():
        slots_of.setdefault(one.weekday, []).append(one)
    return [(name, slots_of.get(number, [])) for number, name in WEEKDAYS]


def _form(
    wrong: SlotForm | CadenceForm | None, kind: type[SlotForm] | type[CadenceForm], channel: Channel
) -> SlotForm | CadenceForm:
    """The form of this channel; the one that was sent with a mistake keeps what was typed."""
    key = str(channel.key)
    if isinstance(wrong, kind) and wrong.prefix == key:
        return wrong
    if kind is CadenceForm:
        return CadenceForm(prefix=key, instance=getattr(channel, "cadence", None))
    return SlotForm(prefix=key)
