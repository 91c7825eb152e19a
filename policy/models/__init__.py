"""What the municipality decided."""

from policy.models.approvals import Approval
from policy.models.finalsay import FinalSay
from policy.models.modes import ModeSpan
from policy.models.nouns import CivicDate, Objective, Topic
from policy.models.records import Record, RecordBody, RecordSeal

__all__ = [
    "Approval",
    "CivicDate",
    "FinalSay",
    "ModeSpan",
    "Objective",
    "Record",
    "RecordBody",
    "RecordSeal",
    "Topic",
]
