"""Evidence: numbers as they were read or brought in, and what was decided on them."""

from metrics.models.costs import Aim, UnitCost
from metrics.models.outside import OutsideFigure, OutsideFile
from metrics.models.readings import Reading, Tracked
from metrics.models.reports import FrozenReport, ReportPaper, ReportSignature, WeeklyReport
from metrics.models.reviews import Review
from metrics.models.shifts import Shift

__all__ = [
    "Aim",
    "FrozenReport",
    "OutsideFigure",
    "OutsideFile",
    "Reading",
    "ReportPaper",
    "ReportSignature",
    "Review",
    "Shift",
    "Tracked",
    "UnitCost",
    "WeeklyReport",
]
