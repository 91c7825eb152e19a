"""Kept and missed: a week's response promises, the rows behind each figure, why one was missed, and all as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.refusals import Invalid
from accounts.tables import as_csv
from channels_app.models import Channel
from engagement import departments, kept, rates
from engagement.kept import OUTCOMES, Kept, Week
from engagement.models import MissReason
from engagement.rates import Tally
from engagement.views import kept_rows
from engagement.views.asking import conversation_for, now_of

PAGE = 50
HOURS = {str(hour) for hour in range(24)}


class ExplainForm(forms.Form):
    """Why a promise was missed: one of a list, and words."""

    code = forms.ChoiceField(label="Why was it missed?", widget=forms.RadioSelect, choices=MissReason.CODES)
    words = forms.CharField(
        label="In words",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What happened, without names. Needed for “Something else”.",
    )
    since = forms.CharField(widget=forms.HiddenInput())


@dataclass(frozen=True)
class Asked:
    """What the address bar asks for: the week, and where wanted one channel and one hour of it."""

    week: Week
    channels: list[Channel]  # every one this person sees
    channel: Channel | None
    hour: int | None
    show: str
    department: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        now, get = now_of(request), request.GET
        channels = list(Channel.objects.visible_to(person(request), now, "see_inbox"))
        hour, show = get.get("hour", ""), get.get("show", "missed")
        return cls(
            week=Week.asked(get.get("week", ""), now, request.town.tz),  # type: ignore[attr-defined]
            channels=channels,
            channel=next((one for one in channels if str(one.key) == get.get("channel")), None),
            hour=int(hour) if hour in HOURS else None,
            show=show if show in {*OUTCOMES, "all"} else "missed",
            department=departments.asked_for(get.get("department", "")),
        )

    def rows(self, now: datetime) -> list[Kept]:
        channels = [self.channel] if self.channel else self.channels
        found = kept.between([one.pk for one in channels], self.week.start, self.week.end, now)
        found = [one for one in found if self.hour is None or rates.hour_of(one, self.week.zone) == self.hour]
        return found if not self.department else self._with_department(found)

    def _with_department(self, rows: list[Kept]) -> list[Kept]:
        held = departments.of_waits(rows)
        named = ((one, held.get((one.conversation.pk, one.turn.since))) for one in rows)
        return [one for one, scope in named if (str(scope.pk) if scope else departments.NONE) == self.department]

    def query(self, **changes: str) -> str:
        """The query string of this with some of it changed."""
        hour = "" if self.hour is None else str(self.hour)
        channel = str(self.channel.key) if self.channel else ""
        parts = {"week": self.week.key, "channel": channel, "hour": hour, "show": self.show}
        parts |= {"department": self.department} | changes
        return urlencode({name: value for name, value in parts.items() if value})


@allow("see_inbox")
def show_week(request: HttpRequest) -> HttpResponse:
    """One week, or the part of it that is asked for."""
    now, asked = now_of(request), Asked.of(request)
    rows, week = asked.rows(now), asked.week
    page = Paginator([one for one in rows if asked.show in {"all", one.outcome}], PAGE).get_page(
        request.GET.get("page")
    )
    whole = rates.tally(rows)
    context = {
        "first": week.first,
        "last": week.first + timedelta(days=6),
        "before": asked.query(week=week.beside(-1).key),
        "after": asked.query(week=week.beside(1).key) if week.beside(1).start < now else "",
        "whole": whole,
        "of_stats": _stats(whole),
        "by_channel": [_line(one, asked, "channel") for one in rates.by_channel(rows)],
        "by_hour": [_line(one, asked, "hour") for one in rates.by_hour(rows, week.zone)],
        "by_department": _by_department(rows, asked),
        "tabs": _tabs(rows, asked),
        "page": page,
        "rows": kept_rows.told_all(list(page), now),
        "channel_items": _channel_items(asked),
        "asked": asked,
        "chips": _chips(asked),
        "query": asked.query(),
        "may_explain": may(person(request), "explain_miss", now),
    }
    return render(request, "engagement/kept.html", context)


@allow("see_inbox")
@after_password
def table(request: HttpRequest) -> HttpResponse:
    """Every row of what is asked for as a table for a spreadsheet; the figures of the page recompute from it."""
    asked = Asked.of(request)
    found = asked.rows(now_of(request))
    held = departments.of_waits(found)
    rows = [[*kept_rows.cells(one), held.get((one.conversation.pk, one.turn.since), "")] for one in found]
    return as_csv(f"kept-and-missed-{asked.week.key}.csv", (*kept_rows.COLUMNS, "department"), rows)


@allow("explain_miss")
def explain(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say why one promise of this conversation was missed."""
    conversation, now = conversation_for(request, key, "explain_miss"), now_of(request)
    since = request.GET.get("since", "") or request.POST.get("since", "")
    form = ExplainForm(request.POST if request.method == "POST" else None, initial={"since": since})
    if request.method == "POST" and form.is_valid():
        try:
            at = datetime.fromisoformat(form.cleaned_data["since"])
            data = form.cleaned_data
            missed = kept.explain(conversation, at, data["code"], data["words"], by=person(request), now=now)
        except ValueError:
            form.add_error(None, "This promise was not missed. Load the week again.")
        except Invalid as why:
            form.add_error(None, f"{why.words} {why.next_step}".strip())
        else:
            messages.success(request, "Noted why it was missed.")
            zone = request.town.tz  # type: ignore[attr-defined]
            day = missed.turn.since.astimezone(zone).date()
            week = Week(day - timedelta(days=day.weekday()), zone)
            return redirect(f"{reverse('inbox:kept')}?week={week.key}")
    missed_ones = kept_rows.told_all([one for one in kept.of(conversation, now) if one.outcome == "missed"], now)
    context = {"conversation": conversation, "form": form, "missed": missed_ones}
    return render(request, "engagement/explain.html", context, status=422 if form.errors else 200)


