"""Beside the reply box: what its words promise, each to be written down, changed or declined with one press."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.access import person, who_may
from accounts.models import User
from engagement import promised
from engagement.models import Conversation


def owners(conversation: Conversation, now: datetime) -> QuerySet[User]:
    """Who can see to a promise made here."""
    return who_may("see_inbox", now, conversation.channel.scope).order_by("name")


def rows(request: HttpRequest, conversation: Conversation, text: str, now: datetime) -> list[dict[str, Any]]:
    """One line for each promise in the words; what was typed into a line that was refused stays in it."""
    found = promised.suggestions(conversation, text, now)
    people = list(owners(conversation, now)) if any(one.promise is None for one in found) else []
    return [_row(request, one, n, people) for n, one in enumerate(found)]


def _row(request: HttpRequest, one: promised.Suggestion, n: int, people: list[User]) -> dict[str, Any]:
    quote, day, asked = one.caught.quote, one.caught.day, request.POST
    typed = asked.get("caught") == str(n) and asked.get(f"c{n}-quote") == quote
    return {
        "n": n,
        "quote": quote,
        "promise": one.promise,
        "day": day,
        "what": asked.get(f"c{n}-what", "") if typed else quote,
        "due_on": asked.get(f"c{n}-due_on", "") if typed else day.isoformat() if day else "",
        "owner": asked.get(f"c{n}-owner", "") if typed else str(person(request).key),
        "people": people,
    }
