"""What rights are given over (Scope) and who has them (Grant)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

ROLES = [
    ("contributor", "Contributor"),
    ("officer", "Officer"),
    ("publisher", "Publisher"),
    ("approver", "Approver"),
    ("manager", "Manager"),
    ("records_officer", "Records officer"),
    ("administrator", "Administrator"),
]


class Scope(models.Model):
    """A channel or a department: the thing a grant, an approval rule or a mode points at."""

    KINDS = [("channel", "Channel"), ("department", "Department")]

    kind = models.CharField(max_length=10, choices=KINDS)
    name = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.name


class GrantQuerySet(models.QuerySet["Grant"]):
    def current(self, now: datetime) -> GrantQuerySet:
        return self.filter(starts_at__lte=now).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now))


class Grant(models.Model):
    """One role for one person, over one scope or (scope empty) over everything, until `ends_at`.

    `origin` is "sign-in" where a rule about the town's own sign-in gave it, and takes it again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=ROLES)
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True, related_name="grants")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=10, blank=True, default="", db_default="")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope"],
                condition=models.Q(ends_at=None),
                nulls_distinct=False,
                name="grant_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
                name="grant_ends_after",
            ),
            models.CheckConstraint(condition=models.Q(role__in=[key for key, _ in ROLES]), name="grant_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} for {self.scope or 'all channels'}"


class Invitation(models.Model):
    """A single-use way in. Only the hash of the link's secret is stored; taking it back ends it at once."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=ROLES)
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True)
    secret_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitations")

    def __str__(self) -> str:
        return f"Invitation of {self.email}"
