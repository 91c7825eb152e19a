"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.acknowledgements import Acknowledged, Acknowledgement
from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.closings import Closing
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.messages import Message, MessageVersion
from engagement.models.misses import MissReason
from engagement.models.people import Person
from engagement.models.queueing import Attendance, Moved, Rehousing, SavedView
from engagement.models.replies import Reply

__all__ = [
    "Attendance",
    "Acknowledged",
    "Acknowledgement",
    "ClockEvent",
    "Closing",
    "Conversation",
    "Label",
    "Message",
    "MessageVersion",
    "Moved",
    "MissReason",
    "Note",
    "Person",
    "Pulse",
    "Rehousing",
    "Reply",
    "ResponsePromise",
    "SavedView",
    "ServiceCalendar",
    "ThreadKey",
]
