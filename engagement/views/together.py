"""One answer for many: choose who is answered, write it once."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import allow, person
from accounts.refusals import Invalid, LostRace, NotAllowed, Refusal
from engagement import answering_together, together
from engagement.models import Conversation, Reply
from engagement.replies import Sending
from engagement.views.asking import conversation_for, now_of


@allow("answer")
@require_http_methods(["GET", "POST"])
def answer_together(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page on which they are chosen and answered; what is refused stays in it."""
    lead, now = conversation_for(request, key, "answer"), now_of(request)
    there = answering_together.alike(lead, person(request), now)
    if request.method != "POST":
        return _page(request, lead, there, [str(one.key) for one in there], _before(lead, request))
    wanted = request.POST.getlist("chosen")
    chosen = [one for one in there if str(one.key) in wanted]
    text = request.POST.get("text", "")
    if "name" in request.POST or "look" in request.POST:
        if "name" in request.POST:
            text = f"{answering_together.named(chosen)} {text}".strip()
        return _page(request, lead, there, wanted, text)
    sending = Sending(text, form_key=request.POST.get("form_key", "")[:40], close_after=True)
    try:
        sent = answering_together.send(lead, chosen, sending, by=person(request), now=now)
    except (Invalid, LostRace, NotAllowed) as refusal:
        return _page(request, lead, there, wanted, text, refusal)
    waits = sent.state == "in_review"
    messages.success(request, "Asked for sign-off." if waits else f"One answer to {len(chosen)} is on its way.")
    return redirect(reverse("inbox:conversation", args=[sent.conversation.key]))


def _before(lead: Conversation, request: HttpRequest) -> str:
    """The words of an answer for many that did not go out."""
    drafts = Reply.objects.filter(conversation=lead, author=person(request), state="draft", parent__kind="post")
    return drafts.order_by("-id").values_list("text", flat=True).first() or ""


def _page(
    request: HttpRequest,
    lead: Conversation,
    there: list[Conversation],
    wanted: list[str],
    text: str,
    refusal: Refusal | None = None,
) -> HttpResponse:
    post = answering_together.post_of(lead)
    chosen = [one for one in there if str(one.key) in wanted]
    context: dict[str, object] = {
        "conversation": lead,
        "post": post,
        "text": text,
        "refusal": refusal,
        "form_key": uuid.uuid4(),
        "rows": [{"one": one, "chosen": one in chosen, "named": together.names(text, one.person)} for one in there],
        "count": len(chosen),
    }
    if post is not None:
        context["box"] = answering_together.told(post, text, chosen, by=person(request), now=now_of(request))
    return render(request, "engagement/replies/together.html", context, status=422 if refusal else 200)
