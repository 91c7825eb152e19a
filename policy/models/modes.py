"""Modes: normal life has no row; an emergency, an election or mourning is a span with a reason."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Scope


class ModeSpanQuerySet(models.QuerySet["ModeSpan"]):
    def running(self, now: datetime) -> ModeSpanQuerySet:
        return self.filter(starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))


class ModeSpan(models.Model):
    """One mode from `starts_at` to `ends_at`, over one scope or over everything.

    `exercise`: an emergency that is only practised; it concerns practice channels and nothing else. `holds` is what an
    election or mourning holds back, see `policy.holding.Rules`. `opened_at` and `closed_at` say when the sweep at its
    start and its end was done. `next_update_at` is the promise of an emergency to its public, `breach_told_at` when
    somebody was told that it was not kept. `before` and `after` are how the town stood at both ends.
    """

    MODES = [("emergency", "Emergency"), ("election", "Election"), ("mourning", "Mourning")]

    key = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    mode = models.CharField(max_length=10, choices=MODES)
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    exercise = models.BooleanField(default=False, db_default=False)
    holds = models.JSONField(default=dict, db_default={}, blank=True)
    poll_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True, default="", db_default="")
    update_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    next_update_at = models.DateTimeField(null=True, blank=True)
    breach_told_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    objects = ModeSpanQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{'Exercise' if self.exercise else self.get_mode_display()}: {self.reason}"

    @property
    def last_day(self) -> date | None:
        """The last day of what ends at midnight on the town's clocks; None for another end, or none."""
        end = timezone.localtime(self.ends_at) if self.ends_at else None
        return (end - timedelta(days=1)).date() if end and end.time() == time.min else None

    def runs(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)


class ModeExemption(models.Model):
    """One post that goes out although a mode holds its kind: who permitted it, and why. `ref` is the post's key."""

    span = models.ForeignKey(ModeSpan, models.PROTECT, related_name="exemptions")
    ref = models.UUIDField()
    subject = models.CharField(max_length=200)
    permitted_by = models.CharField(max_length=120)
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["span", "ref"], condition=Q(withdrawn_at=None), name="one_exemption_for_a_post"
            ),
            models.CheckConstraint(condition=~Q(permitted_by="") & ~Q(why=""), name="exemption_says_who_and_why"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: permitted by {self.permitted_by}"


class ModeTask(models.Model):
    """One line of a mode's checklist, ticked off with a note of what was found."""

    KINDS = [("profile", "Profile notice"), ("partnership", "Partnership account"), ("other", "Before and after")]

    span = models.ForeignKey(ModeSpan, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=12, choices=KINDS)
    words = models.CharField(max_length=300)
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.words


class PublicName(models.Model):
    """A politician, party, candidate or ballot measure: named in a post, it is held while an election runs."""

    KINDS = [
        ("politician", "Councillor or other politician"),
        ("candidate", "Candidate"),
        ("party", "Party"),
        ("measure", "Ballot measure"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    also = models.CharField(max_length=300, blank=True)  # other spellings, separated by commas
    kind = models.CharField(max_length=10, choices=KINDS)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class MarkedPicture(models.Model):
    """A picture of the library that shows somebody of the list; `media` is its key."""

    media = models.UUIDField()
    name = models.ForeignKey(PublicName, models.CASCADE, related_name="pictures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["media", "name"], name="picture_marked_once")]

    def __str__(self) -> str:
        return f"A picture of {self.name}"
