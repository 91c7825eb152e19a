"""Beside the reply box: looking for words to begin with, putting them in, giving the case a reference."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from engagement import cases, wording
from engagement import picking as beginning
from engagement.views.acts import done
from engagement.views.asking import conversation_for, is_fragment, now_of
from engagement.views.conversation import panes


@allow("answer")
@require_http_methods(["GET"])
def pick(request: HttpRequest, key: UUID) -> HttpResponse:
    """What fits the words looked for: a list beside the box, or a page of its own."""
    conversation, me, now = conversation_for(request, key, "answer"), person(request), now_of(request)
    query = request.GET.get("q", "").strip()[:100]
    context = {
        "conversation": conversation,
        "query": query,
        "offers": beginning.offers(query, conversation, by=me, now=now),
        "draft": wording.draft_of(conversation, me),
        "wish_query": "",
    }
    template = "engagement/replies/_offers.html" if is_fragment(request) else "engagement/replies/pick.html"
    return render(request, template, context)


@allow("answer")
@require_POST
def put(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put the chosen words into the draft: at the place the page names, or at its end."""
    conversation, asked = conversation_for(request, key, "answer"), request.POST
    me, now = person(request), now_of(request)
    kind, _, ref = asked.get("offer", "").partition(":")
    draft = wording.draft_of(conversation, me)
    text = asked.get("text") if "text" in asked else draft.text if draft else ""
    place = int(asked["place"]) if asked.get("place", "").isdecimal() else None
    try:
        beginning.put(conversation, kind, _key(ref), text or "", place, by=me, now=now)
    except Invalid as refusal:
        if not is_fragment(request):
            raise
        return panes(request, conversation, refusal=refusal)
    if is_fragment(request):
        return panes(request, conversation_for(request, key, "answer"))
    return redirect(reverse("inbox:conversation", args=[key]) + "#reply")


def _key(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("Choose one of those offered.") from None


@allow("answer")
@require_POST
def give_reference(request: HttpRequest, key: UUID) -> HttpResponse:
    conversation = conversation_for(request, key, "answer")
    made = cases.give(conversation, by=person(request), now=now_of(request))
    return done(request, conversation, f"The reference is {made.number}.")
