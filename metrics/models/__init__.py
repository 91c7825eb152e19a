"""Evidence: numbers as they were read or brought in, and what was decided on them."""

from metrics.models.audiences import AudienceClaim
from metrics.models.behaviour import BehaviourGoal, Recall
from metrics.models.costs import Aim, UnitCost
from metrics.models.outside import OutsideFigure, OutsideFile
from metrics.models.paid import Paid, PaidEntry
from metrics.models.readings import Reading, Tracked
from metrics.models.reports import FrozenReport, ReportPaper, ReportSignature, WeeklyReport
from metrics.models.reviews import Review
from metrics.models.samples import Coding, Drawn, Sample
from metrics.models.shifts import Shift

__all__ = [
    "Aim",
    "AudienceClaim",
    "BehaviourGoal",
    "Coding",
    "Drawn",
    "FrozenReport",
    "OutsideFigure",
    "OutsideFile",
    "Paid",
    "PaidEntry",
    "Reading",
    "Recall",
    "ReportPaper",
    "ReportSignature",
    "Review",
    "Sample",
    "Shift",
    "Tracked",
    "UnitCost",
    "WeeklyReport",
]
