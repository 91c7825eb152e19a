"""Liking a resident's message as the town, and taking that back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from engagement import liking
from engagement.models import Message
from engagement.views.acts import done
from engagement.views.asking import conversation_for, now_of


@allow("answer")
@require_POST
def like(request: HttpRequest, key: UUID) -> HttpResponse:
    return _press(request, key, liking.like, "The like is on its way.")


@allow("answer")
@require_POST
def unlike(request: HttpRequest, key: UUID) -> HttpResponse:
    return _press(request, key, liking.unlike, "The like is taken back.")


def _press(request: HttpRequest, key: UUID, act: Callable[..., None], words: str) -> HttpResponse:
    conversation, named = conversation_for(request, key, "answer"), request.POST.get("message", "")
    if not named:
        raise Invalid("Say which message it is.")
    rows = Message.objects.filter(conversation=conversation, ours=False).exclude(kind="post")
    pk = int(named) if named.isdecimal() and len(named) < 18 else 0
    act(get_object_or_404(rows.select_related("conversation"), pk=pk), by=person(request), now=now_of(request))
    return done(request, conversation, words)
