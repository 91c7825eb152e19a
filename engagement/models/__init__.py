"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.acknowledgements import Acknowledged, Acknowledgement
from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.closings import Closing
from engagement.models.considered import Considered
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.handing import Handed
from engagement.models.decisions import Decision, DecisionStep
from engagement.models.issues import AlertRule, Issue, IssueMember
from engagement.models.messages import Message, MessageVersion
from engagement.models.misses import MissReason
from engagement.models.people import Person
from engagement.models.queueing import Attendance, Moved, Rehousing, SavedView
from engagement.models.places import Place
from engagement.models.promises import NoPromise, Promise, PromiseDay, PromiseReport
from engagement.models.replies import Reply
from engagement.models.saved import Answer, SavedReply, Used
from engagement.models.together import CaseReference, Together
from engagement.models.triage import Defence, Heat, Triage
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
    "Attendance",
    "Acknowledged",
    "Acknowledgement",
    "Answer",
    "CaseReference",
    "AlertRule",
    "ClockEvent",
    "Closing",
    "Considered",
    "Conversation",
    "Handed",
    "Decision",
    "DecisionStep",
    "Defence",
    "Heat",
    "Issue",
    "IssueMember",
    "Label",
    "ListeningChoices",
    "Message",
    "MessageVersion",
    "Moved",
    "MissReason",
    "NoPromise",
    "Note",
    "Person",
    "Place",
    "Promise",
    "PromiseDay",
    "PromiseReport",
    "ProfileView",
    "PublicVoice",
    "Pulse",
    "Rehousing",
    "Reply",
    "ResponsePromise",
    "SavedView",
    "SavedReply",
    "Rule",
    "RuleFiring",
    "RuleTrial",
    "RuleVersion",
    "ServiceCalendar",
    "ThreadKey",
    "Together",
    "Used",
    "Triage",
    "Watch",
    "WatchDay",
    "WatchHit",
    "WatchSearch",
    "WatchVoice",
]
