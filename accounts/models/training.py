"""Training: what people learn before they get the keys, who must have learned it, and how each attempt went."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from accounts.models.grants import ROLES


class TrainingModuleQuerySet(models.QuerySet["TrainingModule"]):
    def offered(self) -> TrainingModuleQuerySet:
        return self.filter(put_away_at=None)


class TrainingModule(models.Model):
    """One subject. What it says now is its version `number`.

    Versions below `counts_from` stop counting at `again_from`, so that people have time to take the new one.
    `slug` names the modules that came with Parley, so that none of them is added twice.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    number = models.PositiveIntegerField(default=1)
    counts_from = models.PositiveIntegerField(default=1)
    again_from = models.DateTimeField(null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    put_away_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingModuleQuerySet.as_manager()

    class Meta:
        ordering = ("place", "title")

    def __str__(self) -> str:
        return self.title


class TrainingVersion(models.Model):
    """What a module said and asked from `at` on. `questions`: a list of {ask, options, right (places), why}.

    `pass_mark` is a percentage of the questions; `months` is how long a pass is good for. Rows are only ever added.
    """

    module = models.ForeignKey(TrainingModule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    body = models.TextField()
    questions = models.JSONField()
    pass_mark = models.PositiveSmallIntegerField(default=80)
    months = models.PositiveSmallIntegerField(default=12)
    changed = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="training_version_once"),
            models.CheckConstraint(
                condition=models.Q(pass_mark__gte=1, pass_mark__lte=100), name="training_pass_mark_is_a_share"
            ),
            models.CheckConstraint(condition=models.Q(months__gte=1, months__lte=60), name="training_months_fit"),
        ]
        ordering = ("module", "-number")

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class TrainingRule(models.Model):
    """Whoever holds the role must have passed the module; new people have `grace` after joining (or after the rule)."""

    module = models.ForeignKey(TrainingModule, models.PROTECT, related_name="rules")
    role = models.CharField(max_length=20, choices=ROLES)
    grace = models.DurationField(default=timedelta(0))
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "role"], name="training_rule_once")]
        ordering = ("module", "role")

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.module}"


class TrainingAttemptQuerySet(models.QuerySet["TrainingAttempt"]):
    def passed(self) -> TrainingAttemptQuerySet:
        return self.exclude(good_until=None)


class TrainingAttempt(models.Model):
    """One try at the questions of a version. `answers` are the options chosen; `good_until` is set where it was passed.

    Rows are only ever added, so that what somebody was told and answered can be shown years later.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="training")
    version = models.ForeignKey(TrainingVersion, models.PROTECT, related_name="attempts")
    answers = models.JSONField()
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    good_until = models.DateTimeField(null=True, blank=True)

    objects = TrainingAttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(good_until=None) | models.Q(good_until__gt=models.F("at")),
                name="training_good_after_the_attempt",
            ),
            models.CheckConstraint(
                condition=models.Q(right__lte=models.F("asked")), name="training_right_are_among_the_asked"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "version"], name="training_attempts_of"),
            models.Index(fields=["good_until"], condition=~models.Q(good_until=None), name="training_runs_out"),
        ]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.user}: {self.version}, {self.right} of {self.asked}"

    @property
    def passed(self) -> bool:
        return self.good_until is not None

    def is_good(self, now: datetime) -> bool:
        return self.good_until is not None and self.good_until > now
