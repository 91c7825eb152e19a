"""The pages of promises: the list with its numbers, one promise, and the acts on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import allow, may, person
from accounts.models import User
from accounts.reentry import after_password
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from accounts.tables import as_csv
from channels_app.models import Channel
from engagement import closings, departments, promise_list, promises_kept, promising
from engagement.models import Conversation, Promise, PromiseReport
from engagement.promise_forms import EndForm, KeepForm, OwnerForm, ReDateForm
from engagement.promise_list import Wish
from engagement.views import services
from engagement.views.asking import now_of
from engagement.views.caught import owners

PAGE = 30
EMPTY = {
    "open": ("Nothing is promised", "What an answer promises is offered beside it, to be written down with one press."),
    "overdue": ("No promise is overdue", "Every open one still has time."),
    "kept": ("No promise was kept yet", "It shows here when one is closed with “It is done”."),
    "broken": ("No promise was broken", "Long may it last."),
    "withdrawn": ("No promise was taken back", "What turns out to be none is kept here with its reason."),
}


@allow("see_inbox")
def show_promises(request: HttpRequest) -> HttpResponse:
    """Open, overdue, kept, broken; how many were kept, week by week."""
    user, now, wish = person(request), now_of(request), Wish.of(request.GET)
    today = promising.today_of(now)
    page = Paginator(promise_list.rows(wish, user, now, today), PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.outcome = promises_kept.outcome(row, today)  # type: ignore[attr-defined]
        row.given = promise_list.is_given(row)  # type: ignore[attr-defined]
    weeks = promises_kept.by_week(promise_list.filtered(wish, user, now), today, promise_list.WEEKS)
    whole = promises_kept.total(one for _, one in weeks)
    title, words = EMPTY[wish.tab]
    context = {
        "wish": wish,
        "query": wish.query(),
        "page": page,
        "today": today,
        "tabs": _tabs(wish, promise_list.counts(wish, user, now, today)),
        "chips": _chips(wish, user, now),
        "whole": whole,
        "weeks": [_week(wish, monday, one) for monday, one in reversed(weeks) if one.due],
        "services": services.lines(wish, user, now),
        "span": promise_list.WEEKS,
        "empty": {"title": title, "words": words},
    }
    return render(request, "engagement/promises/all.html", context | _menus(wish, user, now))


def _tabs(wish: Wish, counts: dict[str, int]) -> list[dict[str, Any]]:
    here = reverse("promises:all")
    return [
        {
            "name": name,
            "url": f"{here}?{wish.query(tab=tab, outcome='', week=None)}",
            "count": counts[tab] or "",
            "active": not wish.outcome and tab == wish.tab,
            "tone": "alarm" if tab == "overdue" and counts[tab] else "",
        }
        for tab, name in promise_list.TABS.items()
    ]


def _week(wish: Wish, monday: Any, one: promises_kept.Tally) -> dict[str, Any]:
    """A line of the table; every number leads to its rows."""
    here = reverse("promises:all")
    cells = [
        (getattr(one, name), f"{here}?{wish.query(outcome=name, week=monday)}")
        for name in ("due", *promises_kept.OUTCOMES)
    ]
    return {"monday": monday, "cells": cells, "percent": one.percent}


def _chips(wish: Wish, user: User, now: datetime) -> list[dict[str, str]]:
    here = reverse("promises:all")
    chips = []
    if wish.outcome:
        words = promises_kept.OUTCOMES.get(wish.outcome, "Fell due")
        chips.append({"words": words, "url": f"{here}?{wish.query(outcome='')}"})
    if wish.week:
        chips.append(
            {"words": f"Week of {wish.week.day} {wish.week:%B}", "url": f"{here}?{wish.query(week=None, outcome='')}"}
        )
    if wish.department:
        words = departments.name_of(wish.department)
        chips.append({"words": words, "url": f"{here}?{wish.query(department='', outcome='')}"})
    if wish.public:
        words = "May be told in public" if wish.public == "yes" else "Private"
        chips.append({"words": words, "url": f"{here}?{wish.query(public='')}"})
    return chips


def _menus(wish: Wish, user: User, now: datetime) -> dict[str, Any]:
    here = reverse("promises:all")
    seen = Promise.objects.visible_to(user, now)
    people = User.objects.filter(pk__in=seen.values("owner")).order_by("name")
    channels = Channel.objects.filter(pk__in=seen.values("conversation__channel")).order_by("name")

    def items(name: str, rows: list[tuple[str, str]]) -> list[dict[str, Any]]:
        chosen = getattr(wish, name)
        everything = [("Everybody" if name == "owner" else "All", "")]
        return [
            {"words": words, "url": f"{here}?{wish.query(**{name: value})}", "current": value == chosen}
            for words, value in [*everything, *rows]
        ]

    return {
        "owner_items": items("owner", [(one.name, str(one.key)) for one in people]),
        "channel_items": items("channel", [(one.name, str(one.key)) for one in channels]),
        "public_items": items("public", [("May be told in public", "yes"), ("Private", "no")]),
    }


@allow("see_inbox")
@after_password
def table(request: HttpRequest) -> HttpResponse:
    """What the page lists, for a spreadsheet; without a tab or a number that was followed, everything it sees."""
    user, now, wish = person(request), now_of(request), Wish.of(request.GET)
    today = promising.today_of(now)
    found = promise_list.rows(wish, user, now, today)
    if request.GET.get("all"):
        found = promise_list.whole(promise_list.filtered(wish, user, now)).order_by("first_due_on", "id")
    rows = promise_list.table(found, today)
    audit.record("exported_promises", None, by=user, now=now, subject="Promises", rows=len(rows))
    return as_csv("promises.csv", promise_list.NAMES, rows)


@allow("see_inbox")
def show_promise(request: HttpRequest, key: UUID) -> HttpResponse:
    return page_of(request, promise_for(request, key))


def promise_for(request: HttpRequest, key: UUID, act: str = "see_inbox") -> Promise:
    """The promise, or 404 where this person may not do this act on its channel."""
    rows: QuerySet[Promise] = Promise.objects.visible_to(person(request), now_of(request), act)
    whole = rows.select_related("conversation__channel__scope", "conversation__person", "owner", "reply", "ended_by")
    found: Promise = get_object_or_404(whole.select_related("made_by"), key=key)
    return found


def page_of(request: HttpRequest, row: Promise, **bound: forms.Form) -> HttpResponse:
    """One promise with its reporters and its forms; a form in `bound` was refused and keeps what was typed."""
    user, now = person(request), now_of(request)
    scope, today = row.conversation.channel.scope, promising.today_of(now)
    seen = Conversation.objects.visible_to(user, now)
    reports = row.reports.filter(conversation__in=seen).select_related(
        "conversation__channel", "conversation__person", "reply__author", "reply__delivery"
    )
    shown = list(reports)
    drafts = [one for one in shown if one.reply and one.reply.state == "draft" and one.reply.author_id == user.pk]
    given = {
        "re_date": ReDateForm(initial={"due_on": row.due_on}),
        "hand_over": OwnerForm(owners(row.conversation, now), initial={"owner": row.owner.key}),
        "keep": KeepForm(initial={"closing": f"It is done: {row.what.rstrip('.')}. Thank you for telling us."}),
        "break": EndForm(auto_id="break_%s"),
        "withdraw": EndForm(auto_id="withdraw_%s"),
    }
    context = {
        "row": row,
        "outcome": promises_kept.outcome(row, today),
        "outcome_words": promises_kept.OUTCOMES.get(promises_kept.outcome(row, today), row.get_state_display()),
        "given": promise_list.is_given(row),
        "reports": shown,
        "hidden": row.reports.count() - len(shown),
        "drafts": drafts,
        "undrafted": [one for one in shown if one.reply is None or one.reply.state == "dropped"],
        "days": row.days.select_related("by"),
        "forms": given | bound,
        "refused": next(iter(bound), ""),
        "may_answer": may(user, "answer", now, scope),
        "may_assign": may(user, "assign", now, scope),
        "may_post": may(user, "write_post", now),
    }
    return render(request, "engagement/promises/promise.html", context, status=422 if bound else 200)


def _act(request: HttpRequest, row: Promise, name: str, form: forms.Form, do: Any, words: str) -> HttpResponse:
    """Carry out what a form of the page asks for; a refusal stands over the form, with what was typed."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except (Invalid, IllegalMove, LostRace, NotAllowed) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            messages.success(request, words)
            return redirect(promising.address(row))
    return page_of(request, promise_for(request, row.key), **{name: form})


