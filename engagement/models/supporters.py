"""People who stand up for the town, named only while they agree to it; and where the team's time goes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagement.models.relations import Relationship


class Supporter(models.Model):
    """An ambassador, or somebody to be thanked by name. They are here by their consent: when it is withdrawn, the
    name is wiped at once. `still_in` are keys of posts on their way that carried the name at that moment.
    """

    KINDS = [("ambassador", "Ambassador"), ("thanks", "Thanks list")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=KINDS)
    name = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=200)  # what they do, or what they are thanked for
    relationship = models.ForeignKey(Relationship, models.SET_NULL, null=True, blank=True, related_name="supporters")
    consent = models.CharField(max_length=200)  # how and to whom they agreed
    consent_on = models.DateField()
    thanked_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    still_in = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(consent=""), name="supporter_has_consent"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) & ~Q(name="") | Q(withdrawn_at__isnull=False, name=""),
                name="supporter_named_while_agreed",
            ),
        ]
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name or "Name withdrawn"


class TimeEntry(models.Model):
    """Minutes somebody wrote down for one kind of work on one day."""

    ACTIVITIES = [
        ("helpful", "Being helpful"),
        ("broadcasting", "Broadcasting"),
        ("solving", "Solving problems"),
        ("complaints", "Handling complaints"),
        ("behaviour", "Changing behaviour"),
    ]

    activity = models.CharField(max_length=12, choices=ACTIVITIES)
    minutes = models.PositiveSmallIntegerField()
    on = models.DateField()
    words = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="time_entries")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "time entries"
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="time_entry_within_a_day")
        ]
        indexes = [models.Index(fields=["on"], name="time_entry_by_day")]
        ordering = ("-on", "-id")

    def __str__(self) -> str:
        return f"{self.minutes} min"
