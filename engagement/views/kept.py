"""Kept and missed: a week's response promises, the rows behind each figure, why one was missed, and all as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import allow, may, person
from accounts.refusals import Invalid
from accounts.tables import as_csv
from channels_app.models import Channel
from engagement import kept, rates, words
from engagement.kept import OUTCOMES, Kept, Week
from engagement.models import MissReason
from engagement.rates import Tally
from engagement.views.asking import conversation_for, now_of

PAGE = 50
COLUMNS = (
    "conversation", "channel", "private", "priority", "written", "read by Parley", "promised hours", "due", "outcome",
    "settled", "how", "hours by the clock", "promised service hours", "due in service hours", "service hours",
    "why no answer was needed", "why missed", "in words", "said by",
)  # fmt: skip
HOW = {"answered": "answered", "outside": "answered outside Parley", "settled": "closed", "withdrawn": "taken back"}


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


@allow("see_inbox")
def show_week(request: HttpRequest) -> HttpResponse:
    """One week, or the part of it that `show` and `channel` name."""
    now, zone = now_of(request), request.town.tz  # type: ignore[attr-defined]
    week, channels, chosen = _asked(request)
    rows = kept.between([one.pk for one in chosen], week.start, week.end, now)
    show = request.GET.get("show", "missed")
    show = show if show in {*OUTCOMES, "all"} else "missed"
    shown = [one for one in rows if show in {"all", one.outcome}]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    channel = request.GET.get("channel", "") if len(chosen) < len(channels) else ""
    context = {
        "week": week,
        "first": week.first,
        "last": week.first + timedelta(days=6),
        "before": week.beside(-1).key,
        "after": week.beside(1).key if week.beside(1).start < now else "",
        "whole": rates.tally(rows),
        "by_channel": _table(rates.by_channel(rows)),
        "by_hour": _table(rates.by_hour(rows, zone)),
        "tabs": _tabs(rows, week, channel, show),
        "page": page,
        "rows": [_told(one, now) for one in page],
        "channel_items": _channel_items(channels, week, show, channel),
        "chosen": chosen[0] if channel else None,
        "query": urlencode({"week": week.key} | ({"channel": channel} if channel else {})),
        "show": show,
        "may_explain": may(person(request), "explain_miss", now),
        "of_stats": _stats(rates.tally(rows)),
    }
    return render(request, "engagement/kept.html", context)


@allow("see_inbox")
def table(request: HttpRequest) -> HttpResponse:
    """Every row of the week as a table for a spreadsheet; the figures of the page recompute from it."""
    week, _, chosen = _asked(request)
    rows = kept.between([one.pk for one in chosen], week.start, week.end, now_of(request))
    return as_csv(f"kept-and-missed-{week.key}.csv", COLUMNS, [_cells(one) for one in rows])


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
    missed_ones = [_told(one, now) for one in kept.of(conversation, now) if one.outcome == "missed"]
    context = {"conversation": conversation, "form": form, "missed": missed_ones}
    return render(request, "engagement/explain.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> tuple[Week, list[Channel], list[Channel]]:
    """The week, every channel this person sees, and those of them that are asked for."""
    now = now_of(request)
    week = Week.asked(request.GET.get("week", ""), now, request.town.tz)  # type: ignore[attr-defined]
    channels = list(Channel.objects.visible_to(person(request), now, "see_inbox"))
    asked = request.GET.get("channel", "")
    return week, channels, [one for one in channels if str(one.key) == asked] or channels


def _tabs(rows: Sequence[Kept], week: Week, channel: str, show: str) -> list[dict[str, object]]:
    here, query = reverse("inbox:kept"), {"week": week.key} | ({"channel": channel} if channel else {})
    counts = {key: sum(one.outcome == key for one in rows) for key in OUTCOMES} | {"all": len(rows)}
    names = OUTCOMES | {"all": "All"}
    return [
        {
            "name": name,
            "url": f"{here}?{urlencode(query | {'show': key})}",
            "count": counts[key],
            "active": key == show,
            "tone": "alarm" if key == "missed" and counts[key] else "",
        }
        for key, name in names.items()
    ]


def _channel_items(channels: Sequence[Channel], week: Week, show: str, chosen: str) -> list[dict[str, object]]:
    here, query = reverse("inbox:kept"), {"week": week.key, "show": show}
    items: list[dict[str, object]] = [
        {"words": "Every channel", "url": f"{here}?{urlencode(query)}", "current": not chosen}
    ]
    for one in channels:
        url = f"{here}?{urlencode(query | {'channel': str(one.key)})}"
        items.append({"words": str(one), "url": url, "current": str(one.key) == chosen})
    return items


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
            "number": _length(whole.median),
            "unit": "median",
            "change": f"{_length(whole.ninetieth) or 'none'} for nine in ten",
        },
        {
            "name": "First answer, in service hours",
            "number": _length(whole.service_median),
            "unit": "median",
            "change": f"{_length(whole.service_ninetieth) or 'none'} for nine in ten",
        },
    ]


def _length(time: timedelta | None) -> str | None:
    return words.length(time) if time is not None else None


def _table(tallies: Sequence[Tally]) -> list[list[object]]:
    return [
        [
            one.name,
            one.kept,
            one.missed,
            f"{one.kept_share} %" if one.kept_share is not None else None,
            _length(one.median),
            _length(one.ninetieth),
            _length(one.service_median),
            _length(one.service_ninetieth),
        ]
        for one in tallies
    ]


def _told(one: Kept, now: datetime) -> dict[str, Any]:
    """One row: both clocks in words, and why it was missed."""
    promise = one.turn.promise
    ways = [f"{words.length(one.elapsed.spent)} of {promise.hours:g} h by the clock"]
    if promise.calendar:
        ways.append(f"{words.length(one.service.spent)} of {promise.service_hours:g} service hours")
    late = one.elapsed.left is not None and one.elapsed.late and one.outcome == "missed"
    return {
        "one": one,
        "written": words.when(one.turn.since, now),
        "ways": ways,
        "late": f"{words.length(-one.elapsed.left)} late" if late and one.elapsed.left is not None else "",
        "how": HOW.get(one.turn.how, "not answered yet"),
        "read": words.when(one.read_at, now) if one.read_late else "",
        "since": one.turn.since.isoformat(),
    }


def _cells(one: Kept) -> list[object]:
    turn, said = one.turn, one.reason
    return [
        f"/inbox/{one.conversation.key}/",
        one.conversation.channel,
        "yes" if one.conversation.private else "no",
        one.priority,
        turn.since.isoformat(),
        one.read_at.isoformat(),
        f"{turn.promise.hours:g}",
        one.elapsed.due.isoformat() if one.elapsed.due else "",
        one.outcome_words,
        turn.ended_at.isoformat() if turn.ended_at else "",
        HOW.get(turn.how, "not answered yet"),
        _hours(one.elapsed.spent),
        f"{turn.promise.service_hours:g}" if turn.promise.calendar else "",
        one.service.due.isoformat() if one.service.due else "",
        _hours(one.service.spent) if turn.promise.calendar else "",
        one.code_words if one.outcome == "excused" else "",
        said.get_code_display() if said else "",
        said.words if said else "",
        said.by.name if said else "",
    ]


def _hours(time: timedelta) -> str:
    return f"{time / timedelta(hours=1):.4f}"
