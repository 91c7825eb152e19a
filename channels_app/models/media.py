"""Images kept by Parley, re-encoded before anyone sees them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Media(models.Model):
    """One image. `file` is a random name under the media folder; the upload itself is kept apart and never served."""

    STATES = [("waiting", "Being checked"), ("ready", "Ready"), ("refused", "Cannot be used")]
    MOVES: ClassVar = {"waiting": {"ready", "refused"}, "ready": set(), "refused": set()}

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    why = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=40, blank=True)
    file = models.CharField(max_length=120, blank=True)
    original = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    original_bytes = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    alt = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "media"
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name
