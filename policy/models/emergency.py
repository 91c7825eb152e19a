"""How the town prepared for emergencies: who may issue, in which languages, how often it promises word."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class EmergencyPlan(models.Model):
    """One row. `source` is who speaks ("Fernhill Town Council"), `second_language` a tag such as cy, or empty."""

    source = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=40, blank=True)
    more_url = models.URLField(max_length=300, blank=True)
    second_language = models.CharField(max_length=12, blank=True)
    update_minutes = models.PositiveSmallIntegerField(default=60)
    sender = models.CharField(max_length=120, blank=True)  # how alerts for other systems name the town
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="emergency_plan_is_one_row")]

    def __str__(self) -> str:
        return "The emergency plan"

    @classmethod
    def here(cls) -> EmergencyPlan:
        """The one plan; made with defaults when none is set up yet."""
        return cls.objects.get_or_create(pk=1)[0]


class IssuerQuerySet(models.QuerySet["Issuer"]):
    def current(self, now: datetime) -> IssuerQuerySet:
        open_now = Q(ends_at=None) | Q(ends_at__gt=now)
        return self.filter(open_now, starts_at__lte=now, user__is_active=True).select_related("user")


class Issuer(models.Model):
    """Somebody the town chose to issue emergency messages; a fallback when none of the others can be reached."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    fallback = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = IssuerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ends_at=None), name="issuer_once"),
        ]
        ordering = ("fallback", "user__name")

    def __str__(self) -> str:
        return f"{self.user} ({'fallback' if self.fallback else 'issuer'})"
