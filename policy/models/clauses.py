"""The guides: numbered clauses in versions, who approved them, and who has read them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models

GUIDES = [("policy", "Policy"), ("voice", "Voice & accessibility")]


class GuideVersionQuerySet(models.QuerySet["GuideVersion"]):
    def current(self) -> GuideVersionQuerySet:
        """The one that holds, of each guide: the newest that was approved."""
        return self.filter(state="approved").order_by("guide", "-number").distinct("guide")


class GuideVersion(models.Model):
    """One version of one guide. Approved words never change: the database holds them.

    `asked_at` is when its author asked for approval; `second_look` says that they approved it themselves, after the
    wait, because there was nobody else.
    """

    STATES = [("draft", "Draft"), ("asked", "Waits for approval"), ("approved", "Approved"), ("dropped", "Dropped")]
    MOVES: ClassVar = {
        "draft": {"asked", "dropped"},
        "asked": {"draft", "approved", "dropped"},
        "approved": set(),
        "dropped": set(),
    }
    END_STATES = ("approved", "dropped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guide = models.CharField(max_length=10, choices=GUIDES)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    summary = models.CharField(max_length=300, blank=True)  # what changed, in a sentence
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    second_look = models.BooleanField(default=False)
    review_on = models.DateField(null=True, blank=True)

    objects = GuideVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "number"], condition=~models.Q(state="dropped"), name="guide_version_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["guide"], condition=models.Q(state__in=["draft", "asked"]), name="guide_one_draft"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, review_on__isnull=False),
                name="guide_approved_by_whom_until_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved", second_look=False) | ~models.Q(approved_by=models.F("asked_by")),
                name="guide_not_approved_by_author",
            ),
        ]
        ordering = ("guide", "-number")

    def __str__(self) -> str:
        return f"{self.get_guide_display()}, version {self.number}"

    def review_is_due(self, today: date) -> bool:
        return self.review_on is not None and self.review_on <= today


class Clause(models.Model):
    """One clause of one version. `anchor` stays the same from version to version and is its address.

    `rules` names the checks and refusals that rest on it; `questions` holds what people ask it, one to a line.
    `{town}` and its like in the text are filled in where it is read.
    """

    version = models.ForeignKey(GuideVersion, models.CASCADE, related_name="clauses")
    anchor = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    chapter = models.CharField(max_length=80)
    number = models.CharField(max_length=8)
    title = models.CharField(max_length=120)
    text = models.TextField()
    rules = models.JSONField(default=list, blank=True)
    questions = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "anchor"], name="clause_anchor_once")]
        ordering = ("version", "position")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Acknowledgement(models.Model):
    """Somebody says that they have read a version; only ever added."""

    version = models.ForeignKey(GuideVersion, models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"{self.user} has read {self.version}"
