"""What the municipality decided."""

from policy.models.approvals import Approval
from policy.models.choices import PolicyChoices
from policy.models.clauses import GUIDES, Acknowledgement, Clause, GuideVersion
from policy.models.emergency import EmergencyPlan, Issuer
from policy.models.finalsay import Absence, FinalSay
from policy.models.findings import Firing, Judgement
from policy.models.floors import ConversationFloor
from policy.models.incidents import Incident
from policy.models.modes import MarkedPicture, ModeExemption, ModeSpan, ModeTask, PublicName
from policy.models.nouns import CivicDate, Objective, Topic
from policy.models.packs import PackReview
from policy.models.permissions import Permission
from policy.models.plans import PlanLimits
from policy.models.records import Record, RecordBody, RecordSeal
from policy.models.signing import SigningRule
from policy.models.voice import Position, Voice

__all__ = [
    "GUIDES",
    "Absence",
    "Acknowledgement",
    "Approval",
    "CivicDate",
    "Clause",
    "ConversationFloor",
    "EmergencyPlan",
    "FinalSay",
    "Firing",
    "GuideVersion",
    "Incident",
    "Issuer",
    "Judgement",
    "MarkedPicture",
    "ModeExemption",
    "ModeSpan",
    "ModeTask",
    "Objective",
    "PackReview",
    "Permission",
    "PlanLimits",
    "PolicyChoices",
    "Position",
    "PublicName",
    "Record",
    "RecordBody",
    "RecordSeal",
    "SigningRule",
    "Topic",
    "Voice",
]
