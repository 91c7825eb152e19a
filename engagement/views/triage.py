"""Saying what kind of conversation it is, and marking residents who correct or support."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from engagement import triaging
from engagement.models import Message
from engagement.views.acts import done
from engagement.views.asking import conversation_for, now_of


@allow("note")
@require_POST
def sort(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm the kind of a conversation."""
    conversation = conversation_for(request, key, "note")
    triaging.confirm(conversation, request.POST.get("kind", ""), by=person(request), now=now_of(request))
    return done(request, conversation, "Noted.")


@allow("note")
@require_POST
def mark(request: HttpRequest, key: UUID) -> HttpResponse:
    """Mark a resident's message as correcting or supporting; without a kind the mark goes."""
    conversation, named = conversation_for(request, key, "note"), request.POST.get("message", "")
    rows = Message.objects.filter(conversation=conversation, ours=False).select_related("conversation__channel__scope")
    if not named:
        raise Invalid("Say which message it is.")
    message = get_object_or_404(rows, pk=int(named) if named.isdecimal() and len(named) < 18 else 0)
    triaging.mark(message, request.POST.get("kind", ""), by=person(request), now=now_of(request))
    return done(request, conversation, "Noted.")
