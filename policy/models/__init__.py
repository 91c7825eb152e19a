"""What the municipality decided."""

from policy.models.approvals import Approval
from policy.models.choices import PolicyChoices
from policy.models.clauses import GUIDES, Acknowledgement, Clause, GuideVersion
from policy.models.finalsay import FinalSay
from policy.models.findings import Firing, Judgement
from policy.models.modes import ModeSpan
from policy.models.nouns import CivicDate, Objective, Topic
from policy.models.permissions import Permission
from policy.models.records import Record, RecordBody, RecordSeal
from policy.models.voice import Position, Voice

__all__ = [
    "GUIDES",
    "Acknowledgement",
    "Approval",
    "CivicDate",
    "Clause",
    "FinalSay",
    "Firing",
    "GuideVersion",
    "Judgement",
    "ModeSpan",
    "Objective",
    "Permission",
    "PolicyChoices",
    "Position",
    "Record",
    "RecordBody",
    "RecordSeal",
    "Topic",
    "Voice",
]
