"""Listening: the watches and what they heard, one watch with its volumes, and its form."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person
from accounts.models import Town
from accounts.refusals import IllegalMove, Refusal
from accounts.tables import as_csv
from channels_app.models import Channel
from engagement import listening_forms, offering
from engagement.listening import forgetting, searching, volumes, watching
from engagement.listening_forms import WatchForm
from engagement.models import ListeningChoices, Watch, WatchHit
from engagement.models.watches import HitQuerySet
from engagement.views.asking import now_of

PAGE = 20
SHOWN = {"new": "New", "held": "Held", "aside": "Set aside", "taken": "In the inbox"}


@allow("see_listening")
def listening(request: HttpRequest) -> HttpResponse:
    """Every watch this person sees, and what is new."""
    user, now = person(request), now_of(request)
    watches = list(Watch.objects.visible_to(user, now).select_related("worker", "topic"))
    heard = volumes.recent(watches, _channels(request), _today(request))
    living = [(one, heard.get(one.pk)) for one in watches if one.state != "ended"]
    context = {
        "living": living,
        "ended": [one for one in watches if one.state == "ended"],
        "able": searching.able(user, now),
        "may_keep": may(user, "keep_watch", now),
        "choices": ListeningChoices.here(),
    }
    return render(request, "listening/all.html", context | hits_context(request, _hits(request)))


@allow("see_listening")
def watch(request: HttpRequest, key: UUID) -> HttpResponse:
    """One watch: how much it heard, where, whom among organisations, and what."""
    user, now, one = person(request), now_of(request), _watch(request, key)
    channels, today = _channels(request), _today(request)
    days = volumes.by_day(one, channels, today)
    context = {
        "watch": one,
        "chart": volumes.chart(one, days, reverse("listening:days", args=[one.key])),
        "listened": any(heard is not None for _, heard in days),
        "places": volumes.places(one, channels, today),
        "voices": [] if one.kind == "worker" else volumes.voices(one),
        "searches": one.searches.select_related("channel"),
        "may_keep": may(user, "keep_watch", now),
        "choices": ListeningChoices.here(),
    }
    return render(request, "listening/watch.html", context | hits_context(request, _hits(request).filter(watch=one)))


@allow("see_listening")
def days(request: HttpRequest, key: UUID) -> HttpResponse:
    """The days of the chart, for a spreadsheet; an empty cell is a day on which nobody listened."""
    rows = volumes.by_day(_watch(request, key), _channels(request), _today(request))
    table = [(day.isoformat(), "" if heard is None else heard) for day, heard in rows]
    return as_csv("heard-by-day.csv", ["day", "heard"], table)


@allow("keep_watch")
@require_http_methods(["GET", "POST"])
def new_watch(request: HttpRequest) -> HttpResponse:
    first = listening_forms.fresh(_today(request)) | offering.watch_on(request.GET.get("place", ""))
    form = WatchForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = watching.make(form.said(Town.here().tz), by=person(request), now=now_of(request))
        except Refusal as refusal:
            return _form(request, form, None, refusal)
        asked = made.state == "asked"
        messages.success(request, f"{made.worker} is asked first." if asked else "It listens from now on.")
        return redirect("listening:watch", key=made.key)
    return _form(request, form, None)


@allow("keep_watch")
@require_http_methods(["GET", "POST"])
def edit_watch(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change it, or give it a new end."""
    one, zone = _watch(request, key), Town.here().tz
    form = WatchForm(request.POST or None, initial=listening_forms.initial_of(one, zone))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            watching.change(one, form.said(zone), version, by=person(request), now=now_of(request))
        except Refusal as refusal:
            return _form(request, form, one, refusal)
        messages.success(request, "Saved.")
        return redirect("listening:watch", key=key)
    return _form(request, form, one)


def _form(request: HttpRequest, form: WatchForm, one: Watch | None, refusal: Refusal | None = None) -> HttpResponse:
    if refusal:
        form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
    context = {
        "form": form,
        "watch": one,
        "rule": refusal.rule if refusal else "",
        "places": offering.places() if one is None else [],
        "chosen": request.GET.get("place", ""),
    }
    return render(request, "listening/form.html", context, status=422 if request.method == "POST" else 200)


@allow("keep_watch")
@require_POST
def end_watch(request: HttpRequest, key: UUID) -> HttpResponse:
    one = _watch(request, key)
    if one.state == "ended":
        raise IllegalMove("This watch has ended already.")
    watching.end(one, by=person(request), now=now_of(request))
    messages.success(request, f"{one} listens no more.")
    return redirect("listening:watch", key=key)


def hits_context(request: HttpRequest, hits: HitQuerySet) -> dict[str, object]:
    """A page of hits in the state that the address asks for, dressed for the list."""
    shown = request.GET.get("show", "new")
    shown = shown if shown in SHOWN else "new"
    rows = hits.filter(state=shown).select_related(
        "watch", "channel__scope", "message", "conversation", "voice", "held_by"
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    user, now, choices = person(request), now_of(request), ListeningChoices.here()
    for hit in page:
        hit.forgotten_at = forgetting.due_at(hit, choices)  # type: ignore[attr-defined]
        hit.may_act = may(user, "take_hit", now, hit.channel.scope)  # type: ignore[attr-defined]
    return {"page": page, "shown": shown, "states": SHOWN.items()}


def _hits(request: HttpRequest) -> HitQuerySet:
    return WatchHit.objects.visible_to(person(request), now_of(request))


def _watch(request: HttpRequest, key: UUID) -> Watch:
    return get_object_or_404(Watch.objects.visible_to(person(request), now_of(request)).select_related("by"), key=key)


def _channels(request: HttpRequest) -> list[int]:
    seen = Channel.objects.visible_to(person(request), now_of(request), "see_listening")
    return list(seen.values_list("pk", flat=True))


def _today(request: HttpRequest) -> date:
    return now_of(request).astimezone(Town.here().tz).date()
