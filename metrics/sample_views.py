"""Samples of what residents write: drawn, read one message at a time, and counted when all is read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import tables
from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.refusals import Invalid
from channels_app.models import Channel
from metrics import charts, sampling
from metrics.aims import from_rule
from metrics.measures import quality, tracing
from metrics.measures.ledger import RULES
from metrics.measures.quality import CodedRow
from metrics.models import Coding, Drawn, Sample
from metrics.sample_forms import DrawForm, DropForm

SHOWN = 40
TONES = ("praise", "criticism")


@allow("see_objectives")
def samples(request: HttpRequest) -> HttpResponse:
    """Every sample, the newest first, and a form for the next one."""
    today = timezone.localdate(_now(request))
    last = today - timedelta(days=1)
    return _samples(request, DrawForm(initial={"first": last - timedelta(days=27), "last": last}))


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


def _samples(request: HttpRequest, form: DrawForm) -> HttpResponse:
    now, user = _now(request), person(request)
    rows = [(sampling.standing(one), _told(one)) for one in Sample.objects.select_related("by")[:SHOWN]]
    context = {
        "form": form,
        "rows": rows,
        "may_draw": may(user, sampling.DRAW, now),
        "may_code": may(user, sampling.CODE, now),
    }
    return render(request, "metrics/samples.html", context, status=422 if form.errors else 200)


def _told(one: Sample) -> list[dict[str, Any]]:
    """What a sample that counts says, with its interval."""
    if one.state != "done":
        return []
    rows, told = _rows(one), []
    for name in TONES:
        rule, figure = RULES[name], getattr(quality, name)(rows)
        value, low, high = (charts.number(n, from_rule(rule)) for n in (figure.value, figure.low, figure.high))
        told.append({"name": rule.label, "figure": figure, "value": value, "low": low, "high": high})
    return told


def _rows(one: Sample) -> list[CodedRow]:
    """The whole sample as rows of the measures."""
    drawn = one.drawn.select_related("message__channel", "message__conversation").prefetch_related("codings")
    found = []
    for row in drawn:
        turns = {coding.turn: coding.tone for coding in row.codings.all()}
        if 1 in turns:
            ref = str(row.message.conversation.key) if row.message.conversation else ""
            channel, at = row.message.channel, row.message.at
            told = (one.words, turns[1], turns.get(2, ""))
            found.append(CodedRow(ref, str(channel), at, *told, channel_key=str(channel.key)))
    return found


@allow("draw_sample")
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    form = DrawForm(request.POST)
    if not form.is_valid():
        return _samples(request, form)
    try:
        one = sampling.draw(**form.cleaned_data, by=person(request), now=_now(request))
    except Invalid as why:
        form.add_error(None, f"{why.words} {why.next_step}".strip())
        return _samples(request, form)
    messages.success(request, f"Drawn: {one.words}.")
    return redirect("measures:sample", key=one.key)


def _find(key: UUID) -> Sample:
    return get_object_or_404(Sample.objects.select_related("by"), key=key)


@allow("see_objectives")
def sample(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far it is, what it says once it counts, and where two readers differ."""
    return _sample(request, _find(key), DropForm())


def _sample(request: HttpRequest, one: Sample, form: DropForm) -> HttpResponse:
    now, user = _now(request), person(request)
    told = _told(one)
    context = {
        "sample": one,
        "standing": sampling.standing(one),
        "told": told,
        "notes": told[0]["figure"].notes if told else (),
        "differing": _differing(request, one) if told else [],
        "mine": Coding.objects.filter(drawn__sample=one, by=user).count(),
        "left": sampling.waiting_for(one, user, now).count() if one.state == "open" else 0,
        "may_draw": may(user, sampling.DRAW, now),
        "may_code": may(user, sampling.CODE, now),
        "form": form,
    }
    return render(request, "metrics/sample.html", context, status=422 if form.errors else 200)


def _differing(request: HttpRequest, one: Sample) -> list[tuple[Drawn, str, str]]:
    """What two people read differently, of the channels this person sees."""
    rows = sampling.differing(one).filter(message__channel__in=_seen(request))
    return [(row, *(str(coding) for coding in row.codings.all()[:2])) for row in rows[:SHOWN]]  # type: ignore[misc]


def _seen(request: HttpRequest) -> QuerySet[Channel]:
    return Channel.objects.visible_to(person(request), _now(request), "see_inbox")


@allow("code_sample")
def read(request: HttpRequest, key: UUID) -> HttpResponse:
    """The next message for this person to read, alone: nobody's reading stands beside it."""
    one, user, now = _find(key), person(request), _now(request)
    if one.state != "open":
        return redirect("measures:sample", key=key)
    waiting = sampling.waiting_for(one, user, now)
    if request.method == "POST":
        place = request.POST.get("place", "")
        drawn = waiting.filter(place=int(place)).first() if place.isdecimal() and len(place) < 6 else None
        if drawn is None:  # somebody was quicker, or it was sent twice
            messages.info(request, "That one is read already.")
        else:
            sampling.code(drawn, request.POST.get("tone", ""), by=user, now=now)
        return redirect("measures:read-sample", key=key)
    context = {
        "sample": one,
        "drawn": waiting.first(),
        "left": waiting.count(),
        "mine": Coding.objects.filter(drawn__sample=one, by=user).count(),
        "tones": Coding.TONES,
    }
    return render(request, "metrics/read_sample.html", context)


@allow("code_sample")
@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    sampling.take_back(_find(key), by=person(request), now=_now(request))
    messages.success(request, "Taken back. Read it again when it comes.")
    return redirect("measures:read-sample", key=key)


@allow("draw_sample")
@require_POST
def finish(request: HttpRequest, key: UUID) -> HttpResponse:
    sampling.finish(_find(key), by=person(request), now=_now(request))
    messages.success(request, "Finished. Its figures count from now on.")
    return redirect("measures:sample", key=key)


@allow("draw_sample")
@require_POST
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    one, form = _find(key), DropForm(request.POST)
    if not form.is_valid():
        return _sample(request, one, form)
    sampling.drop(one, form.cleaned_data["why"], by=person(request), now=_now(request))
    messages.success(request, "Dropped. It never counts.")
    return redirect("measures:samples")


@allow("see_objectives")
@after_password
def table(request: HttpRequest, key: UUID) -> HttpResponse:
    """The readings of a finished sample, from which its figures can be computed again; nobody's name is in it."""
    one = _find(key)
    if one.state != "done":
        raise Invalid("This sample is not finished; its readings are seen by nobody before.")
    seen = {str(channel.key) for channel in _seen(request)}
    rows = tracing.seen(_rows(one), seen)
    called = f"sample-{one.first}-to-{one.last}.csv"
    return tables.as_csv(called, tracing.columns(CodedRow), (tracing.cells(row) for row in rows))
