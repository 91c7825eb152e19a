"""What the town holds the make-up of its posts to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class MixLimits(models.Model):
    """One row: of a hundred posts of four weeks, how many may be about ourselves."""

    about_us_share = models.PositiveSmallIntegerField(default=30)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="mix_limits_is_one_row"),
            models.CheckConstraint(condition=Q(about_us_share__lte=100), name="mix_limits_are_shares"),
        ]

    def __str__(self) -> str:
        return "What posts are about"

    @classmethod
    def here(cls) -> MixLimits:
        """The one row; what it would say by default while the town has settled nothing."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
