"""Listening: who wrote, what they wrote, and what the town owes them."""

from engagement.models.acknowledgements import Acknowledged, Acknowledgement
from engagement.models.asking import Grouping, InputCall, KickStarter, Returned, Ruling, Suggestion, Theme
from engagement.models.clocks import ClockEvent, ResponsePromise, ServiceCalendar
from engagement.models.closings import Closing
from engagement.models.considered import Considered
from engagement.models.conversations import Conversation, Label, Note, Pulse, ThreadKey
from engagement.models.decisions import Decision, DecisionStep
from engagement.models.handing import Handed
from engagement.models.issues import AlertRule, Issue, IssueMember
from engagement.models.liking import Liking
from engagement.models.messages import BLOCK, Message, MessageVersion
from engagement.models.misses import MissReason
from engagement.models.people import Person
from engagement.models.places import Place
from engagement.models.promises import NoPromise, Promise, PromiseDay, PromiseReport
from engagement.models.queueing import Attendance, Moved, Rehousing, SavedView
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
from engagement.models.rules import Rule, RuleFiring, RuleTrial, RuleVersion
from engagement.models.saved import Answer, SavedReply, Used
from engagement.models.statutory import LegalRequest
from engagement.models.supporters import Supporter, TimeEntry
from engagement.models.together import CaseReference, Together
from engagement.models.triage import Defence, Heat, Triage
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
    "BLOCK",
    "Attendance",
    "Acknowledged",
    "Acknowledgement",
    "Answer",
    "CaseReference",
    "AlertRule",
    "ClockEvent",
    "Closing",
    "Considered",
    "Contact",
    "Conversation",
    "Handed",
    "Decision",
    "DecisionStep",
    "Defence",
    "Heat",
    "Issue",
    "IssueMember",
    "Grouping",
    "InputCall",
    "KickStarter",
    "Label",
    "LegalRequest",
    "Liking",
    "ListeningChoices",
    "Message",
    "MessageVersion",
    "Moved",
    "MissReason",
    "NoPromise",
    "Note",
    "ObjectiveWeight",
    "OutreachPlace",
    "OutreachPost",
    "PeopleChoices",
    "Person",
    "Place",
    "Promise",
    "PromiseDay",
    "PromiseReport",
    "ProfileView",
    "PublicVoice",
    "Pulse",
    "Rehousing",
    "Relationship",
    "RelationshipHandle",
    "Reply",
    "ResponsePromise",
    "SavedView",
    "SavedReply",
    "Rule",
    "RuleFiring",
    "RuleTrial",
    "RuleVersion",
    "Returned",
    "Ruling",
    "ServiceCalendar",
    "Stake",
    "Suggestion",
    "Supporter",
    "Theme",
    "ThreadKey",
    "Together",
    "Used",
    "Triage",
    "Watch",
    "WatchDay",
    "WatchHit",
    "WatchSearch",
    "WatchVoice",
    "TimeEntry",
]
