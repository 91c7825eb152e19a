"""Modes: normal life has no row; an emergency, an election or mourning is a span with a reason."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from accounts.models import Scope


class ModeSpanQuerySet(models.QuerySet["ModeSpan"]):
    def running(self, now: datetime) -> ModeSpanQuerySet:
        return self.filter(starts_at__lte=now).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now))


class ModeSpan(models.Model):
    """One mode from `starts_at` to `ends_at`, over one scope or over everything."""

    MODES = [("emergency", "Emergency"), ("election", "Election"), ("mourning", "Mourning")]

    mode = models.CharField(max_length=10, choices=MODES)
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ModeSpanQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_mode_display()}: {self.reason}"
