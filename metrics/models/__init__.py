"""Evidence: numbers as they were read or brought in, and what was decided on them."""

from metrics.models.costs import Aim, UnitCost
from metrics.models.outside import OutsideFigure, OutsideFile
from metrics.models.readings import Reading, Tracked
from metrics.models.reviews import Review

__all__ = ["Aim", "OutsideFigure", "OutsideFile", "Reading", "Review", "Tracked", "UnitCost"]
