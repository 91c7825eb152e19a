"""What staff posted that was rude, wrong or against the policy, what was done, and what is learned from it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open_first(self) -> IncidentQuerySet:
        """Open ones on top, then the newest first."""
        closed = Case(When(settled_at=None, then=Value(0)), default=Value(1))
        return self.order_by(closed, "-noticed_at", "-id")


class Incident(models.Model):
    """One incident. It is open until what was done and the lesson are there, and it is never deleted.

    `link` is an https address or a path of the desk. `clause` is what of the guides it rests on: the anchor of a clause
    or the id of a rule, in the words it was entered with. `version` counts the corrections of the entry.
    """

    KINDS = [
        ("tone", "Rude or angry"),
        ("policy", "Wrong on policy"),
        ("fact", "Wrong fact"),
        ("data", "Personal data"),
        ("account", "Sent from the wrong account"),
        ("other", "Other"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=KINDS)
    words = models.TextField()  # what happened
    place = models.CharField(max_length=120)
    link = models.CharField(max_length=500, blank=True)
    noticed_at = models.DateTimeField()
    clause = models.CharField(max_length=60, blank=True)
    done = models.TextField(blank=True)
    lesson = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None) | (~Q(done="") & ~Q(lesson="")), name="incident_settled_has_a_lesson"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="incident_settled_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="incident_says_what_happened"),
        ]
        indexes = [models.Index(fields=["-noticed_at", "-id"], name="incident_newest")]
        ordering = ("-noticed_at", "-id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.place}"
