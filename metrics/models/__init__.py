"""Evidence: numbers as they were read or brought in, and what was decided on them."""

from metrics.models.costs import Aim, UnitCost
from metrics.models.outside import OutsideFigure, OutsideFile
from metrics.models.readings import Reading, Tracked
from metrics.models.reports import FrozenReport, ReportSignature, WeeklyReport
from metrics.models.reviews import Review
from metrics.models.shifts import Shift

__all__ = [
    "Aim",
    "FrozenReport",
    "OutsideFigure",
    "OutsideFile",
    "Reading",
    "ReportSignature",
    "Review",
    "Shift",
    "Tracked",
    "UnitCost",
    "WeeklyReport",
]
