"""Issues: reports of the same thing at the same place, gathered so that they are answered as one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import places_for, scopes_for
from accounts.models import User
from channels_app.models import Channel
from engagement.models.conversations import Conversation, Label
from engagement.models.places import Place
from engagement.models.promises import Promise
from engagement.models.replies import Reply


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_inbox") -> IssueQuerySet:
        """Issues with a member on a channel where this person may do the act."""
        if places_for(user, act, now) is None:
            return self.all()
        seen = Channel.objects.filter(scopes_for(user, act, now))
        return self.filter(pk__in=IssueMember.objects.filter(conversation__channel__in=seen).values("issue"))


class Issue(models.Model):
    """One thing that several people report. It is about a place, or about what a label names where no place is named.

    While it is open, what comes in about the same joins it by itself. `status` is the one sentence that says how it
    stands. `closing` is what its reporters were told in the end.
    """

    STATES = [("open", "Open"), ("closed", "Closed")]
    MOVES: ClassVar = {"open": {"closed"}, "closed": set()}
    END_STATES = ("closed",)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=160)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="issues")
    label = models.ForeignKey(Label, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=6, choices=STATES, default="open")
    status = models.CharField(max_length=300, blank=True)
    promise = models.OneToOneField(Promise, models.PROTECT, null=True, blank=True, related_name="issue")
    opened_at = models.DateTimeField()
    first_at = models.DateTimeField()  # of its earliest report
    last_at = models.DateTimeField()  # of its newest report
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    closing = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(state="open", place__isnull=False), name="issue_one_open_per_place"
            ),
            models.UniqueConstraint(
                fields=["label"],
                condition=Q(state="open", place=None, label__isnull=False),
                name="issue_one_open_per_label",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | Q(state="closed", closed_at__isnull=False),
                name="issue_closed_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["-last_at", "-id"], name="issue_newest")]
        ordering = ("-last_at", "-id")

    def __str__(self) -> str:
        return self.title


class IssueMember(models.Model):
    """A conversation that reports an issue. `added_by` is empty for what joined by itself. One that was taken out by
    hand stays as a row, so that it does not join again. `reply` is its closing answer, at most one.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="members")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="issue_members")
    reported_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()
    out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    out_at = models.DateTimeField(null=True, blank=True)
    reply = models.OneToOneField(Reply, models.PROTECT, null=True, blank=True, related_name="closes_issue")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "conversation"], name="issue_member_once")]
        ordering = ("reported_at", "id")

    def __str__(self) -> str:
        return f"{self.conversation} in {self.issue}"


class AlertRule(models.Model):
    """The town's own thresholds: how many reports in how long make an issue, and what counts as a pile-on. One row."""

    reports = models.PositiveSmallIntegerField(default=5)
    minutes = models.PositiveSmallIntegerField(default=120)
    comments = models.PositiveSmallIntegerField(default=20)
    people = models.PositiveSmallIntegerField(default=5)
    within = models.PositiveSmallIntegerField(default=30)  # minutes
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="alert_rule_is_one")]

    def __str__(self) -> str:
        return f"{self.reports} reports in {self.minutes} min"
