"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.replies import Reply
from engagement.models.rules import Rule, RuleFiring, RuleTrial, RuleVersion
from engagement.models.watches import (
    ListeningChoices,
    ProfileView,
    PublicVoice,
    Watch,
    WatchDay,
    WatchHit,
    WatchSearch,
    WatchVoice,
)

__all__ = [
    "ClockEvent",
    "Conversation",
    "Label",
    "ListeningChoices",
    "Message",
    "MessageVersion",
    "Note",
    "Person",
    "ProfileView",
    "PublicVoice",
    "Pulse",
    "Reply",
    "ResponsePromise",
    "Rule",
    "RuleFiring",
    "RuleTrial",
    "RuleVersion",
    "ServiceCalendar",
    "ThreadKey",
    "Watch",
    "WatchDay",
    "WatchHit",
    "WatchSearch",
    "WatchVoice",
]
