"""What a person decided in a quarter's review of a channel."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from channels_app.models import Channel


class Review(models.Model):
    """What was decided about a channel in a quarter's review (its first day), beside what the numbers proposed."""

    ENDS = [("keep", "Keep"), ("merge", "Merge"), ("close", "Close")]

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="reviews")
    quarter = models.DateField()
    proposal = models.CharField(max_length=5, choices=ENDS)
    decision = models.CharField(max_length=5, choices=ENDS)
    why = models.CharField(max_length=300)
    numbers = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "quarter"], name="review_once_a_quarter")]
        ordering = ("-quarter", "channel")

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.channel}"
