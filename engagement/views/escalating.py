"""Escalating a conversation, choosing between answers, and deciding on one in other words than were asked for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import allow, person
from accounts.models import Town
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed, Refusal
from accounts.walltime import to_wall
from engagement import choosing, deciding, escalating, replies, signing, wording
from engagement.escalating_forms import WALL, EscalateForm
from engagement.models import Conversation, Reply
from engagement.views.asking import conversation_for, now_of
from engagement.views.signing import dressed
from policy import setting

GET_OR_POST = ["GET", "POST"]


@allow("answer")
@require_http_methods(GET_OR_POST)
def escalate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask whoever has the final say; what was typed stays in the form where it is refused."""
    conversation, by, now = conversation_for(request, key, "answer"), person(request), now_of(request)
    form = EscalateForm(request.POST or None, now=now, initial=_suggested(conversation, request))
    if form.is_valid():
        try:
            made = escalating.escalate(conversation, form.question(), form.cleaned_data["text"], by=by, now=now)
        except (Invalid, IllegalMove, LostRace) as refused:
            form.add_error(None, f"{refused.words} {refused.next_step}".strip())
        else:
            messages.success(request, f"Escalated. {made.why}")
            return redirect("inbox:conversation", key)
    context = {"conversation": conversation, "form": form, "asked": wording.last_asked(conversation)}
    return render(request, "engagement/escalate.html", context, status=422 if request.method == "POST" else 200)


def _suggested(conversation: Conversation, request: HttpRequest) -> dict[str, object]:
    now, draft = now_of(request), wording.draft_of(conversation, person(request))
    labels, offered = conversation.label_names, escalating.subjects(now)  # type: ignore[attr-defined]
    return {
        "subject": escalating.suggested(labels, conversation.excerpt, offered),
        "text": draft.text if draft else "",
        "due": to_wall(escalating.decide_by(conversation, now), Town.here().zone).strftime(WALL),
    }


@allow("choose_answer")
@require_http_methods(GET_OR_POST)
def choose(request: HttpRequest, key: UUID) -> HttpResponse:
    """The answers that wait here side by side; one is chosen."""
    conversation = conversation_for(request, key, "choose_answer")
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            kept = choosing.choose(conversation, request.POST.get("reply", ""), by=person(request), now=now_of(request))
        except (Invalid, LostRace, NotAllowed) as refusal:
            refused = refusal
        else:
            messages.success(request, f"{kept.author.name}'s answer was chosen; the other words are kept.")
            return redirect("desk:sign-off" if kept.state == "in_review" else "inbox:conversation", *_where(kept, key))
    rows = choosing.pending(conversation)
    context = {
        "conversation": conversation,
        "answers": [(one, wording.signed(one.parent, one.text, one.author), deciding.of(one)) for one in rows],
        "asked": wording.last_asked(conversation),
        "refused": refused,
    }
    status = refused.status if refused else 200
    return render(request, "engagement/choose.html", context, status=status)


def _where(kept: Reply, key: UUID) -> list[UUID]:
    return [] if kept.state == "in_review" else [key]


@allow("approve_reply")
@require_http_methods(GET_OR_POST)
def edit_and_approve_reply(request: HttpRequest, key: UUID) -> HttpResponse:
    """Other words for the answer that waits, signed in one act; refused, they are still in the box."""
    conversation = conversation_for(request, key, "approve_reply")
    waiting = signing.whole(Reply.objects.filter(conversation=conversation, state="in_review")).order_by("asked_at")
    asked = request.POST if request.method == "POST" else request.GET
    named = asked.get("reply", "")
    reply = next((one for one in waiting if str(one.key) == named), None) if named else waiting.first()
    text, refused = request.POST.get("text", ""), None
    if request.method == "POST":
        try:
            replies.approve(
                _still(reply), asked.get("seen", ""), by=person(request), now=now_of(request), text=text,
                remark=asked.get("remark", "").strip()[:500],
            )  # fmt: skip
        except (Invalid, IllegalMove, LostRace, NotAllowed) as refusal:
            refused = refusal
        else:
            messages.success(request, "Signed in your words. The answer is on its way.")
            return redirect("desk:sign-off")
    if reply is not None:
        reply = signing.whole(Reply.objects.filter(pk=reply.pk)).get()
    here = setting.at(now_of(request), request.town)  # type: ignore[attr-defined]
    one = dressed(request, reply, here) if reply is not None and reply.state == "in_review" else None
    context = {"conversation": conversation, "one": one, "text": text, "typed": bool(text), "refused": refused}
    return render(request, "engagement/mend.html", context, status=refused.status if refused else 200)


def _still(reply: Reply | None) -> Reply:
    if reply is None:
        raise LostRace("This does not wait for a signature any more.", next_step="Your words are still in the box.")
    return reply
