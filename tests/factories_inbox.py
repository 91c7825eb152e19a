"""Residents and what they write, filed through the same door as everything a platform gives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from channels_app.models import Channel
from channels_app.platforms.base import Incoming
from engagement import filing
from engagement.models import Conversation, Message
from tests.factories import COUNT, NOON, make_channel


def make_incoming(text: str = "", *, kind: str = "mention", at: datetime = NOON, **facts: Any) -> Incoming:
    """One item as a platform module reads it; a mention by a resident unless told otherwise."""
    number = next(COUNT)
    remote_id = facts.pop("remote_id", f"item-{number}")
    author = facts.pop("author_id", f"resident-{number}")
    return Incoming(
        kind=kind,
        remote_id=remote_id,
        thread_key=facts.pop("thread_key", remote_id),
        parent_id=facts.pop("parent_id", ""),
        root_id=facts.pop("root_id", ""),
        author_id=author,
        author_handle=facts.pop("author_handle", f"@{author}"),
        author_name=facts.pop("author_name", author.replace("-", " ").capitalize()),
        text=text or f"When is the bin collected in street {number}?",
        at=at,
        url=facts.pop("url", f"https://social.fernhill.example/{remote_id}"),
        raw=facts.pop("raw", {"id": remote_id}),
        **facts,
    )


def make_own(channel: Channel, text: str = "", *, kind: str = "reply", **facts: Any) -> Incoming:
    """One item of the town's own account."""
    return make_incoming(text or "We look into it.", kind=kind, author_id=channel.remote_id, **facts)


def receive(channel: Channel, *items: Incoming, now: datetime | None = None) -> list[Message]:
    """File items as a poll would; by default a minute after the newest of them."""
    now = now or max(item.at for item in items) + timedelta(minutes=1)
    filing.file(channel, items, now)
    return [Message.objects.get(channel=channel, remote_id=item.remote_id) for item in items]


def make_conversation(channel: Channel | None = None, text: str = "", **facts: Any) -> Conversation:
    """A resident has written once."""
    message = receive(channel or make_channel(), make_incoming(text, **facts))[0]
    assert message.conversation
    return message.conversation


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)
