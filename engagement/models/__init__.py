"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.promises import NoPromise, Promise, PromiseDay, PromiseReport
from engagement.models.replies import Reply

__all__ = [
    "ClockEvent",
    "Conversation",
    "Label",
    "Message",
    "MessageVersion",
    "NoPromise",
    "Note",
    "Person",
    "Promise",
    "PromiseDay",
    "PromiseReport",
    "Pulse",
    "Reply",
    "ResponsePromise",
    "ServiceCalendar",
    "ThreadKey",
]
