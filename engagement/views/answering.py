"""Writing an answer: keep it, check it, send it, have it signed. What is refused stays in the box, with the reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, person, require
from accounts.refusals import Invalid, LostRace, NotAllowed
from engagement import attending, checking, cooling, replies, signing, wording
from engagement.models import Conversation, Reply
from engagement.nudges import span
from engagement.replies import Sending
from engagement.views.acts import done
from engagement.views.asking import conversation_for, is_fragment, now_of
from engagement.views.conversation import panel, panes
from policy import setting

JUDGING = ("override", "dismiss", "speak_again", "fix")
WAYS = {
    "pick": "inbox:pick",
    "fix": "inbox:promise-a-fix",
    "no": "inbox:say-no",
    "together": "inbox:answer-together",
    "hand": "inbox:hand",
}
HELD = "It reads sharp, so it goes out in {}; until then you can take it back."
TO_SIGN, ON_ITS_WAY = "Asked for sign-off; it goes out when it is signed.", "The answer is on its way."


@allow("answer")
@require_POST
def reply(request: HttpRequest, key: UUID) -> HttpResponse:
    """Hand an answer over, or do what a small button beside its words asks for."""
    conversation, asked = conversation_for(request, key, "answer"), request.POST
    sending = Sending(
        text=asked.get("text", ""),
        form_key=asked.get("form_key", "")[:40],
        answers=int(asked["answers"]) if asked.get("answers", "").isdecimal() else None,
        close_after=asked.get("then") == "close",
        situation=asked.get("situation", ""),
        language=asked.get("language"),
    )
    try:
        if asked.get("go") in WAYS:
            return _go(request, conversation)
        if any(asked.get(name) for name in JUDGING):
            return _small(request, conversation)
        sent = replies.release(conversation, sending, by=person(request), now=now_of(request))
    except (Invalid, LostRace, NotAllowed) as refusal:
        if not is_fragment(request):
            raise
        return panes(request, conversation, refusal=refusal)
    held = cooling.until(sent.delivery, now_of(request))
    on_its_way = HELD.format(span(held - now_of(request))) if held else ON_ITS_WAY
    return done(request, conversation, TO_SIGN if sent.state == "in_review" else on_its_way)


def _go(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """To a form of its own, with what is typed kept as the draft."""
    _keep(request, conversation)
    url = reverse(WAYS[request.POST["go"]], args=[conversation.key])
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if is_fragment(request) else redirect(url)


def _small(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """A fix, an override or a dismissal; the words are kept as a draft first."""
    by, now, asked = person(request), now_of(request), request.POST
    kept = _keep(request, conversation)
    if kept is not None and asked.get("fix"):
        checked = checking.look(kept.parent, kept.text, kept.situation, reply=kept, by=by, now=now)
        text = checking.fixed(kept.text, checked, asked["fix"])
        wording.save(conversation, text, by=by, now=now, situation=kept.situation)
    elif kept is not None:
        if asked.get("override"):
            require(by, "override_check", now, conversation.channel.scope)
        checking.judge(conversation, asked.dict(), by=by, now=now)
    if is_fragment(request):
        return panes(request, conversation_for(request, conversation.key))
    return done(request, conversation)


def _keep(request: HttpRequest, conversation: Conversation) -> Reply | None:
    asked = request.POST
    return wording.save(
        conversation,
        asked.get("text", ""),
        by=person(request),
        now=now_of(request),
        form_key=asked.get("form_key", "")[:40],
        situation=asked.get("situation", ""),
        language=asked.get("language"),
    )


@allow("answer")
@require_POST
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep what was typed; say how long it is, as the platform counts, and what the checks say."""
    conversation = conversation_for(request, key, "answer")
    kept = _keep(request, conversation)
    if not is_fragment(request):
        return done(request, conversation, "Your draft is kept.")
    attending.here(conversation, person(request), now_of(request), typed=True)
    own = kept if kept and kept.state == "draft" else None
    parent = own.parent if own else wording.last_asked(conversation)
    if parent is None:
        return HttpResponse(status=204)
    text = request.POST.get("text", "")
    here = setting.at(now_of(request), request.town)  # type: ignore[attr-defined]
    box = panel(request, here, parent, text, own, request.POST.get("situation", ""), conversation)
    return render(request, "engagement/_typed.html", {"box": box, "kept": bool(kept), "conversation": conversation})


@allow("answer")
@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back an answer that has not gone out, or that waits for a signature."""
    conversation, by, now = conversation_for(request, key, "answer"), person(request), now_of(request)
    asked = Reply.objects.filter(conversation=conversation, state="in_review", author=by).first()
    if asked is not None:
        signing.withdraw(asked, by=by, now=now)
    else:
        under_way = get_object_or_404(Reply, conversation=conversation, state="released")
        replies.withdraw(under_way, by=by, now=now)
    return done(request, conversation, "Taken back. The words are a draft again.")


@allow("approve_reply")
@require_POST
def approve_reply(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sign the answer that waits here, in exactly the words that were on the page."""
    waiting, asked = _waiting(request, key), request.POST
    remark = asked.get("remark", "")[:500]
    replies.approve(waiting, asked.get("seen", ""), by=person(request), now=now_of(request), remark=remark)
    messages.success(request, "Signed. The answer is on its way.")
    return redirect("desk:sign-off")


@allow("answer")
@require_POST
def look_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """The writer's own second look at the answer that waits, where nobody else can sign it."""
    waiting = _waiting(request, key, "answer")
    replies.look_again(waiting, request.POST.get("seen", ""), by=person(request), now=now_of(request))
    messages.success(request, "Looked at again. The answer is on its way.")
    return redirect("desk:sign-off")


@allow("approve_reply")
@require_POST
def send_back_reply(request: HttpRequest, key: UUID) -> HttpResponse:
    signing.send_back(_waiting(request, key), request.POST.get("reason", ""), by=person(request), now=now_of(request))
    messages.success(request, "Sent back to its writer.")
    return redirect("desk:sign-off")


def _waiting(request: HttpRequest, key: UUID, act: str = "approve_reply") -> Reply:
    """The answer the form names; the one that waits longest where it names none."""
    conversation = conversation_for(request, key, act)
    rows = Reply.objects.select_related("parent__channel__scope", "parent__person", "author", "conversation")
    waiting = rows.filter(conversation=conversation, state="in_review").order_by("asked_at")
    named = request.POST.get("reply", "")
    found = next((one for one in waiting if str(one.key) == named), None) if named else waiting.first()
    if found is None:
        raise LostRace("This does not wait for a signature any more.", next_step="Load the queue again.")
    return found
