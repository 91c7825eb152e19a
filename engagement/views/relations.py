"""Relationships: the list with those gone quiet and to follow up, one with its history, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person, who_may
from engagement import between, offering, relations
from engagement.models import Relationship
from engagement.people_forms import ContactForm, FollowUpForm, RelationshipForm, SnoozeForm
from engagement.views.asking import now_of
from engagement.views.telling import tried

PAGE = 40
GET_OR_POST = ["GET", "POST"]
SHOWN = ("all", "quiet", "follow-ups")


@allow("see_inbox")
def relationships(request: HttpRequest) -> HttpResponse:
    """Everybody we work with; those gone quiet; those to follow up."""
    now, asked = now_of(request), request.GET.get("show", "")
    today, show = timezone.localdate(now), asked if asked in SHOWN else "all"
    rows = list(Relationship.objects.filter(active=True).select_related("owner").prefetch_related("handles"))
    last = relations.last_contacts(rows)
    quiet = relations.gone_quiet(rows, last, today)
    follow = sorted((row for row in rows if row.follow_up_on), key=lambda row: (row.follow_up_on, row.name))
    for row in rows:
        row.last = last.get(row.pk)  # type: ignore[attr-defined]
    shown: dict[str, list[Any]] = {"all": rows, "quiet": quiet, "follow-ups": follow}
    here = reverse("inbox:relationships")
    names = {"all": "All", "quiet": "Gone quiet", "follow-ups": "To follow up"}
    tabs = [
        {"name": names[key], "url": f"{here}?show={key}", "count": len(shown[key]), "active": key == show}
        for key in SHOWN
    ]
    page = Paginator(shown[show], PAGE).get_page(request.GET.get("page"))
    context = {"here": "relationships", "page": page, "tabs": tabs, "show": show, "today": today}
    return render(request, "people/relationships.html", context | {"may_change": may(person(request), "note", now)})


@allow("note")
@require_http_methods(GET_OR_POST)
def new_relationship(request: HttpRequest) -> HttpResponse:
    """A new record."""
    by, now = person(request), now_of(request)
    first: dict[str, Any] = {"kind": "organisation", "owner": by.pk, "quiet_days": 90}
    first |= offering.relationship_with(request.GET.get("voice", ""))
    form = RelationshipForm(who_may("note", now), request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        made: list[Relationship] = []
        facts, handles = form.cleaned_data, form.cleaned_data["handles"]
        if tried(form, lambda: made.append(relations.add(facts, handles, by=by, now=now))):
            messages.success(request, "Added.")
            return redirect("inbox:relationship", key=made[0].key)
    return _form(request, form, None)


@allow("note")
@require_http_methods(GET_OR_POST)
def change_relationship(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct a record."""
    one, by, now = _one(key), person(request), now_of(request)
    first = {name: getattr(one, name) for name in (*relations.FACTS, "version")}
    first["handles"] = "\n".join(f"{row.platform} @{row.handle}" for row in one.handles.all())
    form = RelationshipForm(who_may("note", now), request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if tried(form, lambda: relations.change(one, data, data["handles"], data["version"] or 0, by=by, now=now)):
            messages.success(request, "Saved.")
            return redirect("inbox:relationship", key=key)
    return _form(request, form, one)


@allow("see_inbox")
def relationship(request: HttpRequest, key: UUID) -> HttpResponse:
    """One record: who it is, and everything that was between us, newest first."""
    return _page(request, _one(key))


@allow("note")
@require_POST
def put_relationship_away(request: HttpRequest, key: UUID) -> HttpResponse:
    relations.put_away(_one(key), by=person(request), now=now_of(request))
    messages.success(request, "Put away.")
    return redirect("inbox:relationships")


@allow("note")
@require_POST
def note_contact(request: HttpRequest, key: UUID) -> HttpResponse:
    """That we were in touch."""
    return _small(request, key, "contact", ContactForm(request.POST), relations.note_contact, "Noted.")


@allow("note")
@require_POST
def snooze_relationship(request: HttpRequest, key: UUID) -> HttpResponse:
    """Leave it quiet for now, or no longer."""
    if request.POST.get("wake"):
        relations.snooze(_one(key), None, "", by=person(request), now=now_of(request))
        return redirect("inbox:relationship", key=key)
    return _small(request, key, "snooze", SnoozeForm(request.POST), relations.snooze, "It may stay quiet until then.")


@allow("note")
@require_POST
def follow_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """Set or drop the reminder."""
    return _small(request, key, "follow", FollowUpForm(request.POST), relations.follow_up, "Saved.")


def _small(
    request: HttpRequest, key: UUID, name: str, form: forms.Form, act: Callable[..., object], words: str
) -> HttpResponse:
    one, by, now = _one(key), person(request), now_of(request)
    if form.is_valid() and tried(form, lambda: act(one, *form.cleaned_data.values(), by=by, now=now)):
        messages.success(request, words)
        return redirect("inbox:relationship", key=key)
    return _page(request, one, **{name: form})


def _one(key: UUID) -> Relationship:
    return get_object_or_404(Relationship.objects.select_related("owner", "by"), key=key, active=True)


def _page(request: HttpRequest, one: Relationship, **bound: forms.Form) -> HttpResponse:
    user, now = person(request), now_of(request)
    today, last = timezone.localdate(now), relations.last_contacts([one])
    quiet = relations.gone_quiet([one], last, today)
    context: dict[str, Any] = {
        "here": "relationships",
        "one": one,
        "today": today,
        "last": last.get(one.pk),
        "quiet": quiet[0] if quiet else None,
        "history": between.history(one, user, now),
        "may_change": may(user, "note", now),
        "contact": ContactForm(initial={"on": today, "kind": "wrote"}, prefix=None, auto_id="contact-%s"),
        "snooze": SnoozeForm(auto_id="snooze-%s"),
        "follow": FollowUpForm(initial={"on": one.follow_up_on, "words": one.follow_up_words}, auto_id="follow-%s"),
    }
    for name, form in bound.items():
        form.auto_id = f"{name}-%s"
    return render(request, "people/relationship.html", context | bound, status=422 if bound else 200)


def _form(request: HttpRequest, form: RelationshipForm, one: Relationship | None) -> HttpResponse:
    voices = [] if one else offering.voices_without_relationship()
    context = {"here": "relationships", "form": form, "one": one, "voices": voices}
    context["chosen"] = request.GET.get("voice", "")
    return render(request, "people/relationship_form.html", context, status=422 if form.errors else 200)
