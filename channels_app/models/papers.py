"""What a town settles about a channel before it speaks there, and what it keeps so that nobody is locked out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from channels_app.models.channels import Channel
from policy.models import Objective


class Papers(models.Model):
    """The case of a channel and its line in the key register; what is not settled yet is empty.

    `weekly_hours` are the hours of staff a week kept for it. `second_factor` says what proves that the account asks for
    one, seen on `second_factor_on`. Earlier words are in the audit trail.
    """

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="papers")
    audience = models.TextField(blank=True)
    objective = models.ForeignKey(Objective, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    moderation = models.TextField(blank=True)
    exit_plan = models.TextField(blank=True)
    recovery = models.CharField(max_length=300, blank=True)
    second_factor = models.CharField(max_length=300, blank=True)
    second_factor_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "papers"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekly_hours=None) | models.Q(weekly_hours__gte=0), name="papers_hours_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"Papers of {self.channel}"
