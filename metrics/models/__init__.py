"""Evidence: numbers as they were read, and what was decided on them."""

from metrics.models.readings import Reading, Tracked
from metrics.models.reviews import Review

__all__ = ["Reading", "Review", "Tracked"]
