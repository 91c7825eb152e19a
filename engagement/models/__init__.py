"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.considered import Considered
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.handing import Handed
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.replies import Reply
from engagement.models.saved import Answer, SavedReply, Used
from engagement.models.together import CaseReference, Together

__all__ = [
    "Answer",
    "CaseReference",
    "ClockEvent",
    "Considered",
    "Conversation",
    "Handed",
    "Label",
    "Message",
    "MessageVersion",
    "Note",
    "Person",
    "Pulse",
    "Reply",
    "ResponsePromise",
    "SavedReply",
    "ServiceCalendar",
    "ThreadKey",
    "Together",
    "Used",
]
