"""One answer under a post for many who asked alike: who is answered by it, and what it does to each of them.

The clock of a person is answered by it only where the words that went out name them. The others are settled with a
reason, as something that was answered for everybody at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from accounts import audit
from channels_app.models import Delivery
from engagement import handling, threads
from engagement.models import ClockEvent, Conversation, Message, Person, Reply, Together
from engagement.statutory import pending

REASON = "answered_together"
ON_ITS_WAY = ("in_review", "released")


def names(text: str, person: Person | None) -> bool:
    """Whether these words name this person: by handle, or by the whole of a name that is more than one word."""
    if person is None:
        return False
    handle = person.handle.removeprefix("@")
    if handle and re.search(rf"@{re.escape(handle)}(?![\w@-])", text, re.IGNORECASE):
        return True
    return len(person.name.split()) > 1 and bool(
        re.search(rf"(?<!\w){re.escape(person.name)}(?!\w)", text, re.IGNORECASE)
    )


def is_one(reply: Reply) -> bool:
    """Whether this reply stands under the post itself, for many."""
    return reply.parent.kind == "post"


def under_way(conversation: Conversation) -> Reply | None:
    """An answer for many, this one among them, that waits for a signature or is on its way."""
    held = Together.objects.filter(
        conversation=conversation, settled_at=None, reply__state__in=ON_ITS_WAY, reply__parent__kind="post"
    )
    found = held.select_related("reply__author").first()
    return found.reply if found else None


def settle(reply: Reply, message: Message | None, delivery: Delivery, now: datetime) -> None:
    """The answer for many is out: each of them is answered or settled, once, and done."""
    text = str(delivery.payload.get("text", ""))
    rows = Together.objects.filter(reply=reply, settled_at=None).select_related("conversation__person")
    members = list(rows.order_by("conversation_id"))
    for one in members:
        fresh = handling.hold(one.conversation)
        named = names(text, one.conversation.person)
        if not Together.objects.filter(pk=one.pk, settled_at=None).update(settled_at=now, named=named):
            continue
        _settle_one(fresh, named, message, delivery, now)
        audit.record(
            REASON, fresh, by=reply.author, now=now, became=str(len(members)), url=delivery.remote_url, named=named
        )
    threads.refresh([one.conversation_id for one in members], now)
    for one in members:
        _close(Conversation.objects.get(pk=one.conversation_id), reply, now)


def _settle_one(fresh: Conversation, named: bool, message: Message | None, delivery: Delivery, now: datetime) -> None:
    if named:
        handling.answered(fresh, message, delivery, now)
        return
    at = message.at if message else delivery.published_at or now
    if fresh.unanswered_since is not None and not _written_since(fresh, delivery):
        ClockEvent.objects.create(
            conversation=fresh, kind="no_reply_needed", at=at, noted_at=now, reason=REASON, delivery=delivery
        )


def _written_since(conversation: Conversation, delivery: Delivery) -> bool:
    """Something came after the answer was written: that is still owed."""
    rows = Message.objects.filter(conversation=conversation, ours=False, gone_at=None)
    return rows.filter(ingested_at__gt=delivery.created_at).exists()


def _close(conversation: Conversation, reply: Reply, now: datetime) -> None:
    done = conversation.state != "closed" and conversation.unanswered_since is None
    if done and not pending.on([conversation.pk]):
        handling.end(conversation, "answered", by=reply.author, now=now)
    else:
        Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)


def members_of(reply: Reply) -> Iterable[Together]:
    return Together.objects.filter(reply=reply).select_related("conversation__person").order_by("conversation_id")
