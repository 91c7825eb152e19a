"""What people make of the queue: saved views, and conversations that were merged or split."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import User
from channels_app.models import Channel
from engagement import rehousing
from engagement.models import Conversation, Rehousing, SavedView
from tests.factories import COUNT, NOON, make_user
from tests.factories_inbox import make_conversation


def make_view(owner: User | None = None, **facts: Any) -> SavedView:
    """A saved view of what is urgent in the team's queue."""
    name = facts.pop("name", f"View {next(COUNT)}")
    query = facts.pop("query", "tab=team&priority=urgent")
    return SavedView.objects.create(owner=owner or make_user("officer"), name=name, query=query, at=NOON, **facts)


def make_merged(channel: Channel) -> Rehousing:
    """Two conversations of a channel, the first of which was merged into the second."""
    first, second = make_conversation(channel), make_conversation(channel)
    return rehousing.merge(first, second, by=make_user("officer"), now=NOON + timedelta(minutes=5))


def same_person(channel: Channel, *texts: str, **facts: Any) -> list[Conversation]:
    """One resident has written so many times, each time about something else."""
    who = {"author_id": f"resident-{next(COUNT)}"}
    return [make_conversation(channel, text, **who, **facts) for text in texts]
