"""The matrix: what each role may say on its own word, with whose signature, or not at all."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Scope
from accounts.models.grants import ROLES
from policy.models.nouns import Topic


class Permission(models.Model):
    """One decision of the town on a kind of content and a role. With a topic or a scope it narrows the general row.

    Where there is no row the shipped default of `policy.permitted` holds. Changes are in the audit trail.
    """

    VERDICTS = [("yes", "Permitted"), ("sign", "Needs sign-off"), ("no", "Not permitted")]

    kind = models.CharField(max_length=24)
    role = models.CharField(max_length=20, choices=ROLES)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField(max_length=4, choices=VERDICTS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "role", "topic", "scope"], nulls_distinct=False, name="permission_once"
            ),
            models.CheckConstraint(condition=models.Q(verdict__in=["yes", "sign", "no"]), name="permission_known"),
        ]
        ordering = ("kind", "role")

    def __str__(self) -> str:
        return f"{self.kind} by {self.role}: {self.verdict}"