@allow("assign")
@require_POST
def re_date(request: HttpRequest, key: UUID) -> HttpResponse:
    row, by, now = promise_for(request, key, "assign"), person(request), now_of(request)
    form = ReDateForm(request.POST)
    return _act(
        request, row, "re_date", form, lambda f: promising.re_date(row, **f, by=by, now=now), "The day is changed."
    )


@allow("assign")
@require_POST
def hand_over(request: HttpRequest, key: UUID) -> HttpResponse:
    row, by, now = promise_for(request, key, "assign"), person(request), now_of(request)
    form = OwnerForm(owners(row.conversation, now), request.POST)
    return _act(
        request, row, "hand_over", form, lambda f: promising.hand_over(row, **f, by=by, now=now), "Handed over."
    )


@allow("answer")
@require_POST
def keep(request: HttpRequest, key: UUID) -> HttpResponse:
    """It is done: the closing answers are drafted."""
    words = "Kept. The closing answers are drafted below; read them, then send them."
    return _end(request, key, "kept", "keep", KeepForm(request.POST), words)


@allow("answer")
@require_POST
def break_promise(request: HttpRequest, key: UUID) -> HttpResponse:
    """It was not kept and will not be."""
    return _end(request, key, "broken", "break", EndForm(request.POST, auto_id="break_%s"), "Marked as broken.")


