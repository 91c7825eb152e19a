"""Promises: what the town has told a resident it will do, by when, and everybody who is to hear when it is done."""

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
from engagement.models.conversations import Conversation
from engagement.models.replies import Reply


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_inbox") -> PromiseQuerySet:
        if places_for(user, act, now) is None:
            return self.all()
        return self.filter(conversation__channel__in=Channel.objects.filter(scopes_for(user, act, now)))

    def given(self) -> PromiseQuerySet:
        """Those that somebody has been told: made by hand, or in an answer that is out or on its way."""
        return self.filter(Q(reply=None) | Q(reply__state__in=("released", "published")))


class Promise(models.Model):
    """A commitment to a resident. `what` in words, `owner` sees to it, `due_on` is the last day it is kept on.

    `first_due_on` is the day that was promised first; it never changes, so that more time is never taken unseen.
    `quote` are the words it was caught from, in the answer `reply`. `closing` is what the reporters are told when it is
    kept or will not be. `nudged` counts the steps of the chase, `nudge_at` is when the next one comes.
    """

    STATES = [("open", "Open"), ("kept", "Kept"), ("broken", "Broken"), ("withdrawn", "Withdrawn")]
    MOVES: ClassVar = {
        "open": {"kept", "broken", "withdrawn"},
        "broken": set(),
        "kept": set(),
        "withdrawn": set(),
    }
    END_STATES = ("kept", "broken", "withdrawn")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="promises")
    reply = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="promises")
    what = models.CharField(max_length=300)
    quote = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="promises")
    due_on = models.DateField()
    first_due_on = models.DateField()
    public = models.BooleanField(default=True)
    state = models.CharField(max_length=9, choices=STATES, default="open")
    closing = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)  # the town's day
    why = models.CharField(max_length=500, blank=True)
    nudged = models.PositiveSmallIntegerField(default=0)
    nudge_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "kept", "broken", "withdrawn"]), name="promise_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_on=None) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="promise_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["broken", "withdrawn"]) | ~Q(why=""), name="promise_broken_says_why"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="promise_says_what"),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(state="open"), name="promise_open_by_day"),
            models.Index(fields=["first_due_on", "id"], name="promise_by_first_day"),
            models.Index(fields=["nudge_at"], condition=Q(nudge_at__isnull=False), name="promise_to_chase"),
        ]
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.what[:80]


class PromiseReport(models.Model):
    """A conversation whose person is to hear the end of a promise. `reply` is the closing answer, at most one; `why`
    says what kept it from being drafted.
    """

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="reports")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="promise_reports")
    reply = models.OneToOneField(Reply, models.PROTECT, null=True, blank=True, related_name="closes")
    why = models.CharField(max_length=300, blank=True)
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promise", "conversation"], name="promise_report_once")]
        ordering = ("joined_at", "id")

    def __str__(self) -> str:
        return f"{self.conversation} is told"


class PromiseDay(models.Model):
    """Another day for a promise, and why: added only."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="days")
    was_on = models.DateField()
    due_on = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.was_on} to {self.due_on}"


class NoPromise(models.Model):
    """Somebody said that these words of an answer are no promise; asked once, and never again for the same words."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "digest"], name="no_promise_once")]

    def __str__(self) -> str:
        return self.digest[:12]
