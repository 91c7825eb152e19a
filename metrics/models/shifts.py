"""What the town does otherwise because of what it saw, until when, and what came of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Shift(models.Model):
    """Because of `because` we do `will`, and look at it again on `review_on`. `measure` names what is to move, `then`
    is its last whole week's figure when it was decided, `after` the one at the review; empty where it was not known.
    """

    OUTCOMES = [("keep", "It helped: we keep it"), ("stop", "It did not help: we stop"), ("unclear", "Could not tell")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    because = models.CharField(max_length=300)
    will = models.CharField(max_length=300)
    review_on = models.DateField()
    measure = models.CharField(max_length=60, blank=True)
    then = models.FloatField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=7, choices=OUTCOMES, blank=True)
    words = models.CharField(max_length=300, blank=True)
    after = models.FloatField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", reviewed_at=None)
                | ~Q(outcome="") & ~Q(words="") & Q(reviewed_at__isnull=False),
                name="shift_reviewed_says_what_came",
            )
        ]
        indexes = [models.Index(fields=["review_on"], condition=Q(reviewed_at=None), name="shift_to_review")]
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.will[:80]