@allow("answer")
@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """It is taken back, such as when it was none."""
    return _end(request, key, "withdrawn", "withdraw", EndForm(request.POST, auto_id="withdraw_%s"), "Withdrawn.")


def _end(request: HttpRequest, key: UUID, how: str, name: str, form: forms.Form, words: str) -> HttpResponse:
    row, by, now = promise_for(request, key, "answer"), person(request), now_of(request)
    return _act(request, row, name, form, lambda f: promising.end(row, how, **f, by=by, now=now), words)


@allow("answer")
@require_POST
def leave(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a conversation that was joined by mistake away again."""
    row, by, now = promise_for(request, key, "answer"), person(request), now_of(request)
    seen = Conversation.objects.visible_to(by, now, "answer").filter(promise_reports__promise=row)
    named = promise_list.key_of(request.POST.get("conversation", ""))
    if not named:
        raise Invalid("Say which conversation is not about this.")
    promising.leave(row, get_object_or_404(seen, key=named), by=by, now=now)
    messages.success(request, "Taken away from this promise.")
    return redirect(promising.address(row))


@allow("answer")
@require_POST
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """Draft the closing answers that are missing, in this person's name."""
    row, by, now = promise_for(request, key, "answer"), person(request), now_of(request)
    made = promising.draft_rest(row, by=by, now=now)
    messages.info(request, f"{made} drafted." if made else "Nothing could be drafted; each line says why.")
    return redirect(promising.address(row))


@allow("answer")
@require_POST
def send(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send this person's drafted closing answers, each by the ordinary way."""
    row, by, now = promise_for(request, key, "answer"), person(request), now_of(request)
    sent, held = closings.send(PromiseReport.objects.filter(promise=row), by=by, now=now)
    if sent:
        messages.success(request, f"{sent} on the way, or waiting for a signature.")
    for words in held:
        messages.error(request, words)
    return redirect(promising.address(row))
