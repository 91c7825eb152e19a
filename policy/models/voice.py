"""The town's voice: one document per version, added and never changed; and what the town has decided to say."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from policy.models.nouns import Topic


class Voice(models.Model):
    """The whole voice profile as it was at one version: traits, examples, lists, thresholds, levels, rules off.

    `profile` is read by `policy.voice`, which fills in what a version does not name. The newest version holds.
    """

    n = models.PositiveIntegerField(unique=True)
    profile = models.JSONField(default=dict)
    remark = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-n",)

    def __str__(self) -> str:
        return f"Voice, version {self.n}"


class Position(models.Model):
    """An approved position: what the town says on a subject, what must be said with it, and what is never said.

    A change ends the row and begins another, so that what held on a day can be told. `required` and `never` are lists
    of phrases; `words` are those by which a text is recognised as being about the subject.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(max_length=120)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="positions")
    says = models.TextField()
    words = models.JSONField(default=list)
    required = models.JSONField(default=list)
    never = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)
    review_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(ends_at=None), name="position_one_for_a_subject"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
                name="position_ends_after",
            ),
        ]
        ordering = ("subject", "starts_at")

    def __str__(self) -> str:
        return self.subject
