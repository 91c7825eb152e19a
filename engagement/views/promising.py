"""Promises made in a conversation: caught beside the reply box, declined, made by hand, or joined."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid, Refusal
from engagement import promising, wording
from engagement.issue_forms import AddForm
from engagement.models import Conversation, Issue, Promise, Reply
from engagement.promise_forms import JoinForm, PromiseForm
from engagement.views.acts import done
from engagement.views.asking import conversation_for, is_fragment, now_of
from engagement.views.caught import owners
from engagement.views.conversation import panes

MOST = 60  # open promises offered to be joined


@allow("answer")
@require_POST
def catch(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down what the words of an answer promise; the words are kept as a draft first."""
    conversation, asked = conversation_for(request, key, "answer"), request.POST
    n, by, now = asked.get("caught", ""), person(request), now_of(request)
    draft = _keep(request, conversation)
    form = PromiseForm(owners(conversation, now), _with_public(asked, n, conversation), prefix=f"c{n}")
    if form.is_valid():
        facts, quote = form.cleaned_data, asked.get(f"c{n}-quote", "")
        try:
            promising.promise(conversation, **facts, reply=draft, quote=quote, by=by, now=now)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            return done(request, conversation, "Promised. The owner is reminded before the day.")
    if is_fragment(request):
        first = next(iter(form.errors.values()))[0]
        return panes(request, conversation_for(request, key, "answer"), refusal=Invalid(str(first)))
    return _page(request, conversation, form)


def _with_public(asked: QueryDict, n: str, conversation: Conversation) -> QueryDict:
    """A promise caught from a public answer may be told in public."""
    typed = asked.copy()
    typed[f"c{n}-public"] = "" if conversation.private else "on"
    return typed


def _keep(request: HttpRequest, conversation: Conversation) -> Reply | None:
    asked = request.POST
    return wording.save(
        conversation,
        asked.get("text", ""),
        by=person(request),
        now=now_of(request),
        form_key=asked.get("form_key", "")[:40],
        situation=asked.get("situation", ""),
    )


@allow("answer")
@require_POST
def decline(request: HttpRequest, key: UUID) -> HttpResponse:
    """These words are no promise; asked about no more."""
    conversation, asked = conversation_for(request, key, "answer"), request.POST
    _keep(request, conversation)
    quote = asked.get(f"c{asked.get('no_promise', '')}-quote", "")
    promising.decline(conversation, quote, by=person(request), now=now_of(request))
    return done(request, conversation, "Noted: no promise.")


@allow("answer")
@require_http_methods(["GET", "POST"])
def promise(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make a promise by hand."""
    conversation, now = conversation_for(request, key, "answer"), now_of(request)
    typed = request.POST if request.method == "POST" else None
    form = PromiseForm(owners(conversation, now), typed, initial={"owner": person(request).key})
    if form.is_valid():
        try:
            made = promising.promise(conversation, **form.cleaned_data, by=person(request), now=now)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            messages.success(request, "Promised. The owner is reminded before the day.")
            return redirect(promising.address(made))
    return _page(request, conversation, form)


def _page(request: HttpRequest, conversation: Conversation, form: PromiseForm) -> HttpResponse:
    open_ones = Issue.objects.visible_to(person(request), now_of(request), "answer").filter(state="open")
    open_ones = open_ones.exclude(members__conversation=conversation, members__out_at=None)
    context = {
        "conversation": conversation,
        "form": form,
        "join": JoinForm(joinable(request, conversation)),
        "add": AddForm(open_ones),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "engagement/promises/new.html", context, status=status)


@allow("answer")
@require_POST
def join(request: HttpRequest, key: UUID) -> HttpResponse:
    """This person asked for the same as somebody before: they hear when it is done."""
    conversation, now = conversation_for(request, key, "answer"), now_of(request)
    form = JoinForm(joinable(request, conversation), request.POST)
    if not form.is_valid():
        messages.error(request, "That promise is not open any more; choose another one.")
        return redirect(reverse("promises:new", args=[key]))
    row: Promise = form.cleaned_data["promise"]
    promising.join(row, [conversation], by=person(request), now=now)
    messages.success(request, "Joined: this person is told when it is done.")
    return redirect(promising.address(row))


def joinable(request: HttpRequest, conversation: Conversation) -> QuerySet[Promise]:
    """Open promises this person answers for and that the conversation does not belong to yet, the newest first."""
    rows = Promise.objects.visible_to(person(request), now_of(request), "answer").filter(state="open")
    rows = rows.exclude(reports__conversation=conversation).order_by("-made_at")
    return Promise.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:MOST])).order_by("-made_at")
