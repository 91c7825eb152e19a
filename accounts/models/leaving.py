"""People who leave: what they hold on the networks themselves, and what is left to do once they are gone."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models


class NativeRoleQuerySet(models.QuerySet["NativeRole"]):
    def held(self) -> NativeRoleQuerySet:
        return self.filter(ended_at=None)


class NativeRole(models.Model):
    """Somebody can reach an account of the town on a network without Parley: kept by hand, by administrators."""

    KINDS = [
        ("administrator", "Administrator there"),
        ("editor", "Can post there"),
        ("owner", "Owns the account"),
        ("password", "Knows a shared password"),
        ("recovery", "Recovery address or phone"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="native_roles")
    network = models.CharField(max_length=60)
    handle = models.CharField(max_length=120)
    kind = models.CharField(max_length=14, choices=KINDS, default="administrator")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NativeRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "network", "handle", "kind"],
                condition=models.Q(ended_at=None),
                name="native_role_once",
            )
        ]
        ordering = ("network", "handle")

    def __str__(self) -> str:
        return f"{self.network} {self.handle}: {self.get_kind_display().lower()}"


class Departure(models.Model):
    """A list of what is left to do outside Parley: because somebody left, or as a rehearsal of that."""

    KINDS = [("leaver", "Somebody left"), ("drill", "Rehearsal")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="departures")
    kind = models.CharField(max_length=6, choices=KINDS)
    done_here = models.JSONField(default=list)  # sentences: what Parley itself ended or handed on
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.user}, {'left' if self.kind == 'leaver' else 'rehearsed'} {self.at:%-d %B %Y}"


class DepartureTaskQuerySet(models.QuerySet["DepartureTask"]):
    def open(self) -> DepartureTaskQuerySet:
        return self.filter(done_at=None)

    def overdue(self, now: datetime) -> DepartureTaskQuerySet:
        return self.open().filter(due_at__lte=now)


class DepartureTask(models.Model):
    """One thing to do elsewhere, ticked by a named person with what proves it."""

    departure = models.ForeignKey(Departure, models.PROTECT, related_name="tasks")
    native_role = models.ForeignKey(NativeRole, models.PROTECT, null=True, related_name="tasks")
    words = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    evidence = models.TextField(blank=True)
    nagged_at = models.DateTimeField(null=True, blank=True)

    objects = DepartureTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at=None, done_by=None)
                | (models.Q(done_at__isnull=False, done_by__isnull=False) & ~models.Q(evidence="")),
                name="departure_task_done_with_evidence",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="departure_task_waits")]
        ordering = ("id",)

    def __str__(self) -> str:
        return self.words
