"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.decisions import Decision, DecisionStep
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.replies import Reply

__all__ = [
    "ClockEvent",
    "Conversation",
    "Decision",
    "DecisionStep",
    "Label",
    "Message",
    "MessageVersion",
    "Note",
    "Person",
    "Pulse",
    "Reply",
    "ResponsePromise",
    "ServiceCalendar",
    "ThreadKey",
]
