"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.clocks import ClockEvent, ResponsePromise
from engagement.models.conversations import Conversation, Label, Note, ThreadKey
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.replies import Reply

__all__ = [
    "ClockEvent",
    "Conversation",
    "Label",
    "Message",
    "MessageVersion",
    "Note",
    "Person",
    "Reply",
    "ResponsePromise",
    "ThreadKey",
]
