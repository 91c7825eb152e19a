"""Promises, issues and the places they are about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from engagement import promising
from engagement.models import Conversation, Issue, IssueMember, Place, Promise
from tests.factories import COUNT, NOON, make_user
from tests.factories_inbox import make_conversation

FRIDAY = date(2026, 11, 20)  # NOON is the Wednesday before


def make_promise(
    conversation: Conversation | None = None, *, by: User | None = None, now: datetime = NOON, **facts: Any
) -> Promise:
    """Somebody promised to mend the lamp by Friday."""
    by = by or make_user("officer")
    return promising.promise(
        conversation or make_conversation(at=now - timedelta(hours=1)),
        what=facts.pop("what", "The lamp at the school gate is mended"),
        owner=facts.pop("owner", by),
        due_on=facts.pop("due_on", FRIDAY),
        public=facts.pop("public", True),
        by=by,
        now=now,
        **facts,
    )


def make_place(name: str = "", *others: str) -> Place:
    """A street on the town's list, with what people also call it."""
    return Place.objects.create(name=name or f"Mill Road {next(COUNT)}", other_names=list(others))


def make_issue(*conversations: Conversation, place: Place | None = None, now: datetime = NOON) -> Issue:
    """An open issue that these conversations report."""
    place = place or make_place()
    issue = Issue.objects.create(title=f"{place}: many ask", place=place, opened_at=now, first_at=now, last_at=now)
    for one in conversations or (make_conversation(at=now - timedelta(hours=1)),):
        IssueMember.objects.create(issue=issue, conversation=one, reported_at=one.opened_at, added_at=now)
    return issue
