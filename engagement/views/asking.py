"""What every view of the inbox needs of a request: who asks, when, and which conversation they may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve

from accounts.access import person
from engagement import aside, queue, storyline
from engagement import beside as around
from engagement.models import Conversation
from engagement.models.conversations import ConversationQuerySet

BEATS = "SELECT beats FROM engagement_pulse WHERE channel_id = engagement_conversation.channel_id"


def now_of(request: HttpRequest) -> datetime:
    return cast(datetime, request.now)  # type: ignore[attr-defined]


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; going back in the history asks for the whole page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def conversation_for(request: HttpRequest, key: UUID, act: str = "see_inbox", *, beside: bool = False) -> Conversation:
    """The conversation, or 404 where this person may not do this act on its channel.

    It comes with its labels' names as `label_names` and its channel's pulse as `beats`; one that is to be shown also
    with what stands beside its messages.
    """
    seen: ConversationQuerySet = Conversation.objects.visible_to(person(request), now_of(request), act)
    rows: QuerySet[Any] = seen.annotate(label_names=aside.column(queue.LABELLED), beats=aside.column(BEATS))
    if beside:
        rows = storyline.with_beside(rows, person(request), now_of(request))
        rows = around.with_ours(rows, person(request))
    found: Conversation = get_object_or_404(
        rows.select_related("channel__scope", "person", "assignee", "merged_into", "department"), key=key
    )
    return found


def open_key(request: HttpRequest) -> str:
    """The key of the conversation that is open in the page a fragment is asked for."""
    try:
        found = resolve(urlsplit(request.headers.get("HX-Current-URL", "")).path)
    except Resolver404:
        return ""
    return str(found.kwargs.get("key", "")) if found.app_name == "inbox" else ""
