"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.issues import AlertRule, Issue, IssueMember
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.places import Place
from engagement.models.promises import NoPromise, Promise, PromiseDay, PromiseReport
from engagement.models.replies import Reply
from engagement.models.triage import Defence, Heat, Triage

__all__ = [
    "AlertRule",
    "ClockEvent",
    "Conversation",
    "Defence",
    "Heat",
    "Issue",
    "IssueMember",
    "Label",
    "Message",
    "MessageVersion",
    "NoPromise",
    "Note",
    "Person",
    "Place",
    "Promise",
    "PromiseDay",
    "PromiseReport",
    "Pulse",
    "Reply",
    "ResponsePromise",
    "ServiceCalendar",
    "ThreadKey",
    "Triage",
]
