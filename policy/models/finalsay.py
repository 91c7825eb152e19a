"""Who has the final say on what, and when."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class FinalSay(models.Model):
    """One subject's decision-maker and deputies from `starts_at` to `ends_at`. Rows end; they are not overwritten.

    `hours` holds seven lists of shifts on the town's clocks, Monday first; empty means at all hours. Outside of them
    `after_hours` decides, else the deputy. `second` is the deputy of the deputy. `conflict` says in which matters the
    holder steps aside.
    """

    key = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    subject = models.CharField(max_length=120)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    after_hours = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    hours = models.JSONField(default=list, db_default=[], blank=True)
    conflict = models.CharField(max_length=300, blank=True, default="", db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(ends_at=None), name="final_say_one_open_holder"),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=models.F("holder")),
                name="final_say_deputy_is_other",
            ),
        ]
        ordering = ("subject", "starts_at")

    def __str__(self) -> str:
        return f"{self.subject}: {self.holder}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def at(self, moment: datetime) -> AbsenceQuerySet:
        """Those that stood at that moment: begun, not over, and known of by then."""
        taken_back = Q(taken_back_at=None) | Q(taken_back_at__gt=moment)
        return self.filter(taken_back, starts_at__lte=moment, ends_at__gt=moment)


class Absence(models.Model):
    """Somebody with a final say is away, or has a conflict of interest in one subject, from … to …"""

    KINDS = [("away", "Away"), ("conflict", "Conflict of interest")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=8, choices=KINDS)
    subject = models.CharField(max_length=120, blank=True)  # of a conflict; empty: every subject
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after"),
            models.CheckConstraint(condition=~Q(kind="conflict") | ~Q(why=""), name="conflict_says_why"),
        ]
        ordering = ("-starts_at",)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display().lower()}"
