"""The library of approved answers: made from a sent reply, approved, looked at again, put away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, may, person
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from engagement import library
from engagement.models import Answer, Conversation, Reply
from engagement.reply_forms import AnswerForm, review_day
from engagement.views.asking import conversation_for, now_of

GET_OR_POST = ["GET", "POST"]
TABS = {"approved": "In force", "review": "To review", "in_review": "Wait for approval", "draft": "Drafts",
        "retired": "Put away"}  # fmt: skip


@allow("see_inbox")
def show_answers(request: HttpRequest) -> HttpResponse:
    """The library by state, or what holds the words looked for."""
    day, query = library.today(now_of(request)), request.GET.get("q", "").strip()[:100]
    tab = request.GET.get("tab", "approved")
    tab = tab if tab in TABS else "approved"
    rows = _of_tab(tab, day) if not query else list(library.search(query))
    base = request.path
    tabs = [
        {"name": name, "url": f"{base}?tab={one}", "active": one == tab and not query, "count": len(_of_tab(one, day))}
        for one, name in TABS.items()
    ]
    shown = [{"answer": one, "overdue": library.is_overdue(one, day)} for one in rows]
    context = {"here": "answers", "query": query, "tabs": tabs, "rows": shown, "tab": tab}
    return render(request, "engagement/replies/answers.html", context)


def _of_tab(tab: str, day: date) -> list[Answer]:
    rows = Answer.objects.select_related("topic", "author", "approver")
    if tab == "review":
        return list(rows.filter(state="approved", review_on__lte=day + library.AHEAD).order_by("review_on"))
    return list(rows.filter(state=tab).order_by("question"))


@allow("see_inbox")
def show_answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One answer: its words, who decides, where it was used."""
    return _page(request, _answer(ref))


def _answer(ref: UUID) -> Answer:
    rows = Answer.objects.select_related("topic", "author", "approver", "instead_of", "source__conversation")
    return get_object_or_404(rows, key=ref)


def _page(request: HttpRequest, held: Answer, refusal: Invalid | LostRace | None = None) -> HttpResponse:
    me, now = person(request), now_of(request)
    people, why = library.deciders(held.topic, now)
    seen = Conversation.objects.visible_to(me, now)
    used = list(library.used_in(held)[:100])
    open_to_me = set(seen.filter(pk__in=[one.reply.conversation_id for one in used]).values_list("pk", flat=True))
    context = {
        "here": "answers",
        "answer": held,
        "overdue": library.is_overdue(held, library.today(now)),
        "people": people,
        "why": why,
        "decides": me in people and me.pk != held.author_id,
        "reviews": me in people,
        "writes": may(me, "answer", now),
        "used": [{"use": one, "open": one.reply.conversation_id in open_to_me} for one in used],
        "suggested": review_day(now),
        "refusal": refusal,
    }
    return render(request, "engagement/replies/answer.html", context, status=422 if refusal else 200)


@allow("answer")
@require_http_methods(GET_OR_POST)
def make_reusable(request: HttpRequest, key: UUID) -> HttpResponse:
    """A draft for the library from an answer that was sent in this conversation: the one named, else the newest."""
    conversation, now = conversation_for(request, key, "answer"), now_of(request)
    sent = Reply.objects.filter(conversation=conversation, state="published").select_related("parent").order_by("-id")
    wanted = request.POST.get("reply") or request.GET.get("reply", "")
    source = next((one for one in sent if str(one.key) == wanted), None) or sent.first()
    start: dict[str, object] = {"review_on": review_day(now)}
    if source is not None:
        start |= {"text": source.text, "question": source.parent.text[:160]}
    form = AnswerForm(request.POST or None, initial=start)
    made = _kept(form, lambda words: library.make(words, by=person(request), now=now, source=source))
    if made is not None:
        messages.success(request, "A draft for the library. Ask for its approval when it is ready.")
        return redirect("inbox:answer", made.key)
    context = {"here": "answers", "form": form, "source": source, "conversation": conversation, "held": None}
    return render(request, "engagement/replies/answer_form.html", context, status=_status(request))


@allow("answer")
@require_http_methods(GET_OR_POST)
def edit_answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A draft's words; for an approved one, the draft that is to take its place."""
    held, now = _answer(ref), now_of(request)
    start = {"question": held.question, "text": held.text, "topic": held.topic, "review_on": held.review_on}
    if held.state == "approved":
        start["review_on"] = review_day(now)
    form = AnswerForm(request.POST or None, initial=start)
    version = _version(request)
    made = _kept(form, lambda words: library.change(held, words, version, by=person(request), now=now))
    if made is not None:
        messages.success(request, "The draft is kept.")
        return redirect("inbox:answer", made.key)
    context = {"here": "answers", "form": form, "held": held}
    return render(request, "engagement/replies/answer_form.html", context, status=_status(request))


def _kept(form: AnswerForm, keep: Callable[[library.Words], Answer]) -> Answer | None:
    if not form.is_valid():
        return None
    try:
        return keep(form.words())
    except (Invalid, LostRace) as refusal:
        form.add_error(None, f"{refusal.words} {refusal.next_step}".strip())
        return None


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() else -1


def _act(request: HttpRequest, ref: UUID, do: Callable[[Answer, User], Answer], words: str) -> HttpResponse:
    held = _answer(ref)
    try:
        done = do(held, person(request))
    except Invalid as refusal:
        return _page(request, held, refusal)
    messages.success(request, words)
    return redirect("inbox:answer", done.key)


@allow("answer")
@require_POST
def ask_for_answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    now = now_of(request)
    return _act(request, ref, lambda held, me: library.ask(held, by=me, now=now), "Asked. It is offered once approved.")


@allow("decide_answer")
@require_POST
def approve_answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    now, version = now_of(request), _version(request)
    words = "Approved. It is offered beside every reply box now."
    return _act(request, ref, lambda held, me: library.approve(held, version, by=me, now=now), words)


@allow("decide_answer")
@require_POST
def send_answer_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    now, version, reason = now_of(request), _version(request), request.POST.get("reason", "")
    return _act(
        request,
        ref,
        lambda held, me: library.send_back(held, reason, version, by=me, now=now),
        "Sent back to its author.",
    )


@allow("decide_answer")
@require_POST
def renew_answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Still right, until another day."""
    now, version = now_of(request), _version(request)

    def renew(held: Answer, me: User) -> Answer:
        try:
            on = date.fromisoformat(request.POST.get("review_on", ""))
        except ValueError:
            raise Invalid("Choose the day of the next review.") from None
        return library.renew(held, on, version, by=me, now=now)

    return _act(request, ref, renew, "Looked at again; it stays in force.")


@allow("answer")
@require_POST
def retire_answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    now = now_of(request)
    return _act(request, ref, lambda held, me: library.retire(held, by=me, now=now), "Put away. It is offered no more.")
