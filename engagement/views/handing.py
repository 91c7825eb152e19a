"""Questions to departments: asked from a conversation, answered on a page that needs no inbox, brought back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person, who_may
from accounts.models import User
from accounts.refusals import Invalid, NotAllowed
from engagement import handing
from engagement.models import Handed
from engagement.reply_forms import AgainForm, HandForm
from engagement.views.acts import done
from engagement.views.asking import conversation_for, now_of

SHOWN = 200
WAIT = timedelta(days=2)


@allow("assign")
@require_http_methods(["GET", "POST"])
def hand(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask a department about this conversation."""
    conversation, me, now = conversation_for(request, key, "assign"), person(request), now_of(request)
    people = who_may("answer", now, conversation.channel.scope).order_by("name")
    mine = people.filter(pk=me.pk).exists()
    start = {"due": timezone.localtime(now + WAIT), "shows": not conversation.private, "back_to": me.pk if mine else ""}
    form = HandForm(people, handing.departments(), request.POST or None, initial=start)
    if form.is_valid():
        try:
            made = handing.hand(conversation, form.told(), by=me, now=now)
        except (Invalid, NotAllowed) as refusal:
            form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        else:
            return done(request, conversation, _asked(made, handing.people_of(made.department, now).count()))
    context = {"conversation": conversation, "form": form, "none": not handing.departments().exists()}
    return render(request, "engagement/replies/hand.html", context, status=422 if request.method == "POST" else 200)


def _asked(made: Handed, people: int) -> str:
    if people:
        return f"{made.department} is asked."
    return f"{made.department} is asked, but nobody has a right over it in Parley: send them the link yourself."


@allow("answer_handed")
def show_all(request: HttpRequest) -> HttpResponse:
    """What is asked of the person's departments, and what the desk waits for."""
    me, now = person(request), now_of(request)
    rows = Handed.objects.visible_to(me, now).select_related(
        "department", "conversation__channel", "asked_by", "back_to"
    )
    mine = set(Handed.objects.of_departments_of(me, now).filter(state="asked").values_list("pk", flat=True))
    waiting = list(rows.filter(state="asked").order_by("due_at")[:SHOWN])
    context = {
        "here": "handed",
        "mine": [_row(one, now) for one in waiting if one.pk in mine],
        "others": [_row(one, now) for one in waiting if one.pk not in mine],
        "answered": [_row(one, now) for one in rows.filter(state="answered").order_by("-answered_at")[:50]],
        "done": [_row(one, now) for one in rows.filter(state__in=["done", "taken_back"]).order_by("-asked_at")[:50]],
        "member": me.grants.current(now).filter(scope__kind="department").exists(),
        "desk": may(me, "see_inbox", now),
    }
    return render(request, "engagement/replies/all_handed.html", context)


def _row(one: Handed, now: object) -> dict[str, object]:
    return {"handed": one, "late": one.state == "asked" and one.due_at < now}  # type: ignore[operator]


@allow("answer_handed")
def show_handed(request: HttpRequest, ref: UUID) -> HttpResponse:
    return _page(request, _handed(request, ref))


def _handed(request: HttpRequest, ref: UUID) -> Handed:
    rows = Handed.objects.visible_to(person(request), now_of(request)).select_related(
        "department", "conversation__channel__scope", "about__person", "asked_by", "back_to", "answered_by"
    )
    return get_object_or_404(rows, key=ref)


def _page(request: HttpRequest, one: Handed, refusal: Invalid | None = None, said: str = "") -> HttpResponse:
    me, now = person(request), now_of(request)
    scope = one.conversation.channel.scope
    desk = may(me, "assign", now, scope)
    context = {
        "here": "handed",
        "one": one,
        "late": one.state == "asked" and one.due_at < now,
        "answers": one.state == "asked" and (handing.is_member(one, me, now) or may(me, "answer", now, scope)),
        "desk": desk,
        "opens": may(me, "see_inbox", now, scope),
        "again": AgainForm(initial={"due": timezone.localtime(now + WAIT)}) if desk else None,
        "refusal": refusal,
        "said": said,
    }
    return render(request, "engagement/replies/handed.html", context, status=422 if refusal else 200)


def _act(request: HttpRequest, ref: UUID, do: Callable[[Handed, User], Handed], words: str) -> HttpResponse:
    one = _handed(request, ref)
    try:
        do(one, person(request))
    except Invalid as refusal:
        return _page(request, one, refusal, request.POST.get("answer", ""))
    messages.success(request, words)
    return redirect("inbox:handed", one.key)


@allow("answer_handed")
@require_POST
def answer_handed(request: HttpRequest, ref: UUID) -> HttpResponse:
    now, text = now_of(request), request.POST.get("answer", "")
    words = "Thank you. The desk has your answer; the resident reads what the desk writes."
    return _act(request, ref, lambda one, me: handing.answer(one, text, by=me, now=now), words)


@allow("assign")
@require_POST
def ask_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The same department, with what is still open."""
    now, form = now_of(request), AgainForm(request.POST)

    def again(one: Handed, me: User) -> Handed:
        if not form.is_valid():
            raise Invalid("Say what is still open, and by when you need it.")
        return handing.ask_again(one, form.cleaned_data["open"], form.cleaned_data["due"], by=me, now=now)

    return _act(request, ref, again, "Asked once more.")


@allow("assign")
@require_POST
def finish_handed(request: HttpRequest, ref: UUID) -> HttpResponse:
    now = now_of(request)
    return _act(request, ref, lambda one, me: handing.finish(one, by=me, now=now), "Done.")


@allow("assign")
@require_POST
def take_handed_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    now = now_of(request)
    return _act(
        request, ref, lambda one, me: handing.take_back(one, by=me, now=now), "Taken back; nobody is asked any more."
    )
