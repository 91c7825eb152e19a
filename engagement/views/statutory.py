"""Legal requests: the list by the law's days, one of them, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.models import Town
from accounts.refusals import IllegalMove, Invalid, NotAllowed
from engagement.models import LegalRequest
from engagement.models.statutory import PENDING, LegalRequestQuerySet
from engagement.statutory import handling
from engagement.statutory_forms import DeclineForm, HandForm, NoteForm, SettleForm
from engagement.views.acts import done
from engagement.views.asking import conversation_for, now_of
from policy.requests import refusable

PAGE = 40
TABS = {"waiting": "Not settled", "done": "Settled", "declined": "No request"}


@allow("see_inbox")
def show_all(request: HttpRequest) -> HttpResponse:
    """What is not settled, the nearest day first; what was settled; what turned out to be none."""
    asked, today = request.GET.get("tab", ""), _today(request)
    tab, seen = asked if asked in TABS else "waiting", _seen(request)
    rows = {
        "waiting": seen.filter(state__in=PENDING),
        "done": seen.filter(state="done").order_by("-ended_at"),
        "declined": seen.filter(state="declined").order_by("-ended_at"),
    }
    tabs = [
        {"name": name, "url": f"?tab={key}", "count": rows[key].count() or "", "active": key == tab}
        for key, name in TABS.items()
    ]
    page = Paginator(rows[tab], PAGE).get_page(request.GET.get("page"))
    for one in page:
        _dress(one, today)
    return render(request, "engagement/statutory/all.html", {"tabs": tabs, "tab": tab, "page": page})


@allow("see_inbox")
def show_one(request: HttpRequest, key: UUID) -> HttpResponse:
    return _page(request, _one(request, key))


def _page(request: HttpRequest, one: LegalRequest, **bound: forms.Form) -> HttpResponse:
    user, now, scope = person(request), now_of(request), one.conversation.channel.scope
    _dress(one, _today(request))
    officer = handling.officer_for(one, now)
    people = handling.officers(one, now)
    context: dict[str, Any] = {
        "one": one,
        "advice": handling.advice(one),
        "receipt": handling.receipt(one) if one.pending else "",
        "refusable": refusable(one.pack, one.kind, _day(one)),
        "may_note": may(user, "note", now, scope),
        "may_hand": may(user, "assign", now, scope),
        "may_answer": may(user, "answer", now, scope),
        "may_settle": may(user, "settle_request", now, scope),
        "decline": DeclineForm(auto_id="decline-%s"),
        "hand": HandForm(people, auto_id="hand-%s", initial={"officer": officer.key if officer else ""}),
        "settle": SettleForm(auto_id="settle-%s"),
    }
    return render(request, "engagement/statutory/request.html", context | bound, status=422 if bound else 200)


@allow("note")
@require_POST
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """It is one."""
    one = handling.confirm(_one(request, key, "note"), by=person(request), now=now_of(request))
    messages.success(request, f"{one} confirmed.")
    return redirect("inbox:legal-request", key=key)


@allow("note")
@require_POST
def decline(request: HttpRequest, key: UUID) -> HttpResponse:
    """It is none."""
    one, form = _one(request, key, "note"), DeclineForm(request.POST, auto_id="decline-%s")
    by, now = person(request), now_of(request)
    return _act(request, one, "decline", form, lambda: handling.decline(one, **form.cleaned_data, by=by, now=now))


@allow("assign")
@require_POST
def hand(request: HttpRequest, key: UUID) -> HttpResponse:
    """To the officer in charge."""
    one, by, now = _one(request, key, "assign"), person(request), now_of(request)
    form = HandForm(handling.officers(one, now), request.POST, auto_id="hand-%s")
    return _act(request, one, "hand", form, lambda: handling.hand(one, **form.cleaned_data, by=by, now=now))


@allow("settle_request")
@require_POST
def settle(request: HttpRequest, key: UUID) -> HttpResponse:
    """What became of it."""
    one, by, now = _one(request, key, "settle_request"), person(request), now_of(request)
    form = SettleForm(request.POST, auto_id="settle-%s")
    return _act(request, one, "settle", form, lambda: handling.settle(one, **form.cleaned_data, by=by, now=now))


@allow("answer")
@require_POST
def put_receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin the answer with the sentence that says we have it."""
    one = _one(request, key, "answer")
    handling.put_receipt(one, by=person(request), now=now_of(request))
    return redirect(reverse("inbox:conversation", args=[one.conversation.key]) + "#reply")


@allow("note")
@require_POST
def note_request(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody sees a legal request in a conversation that no words gave away."""
    conversation, form = conversation_for(request, key, "note"), NoteForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose what kind of request it is.")
    one = handling.note_by_hand(conversation, form.cleaned_data["kind"], by=person(request), now=now_of(request))
    return done(request, conversation, f"{one} noted.")


def _act(
    request: HttpRequest, one: LegalRequest, name: str, form: forms.Form, act: Callable[[], LegalRequest]
) -> HttpResponse:
    """Do it, or show the form again with what is wrong and all that was typed."""
    if form.is_valid():
        try:
            act()
        except (Invalid, IllegalMove, NotAllowed) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            messages.success(request, "Noted.")
            return redirect("inbox:legal-request", key=one.key)
    return _page(request, one, **{name: form})


def _seen(request: HttpRequest, act: str = "see_inbox") -> LegalRequestQuerySet:
    rows: LegalRequestQuerySet = LegalRequest.objects.visible_to(person(request), now_of(request), act)
    return rows.select_related("conversation__channel__scope", "conversation__person", "message", "officer", "by")


def _one(request: HttpRequest, key: UUID, act: str = "see_inbox") -> LegalRequest:
    return get_object_or_404(_seen(request, act), key=key)


def _dress(one: LegalRequest, today: date) -> None:
    """How near its day is, in the words and tones of a badge."""
    left = (one.due_on - today).days if one.due_on else None
    one.late = bool(one.pending and left is not None and left < 0)  # type: ignore[attr-defined]
    one.left = left  # type: ignore[attr-defined]
    near = one.pending and left is not None and left <= 5
    one.tone = "alarm" if one.late else "warn" if near else "sign" if one.pending else "plain"  # type: ignore[attr-defined]


def _day(one: LegalRequest) -> date:
    return one.received_at.astimezone(Town.here().tz).date()


def _today(request: HttpRequest) -> date:
    return now_of(request).astimezone(Town.here().tz).date()
