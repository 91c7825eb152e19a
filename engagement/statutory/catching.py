"""Catching legal requests in what comes in, in the transaction that files it.

A message that says so again, while a request of that kind waits in its conversation, is no second one. Nothing is told
to the resident by this, and nothing is closed or refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import Town
from channels_app.models import Channel
from engagement import threads
from engagement.models import LegalRequest, Message
from engagement.statutory import recognising
from policy import requests


def note(channel: Channel, new: Sequence[Message], now: datetime) -> int:
    """Note what the new messages of residents may ask for by law; how many."""
    asked = [one for one in new if not one.ours and one.conversation_id and not threads.is_history(channel, one.at)]
    if not asked:
        return 0
    town = Town.here()
    hits = [(one, kind, words) for one in asked for kind, words in recognising.found(one.text, town.pack).items()]
    if not hits:
        return 0
    waiting = LegalRequest.objects.pending().filter(conversation__in={one.conversation_id for one, _, _ in hits})
    known = set(waiting.values_list("conversation", "kind"))
    rows = []
    for message, kind, words in hits:
        if (message.conversation_id, kind) not in known:
            known.add((message.conversation_id or 0, kind))
            rows.append(made(message, kind, words, town, now))
    LegalRequest.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def made(message: Message, kind: str, words: str, town: Town, now: datetime) -> LegalRequest:
    """A request as it would be noted: received on the town's day of the message, with the law's last day for it."""
    received = day_of(message, town)
    rule = requests.clock(town.pack, kind, received)
    return LegalRequest(
        conversation=message.conversation,
        message=message,
        kind=kind,
        matched=words[:120],
        received_at=message.at,
        pack=town.pack,
        law=f"{rule.title}: {rule.length}"[:200] if rule else "",
        due_on=requests.due_on(town.pack, kind, received),
        at=now,
    )


def day_of(message: Message, town: Town) -> date:
    return message.at.astimezone(town.tz).date()
