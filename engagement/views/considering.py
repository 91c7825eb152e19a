"""The two guided forms, and how often which reason was given."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, person, who_may
from accounts.refusals import Invalid
from engagement import cases, considered, wording
from engagement.models import Conversation, Reply
from engagement.reply_forms import FixForm, NoForm
from engagement.views.acts import done
from engagement.views.asking import conversation_for, now_of

GET_OR_POST = ["GET", "POST"]
DAYS = 90
INTO = "The words are in the reply box. Read them, change them, send them."


@allow("answer")
@require_http_methods(GET_OR_POST)
def promise_a_fix(request: HttpRequest, key: UUID) -> HttpResponse:
    """We'll fix it."""
    conversation, me, now = conversation_for(request, key, "answer"), person(request), now_of(request)
    people = who_may("note", now, conversation.channel.scope).order_by("name")
    start = {"owner": me.pk, "reference": cases.for_answer(conversation)[0], "public": not conversation.private}
    form = FixForm(people, request.POST or None, initial=start)
    return _form(request, conversation, form, "fix")


@allow("answer")
@require_http_methods(GET_OR_POST)
def say_no(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sorry, we can't, because."""
    conversation = conversation_for(request, key, "answer")
    return _form(request, conversation, NoForm(request.POST or None), "no")


def _form(request: HttpRequest, conversation: Conversation, form: FixForm | NoForm, kind: str) -> HttpResponse:
    me, now = person(request), now_of(request)
    draft, parent = wording.draft_of(conversation, me), wording.last_asked(conversation)
    if form.is_valid():
        try:
            considered.compose(conversation, form.told(), draft.text if draft else "", by=me, now=now)
        except Invalid as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            messages.success(request, INTO)
            return redirect(reverse("inbox:conversation", args=[conversation.key]) + "#reply")
    context = {"conversation": conversation, "form": form, "kind": kind, "parent": parent, "draft": draft}
    status = 422 if request.method == "POST" else 200
    return render(request, "engagement/replies/considered.html", context, status=status)


@allow("answer")
@require_POST
def drop_form(request: HttpRequest, key: UUID) -> HttpResponse:
    """The words in the box go on as an ordinary answer."""
    conversation = conversation_for(request, key, "answer")
    draft = wording.draft_of(conversation, person(request))
    if draft is not None:
        considered.drop(draft)
    return done(request, conversation, "It is an ordinary answer now.")


@allow("see_inbox")
def show_reasons(request: HttpRequest) -> HttpResponse:
    """How often the town said no in the last three months, and why."""
    now = now_of(request)
    seen = Conversation.objects.visible_to(person(request), now)
    replies = Reply.objects.filter(conversation__in=seen)
    since = now - timedelta(days=DAYS)
    counted = considered.counted(replies, since)
    context = {
        "here": "reasons",
        "days": DAYS,
        "rows": [{"words": words, "count": count, "code": code} for code, words, count in counted],
        "total": sum(count for _, _, count in counted),
        "most": max((count for _, _, count in counted), default=0),
        "noes": considered.noes(replies, since)[:50],
    }
    return render(request, "engagement/replies/reasons.html", context)
