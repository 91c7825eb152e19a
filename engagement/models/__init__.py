"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.asking import Grouping, InputCall, KickStarter, Returned, Ruling, Suggestion, Theme
from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.replies import Reply

__all__ = [
    "ClockEvent",
    "Conversation",
    "Grouping",
    "InputCall",
    "KickStarter",
    "Label",
    "Message",
    "MessageVersion",
    "Note",
    "Person",
    "Pulse",
    "Reply",
    "ResponsePromise",
    "Returned",
    "Ruling",
    "ServiceCalendar",
    "Suggestion",
    "Theme",
    "ThreadKey",
]
