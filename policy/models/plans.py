"""What the town settled about its plan: ceilings, and how many topics it speaks about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PlanLimits(models.Model):
    """One row. Shares are in percent of posts; `silent_days` is how long a topic may go without a post."""

    unplanned_share = models.PositiveSmallIntegerField(default=33)  # posts that serve no objective, over four weeks
    link_only_share = models.PositiveSmallIntegerField(default=40)  # posts that are little but a link, over two weeks
    niche_slots = models.PositiveSmallIntegerField(default=5)
    general_slots = models.PositiveSmallIntegerField(default=5)
    silent_days = models.PositiveSmallIntegerField(default=28)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="plan_limits_is_one_row"),
            models.CheckConstraint(
                condition=Q(unplanned_share__lte=100, link_only_share__lte=100), name="plan_limits_are_shares"
            ),
        ]

    def __str__(self) -> str:
        return "What the plan holds itself to"

    @classmethod
    def here(cls) -> PlanLimits:
        """The one row; what it would say by default while the town has settled nothing."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
