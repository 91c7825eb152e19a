"""Acts on a conversation. Each is a POST; asked for by GET it is a small form, as a dialog or as a page."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, person, who_may
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from engagement import handling, replies
from engagement.forms import AssignForm, CloseForm, DecideForm, LabelForm
from engagement.models import Conversation, Reply
from engagement.views.asking import conversation_for, is_fragment, now_of
from engagement.views.conversation import panes

GET_OR_POST = ["GET", "POST"]


@allow("decide_delivery")
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what became of an answer that nobody could make sure of."""
    conversation = conversation_for(request, key, "decide_delivery")
    open_one = Reply.objects.select_related("delivery__channel")
    waiting = get_object_or_404(open_one, conversation=conversation, delivery__state="needs_attention")
    form = DecideForm(_sent(request), initial={"version": waiting.delivery and waiting.delivery.version})
    if form.is_valid():
        try:
            replies.decide(waiting, **form.cleaned_data, by=person(request), now=now_of(request))
        except (Invalid, IllegalMove) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            return done(request, conversation, "Noted.")
    return act_form(request, conversation, form, "decide", "What became of this answer?", "Decide")


@allow("answer")
@require_POST
def take(request: HttpRequest, key: UUID) -> HttpResponse:
    conversation = conversation_for(request, key, "answer")
    handling.assign(conversation, person(request), by=person(request), now=now_of(request))
    return done(request, conversation, "It is yours.")


@allow("assign")
@require_http_methods(GET_OR_POST)
def assign(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose who has it; nobody means everybody."""
    conversation = conversation_for(request, key, "assign")
    people = who_may("answer", now_of(request), conversation.channel.scope)
    form = AssignForm(people, _sent(request), initial={"to": conversation.assignee_id or ""})
    if not form.is_valid():
        return act_form(request, conversation, form, "assign", "Who has this conversation?", "Assign")
    to: User | None = form.cleaned_data["to"]
    handling.assign(conversation, to, by=person(request), now=now_of(request))
    return done(request, conversation, f"{to.name} has it now." if to else "It is everybody's again.")


@allow("close")
@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Done, for a reason."""
    conversation = conversation_for(request, key, "close")
    form = CloseForm(_sent(request), initial={"outcome": _likely(conversation)})
    if form.is_valid():
        try:
            handling.close(conversation, form.cleaned_data["outcome"], by=person(request), now=now_of(request))
        except Invalid as refusal:
            form.add_error("outcome", f"{refusal.words} {refusal.next_step}".strip())
        else:
            return done(request, conversation, "Closed.")
    return act_form(request, conversation, form, "close", "Why is this done?", "Close")


@allow("note")
@require_http_methods(GET_OR_POST)
def label(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose the labels it carries."""
    conversation = conversation_for(request, key, "note")
    form = LabelForm(_sent(request), initial={"labels": conversation.labels.all()})
    if not form.is_valid():
        return act_form(request, conversation, form, "label", "Labels", "Save")
    chosen = form.chosen()
    handling.label(conversation, chosen, by=person(request), now=now_of(request))
    return done(request, conversation, "Labels saved.")


@allow("note")
@require_POST
def note(request: HttpRequest, key: UUID) -> HttpResponse:
    return _act(
        request, key, "note", lambda one, by, now: handling.note(one, request.POST.get("note", ""), by=by, now=now)
    )


@allow("close")
@require_POST
def wait(request: HttpRequest, key: UUID) -> HttpResponse:
    return _act(request, key, "close", lambda one, by, now: handling.wait(one, by=by, now=now))


@allow("close")
@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    return _act(request, key, "close", lambda one, by, now: handling.reopen(one, by=by, now=now))


def _act(request: HttpRequest, key: UUID, act: str, do: Callable[..., object]) -> HttpResponse:
    conversation = conversation_for(request, key, act)
    do(conversation, person(request), now_of(request))
    return done(request, conversation)


def act_form(
    request: HttpRequest, conversation: Conversation, form: object, act: str, title: str, button: str
) -> HttpResponse:
    """The form of an act: a dialog over the page, or a page of its own."""
    context = {"conversation": conversation, "form": form, "title": title, "button": button}
    context |= {"url": reverse(f"inbox:{act}", args=[conversation.key]), "query": request.GET.urlencode()}
    template = "engagement/_dialog.html" if is_fragment(request) else "engagement/form.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def done(request: HttpRequest, conversation: Conversation, words: str = "") -> HttpResponse:
    """Back to the conversation as it is now: its panes, or its page."""
    if is_fragment(request):
        return panes(request, conversation_for(request, conversation.key), words=words, changed=True)
    if words:
        messages.success(request, words)
    query = request.GET.urlencode()
    return redirect(reverse("inbox:conversation", args=[conversation.key]) + (f"?{query}" if query else ""))


def _likely(conversation: Conversation) -> str:
    return "answered" if conversation.clock in {"answered", "outside"} else ""
