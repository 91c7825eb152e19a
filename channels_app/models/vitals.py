"""What is wrong at the moment and was lately, and numbers that only grow."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User
from channels_app.models.channels import Channel


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> AlarmQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, user: User, now: datetime) -> AlarmQuerySet:
        return self.filter(Q(channel=None) | Q(channel__in=Channel.objects.visible_to(user, now, "see_today")))


class Alarm(models.Model):
    """One thing that is or was wrong. `kind` is its row in the table of alerts, `subject` what it is about there;
    one with a `channel` is the matter of those who see that channel.

    `page` means somebody must act now, `warn` that somebody should look. It ends when a look finds it gone.
    """

    LEVELS: ClassVar = [("warn", "Look at it"), ("page", "Act now")]

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=80, blank=True)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="alarms")
    level = models.CharField(max_length=4, choices=LEVELS)
    words = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(ended_at=None), name="alarm_open_once")
        ]
        indexes = [models.Index(fields=["-since"], name="alarm_lately")]

    def __str__(self) -> str:
        return self.words


class Tally(models.Model):
    """A number under a name and a label: a count that only grows, or how far a patrol has come."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=120, blank=True)
    value = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}: {self.value}"
