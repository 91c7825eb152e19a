"""Readings: one number at one time, appended and never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from channels_app.models import Channel, Delivery


class Tracked(models.Model):
    """A post or a profile whose numbers are read: at 15 min, 1 h, 6 h, daily to 30 days, then weekly to a year.

    `remote_id` empty means the channel's profile, read daily.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="tracked")
    remote_id = models.CharField(max_length=120, blank=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="tracked")
    published_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "remote_id"], name="tracked_once")]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="tracked_due")]
        verbose_name_plural = "tracked"

    def __str__(self) -> str:
        return self.remote_id or f"profile of {self.channel}"


class Reading(models.Model):
    """The value of one measure at one time. `value` empty means missing, and `missing` says why; it is never 0 then."""

    tracked = models.ForeignKey(Tracked, models.CASCADE, related_name="readings")
    measure = models.CharField(max_length=30)
    at = models.DateTimeField()
    value = models.BigIntegerField(null=True)
    missing = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tracked", "measure", "at"], name="reading_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="") | (Q(value__isnull=True) & ~Q(missing="")),
                name="reading_or_reason",
            ),
        ]
        indexes = [models.Index(fields=["measure", "-at"], name="reading_of_measure")]

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"
