"""When somebody writes that a life is in danger, whoever answers and whoever leads is told at once, at any hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.access import who_may
from accounts.notifications import tell
from engagement import danger, threads
from engagement.models import Conversation, Message

EVENT = "emergency.life_risk"


def note(messages: Iterable[Message], now: datetime) -> None:
    """Tell of each new message that speaks of danger to life; its conversation is opened where it was done."""
    for message in messages:
        words = "" if message.ours or message.kind == "post" else danger.found(message.text)
        if words and message.conversation_id and not threads.is_history(message.channel, message.at):
            conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
            threads.wake(conversation, now)
            _tell(message, conversation, words, now)


def _tell(message: Message, conversation: Conversation, words: str, now: datetime) -> None:
    scope = message.channel.scope
    people = set(who_may("answer", now, scope, keys=False)) | set(who_may("assign", now, scope))
    sentence = f"“{words}”: somebody may be in danger, on {message.channel}: {message.text}"
    for user in people:
        tell(user, EVENT, sentence, f"/inbox/{conversation.key}/", now=now, once=f"danger:{message.pk}")
