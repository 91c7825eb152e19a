"""What the town knows of the people its messages are for: each claim with where it comes from and its day."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendar_app.models import Audience


class AudienceClaim(models.Model):
    """One claim about an audience. Without a `source` it is an assumption, and is called one. Added and never changed;
    one that holds no longer is withdrawn with the reason.
    """

    KINDS = [
        ("size", "How many they are"),
        ("networks", "Where they are online"),
        ("habits", "When and how they read"),
        ("needs", "What they want to know"),
        ("languages", "Languages"),
        ("access", "What they need to take part"),
        ("offline", "Ways to reach them offline"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=9, choices=KINDS)
    words = models.CharField(max_length=300)
    source = models.CharField(max_length=200, blank=True)
    dated = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="") | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="claim_withdrawn_has_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["audience"], condition=Q(withdrawn_at=None), name="claim_that_holds"),
        ]
        ordering = ("-dated", "-pk")

    def __str__(self) -> str:
        return self.words[:80]
