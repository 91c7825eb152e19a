"""What the municipality decided."""

from policy.models.approvals import Approval
from policy.models.finalsay import FinalSay
from policy.models.findings import Firing, Judgement
from policy.models.modes import ModeSpan
from policy.models.nouns import CivicDate, Objective, Topic
from policy.models.records import Record, RecordBody, RecordSeal
from policy.models.voice import Position, Voice

__all__ = [
    "Approval",
    "CivicDate",
    "FinalSay",
    "Firing",
    "Judgement",
    "ModeSpan",
    "Objective",
    "Position",
    "Record",
    "RecordBody",
    "RecordSeal",
    "Topic",
    "Voice",
]
