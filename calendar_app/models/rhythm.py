"""When a channel speaks: its posting slots, how often at least and at most; and what one act moved, for its undo."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from channels_app.models import Channel

WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]


class Slot(models.Model):
    """A time of the week that a channel likes to speak at, on the town's clocks."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "weekday", "at"], name="slot_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_weekday_known"),
        ]
        ordering = ("weekday", "at")

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.at:%H:%M}"


class Cadence(models.Model):
    """How many posts a week a channel gets at least and at most; an empty one sets no bound."""

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="cadence")
    least = models.PositiveSmallIntegerField(null=True, blank=True)
    most = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(least__lte=F("most")), name="cadence_least_below_most"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.least or 0} to {self.most or 'any number'} a week"


class Moving(models.Model):
    """What one act moved: `rows` holds for each placement its key, the time before and the time after (ISO, or None).

    `left` names what could not be moved, and why. Undoing it is allowed once, to whoever did it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    words = models.CharField(max_length=200)
    rows = models.JSONField()
    left = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.words