def _tabs(rows: Sequence[Kept], asked: Asked) -> list[dict[str, object]]:
    counts = {key: sum(one.outcome == key for one in rows) for key in OUTCOMES} | {"all": len(rows)}
    return [
        {
            "name": name,
            "url": f"?{asked.query(show=key)}",
            "count": counts[key],
            "active": key == asked.show,
            "tone": "alarm" if key == "missed" and counts[key] else "",
        }
        for key, name in (OUTCOMES | {"all": "All"}).items()
    ]


def _channel_items(asked: Asked) -> list[dict[str, object]]:
    items: list[dict[str, object]] = [
        {"words": "Every channel", "url": f"?{asked.query(channel='')}", "current": asked.channel is None}
    ]
    for one in asked.channels:
        url = f"?{asked.query(channel=str(one.key))}"
        items.append({"words": str(one), "url": url, "current": one == asked.channel})
    return items


def _chips(asked: Asked) -> list[dict[str, str]]:
    chips = [{"words": str(asked.channel), "url": f"?{asked.query(channel='')}"}] if asked.channel else []
    if asked.hour is not None:
        chips.append({"words": f"Written after {asked.hour:02}:00", "url": f"?{asked.query(hour='')}"})
    if asked.department:
        chips.append({"words": departments.name_of(asked.department), "url": f"?{asked.query(department='')}"})
    return chips


def _stats(whole: Tally) -> list[dict[str, object]]:
    """The figures on top, each with what it is counted from."""
    return [
        {
            "name": "Kept",
            "number": whole.kept_share,
            "unit": "%",
            "change": f"{whole.kept} of {whole.needing} that needed an answer",
        },
        {
            "name": "Answered, in time or late",
            "number": whole.answered_share,
            "unit": "%",
            "change": f"{whole.answered} of {whole.needing}",
        },
        {
            "name": "First answer, by the clock",
            "number": kept_rows.length(whole.median),
            "unit": "median",
            "change": f"{kept_rows.length(whole.ninetieth) or 'none'} for nine in ten",
        },
        {
            "name": "First answer, in service hours",
            "number": kept_rows.length(whole.service_median),
            "unit": "median",
            "change": f"{kept_rows.length(whole.service_ninetieth) or 'none'} for nine in ten",
        },
    ]


def _by_department(rows: Sequence[Kept], asked: Asked) -> list[dict[str, object]]:
    """The lines of the departments; none where no wait of these was ever with one."""
    held = departments.of_waits(rows)
    return [_line(one, asked, "department") for one in rates.by_department(rows, held)] if held else []


def _line(one: Tally, asked: Asked, part: str) -> dict[str, object]:
    """One line of a table; its numbers lead to the rows they count."""
    counts = [(getattr(one, show), f"?{asked.query(**{part: one.ref, 'show': show})}") for show in ("kept", "missed")]
    share = f"{one.kept_share} %" if one.kept_share is not None else None
    times = (one.median, one.ninetieth, one.service_median, one.service_ninetieth)
    return {"name": one.name, "counts": counts, "cells": [share, *map(kept_rows.length, times)]}
