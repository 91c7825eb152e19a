"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.asking import Grouping, InputCall, KickStarter, Returned, Ruling, Suggestion, Theme
from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.messages import Message, MessageVersion
from engagement.models.people import Person
from engagement.models.relations import (
    Contact,
    ObjectiveWeight,
    OutreachPlace,
    OutreachPost,
    PeopleChoices,
    Relationship,
    RelationshipHandle,
    Stake,
)
from engagement.models.replies import Reply
from engagement.models.supporters import Supporter, TimeEntry

__all__ = [
    "ClockEvent",
    "Contact",
    "Conversation",
    "Grouping",
    "InputCall",
    "KickStarter",
    "Label",
    "Message",
    "MessageVersion",
    "Note",
    "ObjectiveWeight",
    "OutreachPlace",
    "OutreachPost",
    "PeopleChoices",
    "Person",
    "Pulse",
    "Relationship",
    "RelationshipHandle",
    "Reply",
    "ResponsePromise",
    "Returned",
    "Ruling",
    "ServiceCalendar",
    "Stake",
    "Suggestion",
    "Supporter",
    "Theme",
    "ThreadKey",
    "TimeEntry",
]
