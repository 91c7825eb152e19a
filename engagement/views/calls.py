"""Input calls: all of them, a draft, and one with its replies by theme until people are told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.reentry import after_password
from accounts.tables import as_csv
from engagement import calls, returning
from engagement.asking_forms import CallForm, HeardForm, OutcomeForm, ThemeForm
from engagement.models import InputCall, Theme
from engagement.views.asking import now_of
from engagement.views.telling import tried

PAGE = 30
NAMES = ("Written", "Reply", "Theme", "What becomes of it", "In a sentence")
GET_OR_POST = ["GET", "POST"]


@allow("see_inbox")
def input_calls(request: HttpRequest) -> HttpResponse:
    """Every call: those late with "what we heard" on top, then the newest."""
    now = now_of(request)
    today = timezone.localdate(now)
    rows = InputCall.objects.exclude(state="dropped").select_related("owner")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.over, one.late = one.is_over(today), one.is_overdue(today)  # type: ignore[attr-defined]
    context = {"here": "calls", "page": page, "late": calls.overdue(today), "kept": calls.kept(today)}
    return render(request, "people/calls.html", context | {"may_ask": may(person(request), "note", now)})


@allow("note")
@require_http_methods(GET_OR_POST)
def new_call(request: HttpRequest) -> HttpResponse:
    """A draft; it is opened on its own page."""
    form = CallForm(request.POST or None, initial={"level": "consult"})
    if request.method == "POST" and form.is_valid():
        one = calls.draft(form.cleaned_data, by=person(request), now=now_of(request))
        messages.success(request, "Kept as a draft. Open it when everything is there.")
        return redirect("inbox:call", key=one.key)
    return _form(request, form, None)


@allow("note")
@require_http_methods(GET_OR_POST)
def change_call(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change a draft, or move the day people hear back."""
    one = get_object_or_404(InputCall, key=key)
    first = {name: getattr(one, name) for name in (*calls.FACTS, "version")}
    form = CallForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if tried(form, lambda: calls.amend(one, data, data["version"], by=person(request), now=now_of(request))):
            messages.success(request, "Saved.")
            return redirect("inbox:call", key=key)
    return _form(request, form, one)


@allow("see_inbox")
def call(request: HttpRequest, key: UUID) -> HttpResponse:
    """One call: its promise, its replies by theme, and what is left to do."""
    return _page(request, get_object_or_404(InputCall.objects.select_related("owner"), key=key))


@allow("note")
@require_POST
def open_call(request: HttpRequest, key: UUID) -> HttpResponse:
    calls.open_up(get_object_or_404(InputCall, key=key), by=person(request), now=now_of(request))
    messages.success(request, "Open. Put its question under a post and choose this call there.")
    return redirect("inbox:call", key=key)


@allow("note")
@require_POST
def drop_call(request: HttpRequest, key: UUID) -> HttpResponse:
    calls.drop(get_object_or_404(InputCall, key=key), by=person(request), now=now_of(request))
    messages.success(request, "Dropped.")
    return redirect("inbox:calls")


@allow("note")
@require_POST
def add_theme(request: HttpRequest, key: UUID) -> HttpResponse:
    one, form = get_object_or_404(InputCall, key=key), ThemeForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: calls.add_theme(one, form.cleaned_data["name"], by=person(request), now=now_of(request))
    ):
        messages.success(request, "Added.")
        return redirect("inbox:call", key=key)
    return _page(request, one, theme_form=form)


@allow("note")
@require_POST
def group_replies(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put the ticked replies where they belong."""
    one, asked = get_object_or_404(InputCall, key=key), request.POST
    ticked = [int(word) for word in asked.getlist("reply") if word.isdecimal()]
    moved = calls.group(one, ticked, asked.get("to", ""), by=person(request), now=now_of(request))
    messages.success(request, f"{moved} {'reply' if moved == 1 else 'replies'} sorted.")
    return redirect("inbox:call", key=key)


@allow("note")
@require_POST
def settle_theme(request: HttpRequest, key: UUID) -> HttpResponse:
    """What becomes of a theme."""
    theme, form = get_object_or_404(Theme.objects.select_related("call"), key=key), OutcomeForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: calls.settle(theme, **form.cleaned_data, by=person(request), now=now_of(request))
    ):
        messages.success(request, "Noted.")
        return redirect("inbox:call", key=theme.call.key)
    return _page(request, theme.call, outcome_form=form, wrong=theme)


@allow("note")
@require_POST
def say_heard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note what was published as "what we heard"."""
    one, form = get_object_or_404(InputCall, key=key), HeardForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: calls.say_heard(one, *form.cleaned_data.values(), by=person(request), now=now_of(request))
    ):
        messages.success(request, "Noted. Now the result can go back to those who answered.")
        return redirect("inbox:call", key=key)
    return _page(request, one, heard_form=form)


@allow("answer")
@require_POST
def give_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send the result to the next people who answered."""
    one = get_object_or_404(InputCall, key=key)
    sent = returning.give_back(one, by=person(request), now=now_of(request))
    if sent.refused:
        return _page(request, one, sent=sent)
    messages.success(request, f"{sent.told} told{f', {sent.left} left' if sent.left else ': that is everybody'}.")
    return redirect("inbox:call", key=key)


@allow("note")
@require_POST
def close_call(request: HttpRequest, key: UUID) -> HttpResponse:
    one = get_object_or_404(InputCall, key=key)
    calls.close(one, request.POST.get("reason", ""), by=person(request), now=now_of(request))
    messages.success(request, "Closed: asked, heard, decided and told.")
    return redirect("inbox:call", key=key)


@allow("see_inbox")
@after_password
def call_table(request: HttpRequest, key: UUID) -> HttpResponse:
    """The replies with their themes for a spreadsheet; that they were taken away is in the audit trail."""
    one, user, now = get_object_or_404(InputCall, key=key), person(request), now_of(request)
    rows = calls.table(one, user, now)
    audit.record("exported_call", one, by=user, now=now, rows=len(rows))
    return as_csv("input-call.csv", NAMES, rows)


def _page(request: HttpRequest, one: InputCall, **forms: Any) -> HttpResponse:
    user, now = person(request), now_of(request)
    today, board = timezone.localdate(now), calls.board(one, user, now)
    returned = one.returned.select_related("reply__conversation", "person").order_by("at")
    context = {
        "here": "calls",
        "one": one,
        "board": board,
        "over": one.is_over(today),
        "late": one.is_overdue(today),
        "missing": [words for name, words in calls.NEEDED.items() if not getattr(one, name)],
        "hindrances": calls.hindrances(one, now) if one.state == "open" else [],
        "owed": len(calls.owed(one)) if one.state == "open" else 0,
        "ready": one.told_at is not None and all(theme.outcome for theme, _ in board.themes),
        "returned": returned,
        "kickstarters": one.kickstarters.select_related("channel"),
        "may_ask": may(user, "note", now),
        "may_answer": may(user, "answer", now),
        "theme_form": ThemeForm(),
        "outcome_form": OutcomeForm(auto_id=False),
        "heard_form": HeardForm(initial={"heard_words": one.heard_words, "heard_url": one.heard_url}),
        "most": returning.AT_ONCE,
    } | forms
    wrong = any(getattr(form, "errors", None) for form in forms.values()) or "sent" in forms
    return render(request, "people/call.html", context, status=422 if wrong else 200)


def _form(request: HttpRequest, form: CallForm, one: InputCall | None) -> HttpResponse:
    context = {"here": "calls", "form": form, "one": one}
    return render(request, "people/call_form.html", context, status=422 if form.errors else 200)
