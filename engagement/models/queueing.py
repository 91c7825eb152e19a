"""What people make of the queue: views they keep, who has what open, and messages that moved between conversations."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagement.models.clocks import ResponsePromise, ServiceCalendar
from engagement.models.conversations import Conversation
from engagement.models.messages import Message


class SavedView(models.Model):
    """A set of filters with a name: one person's own, or everybody's."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)  # as the address bar has it
    shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_named_once")]

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """Who has a conversation open, and when they last typed an answer. It counts for seconds."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="attendance_once")]
        indexes = [models.Index(fields=["seen_at"], name="attendance_recent")]

    def __str__(self) -> str:
        return f"{self.user} at {self.conversation}"


class Rehousing(models.Model):
    """Messages that went from one conversation into another: a merge, a split, or the way back of one (`undoes`)."""

    KINDS = [("merge", "Merged"), ("split", "Split"), ("undo", "Taken back")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=5, choices=KINDS)
    source = models.ForeignKey(Conversation, models.PROTECT, related_name="moved_away")
    target = models.ForeignKey(Conversation, models.PROTECT, related_name="moved_here")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    state_before = models.CharField(max_length=8)  # of the source
    outcome_before = models.CharField(max_length=12, blank=True)
    thread_keys = models.JSONField(default=list)  # the thread keys that went along
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at}"


class Moved(models.Model):
    """One message leaving a conversation or coming into one, as the clock of that conversation reads it.

    It stands behind the clock event with the id `after`. What comes is `owed` an answer or not, as it was where it
    came from, since `asked_at`, by the promise it was given there.
    """

    KINDS = [("left", "Left"), ("came", "Came")]

    rehousing = models.ForeignKey(Rehousing, models.PROTECT, related_name="moves")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=4, choices=KINDS)
    message = models.ForeignKey(Message, models.PROTECT, related_name="moves")
    owed = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    after = models.BigIntegerField()
    promise = models.ForeignKey(ResponsePromise, models.PROTECT, null=True, related_name="+")
    calendar = models.ForeignKey(ServiceCalendar, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["rehousing", "conversation", "message"], name="moved_once"),
            models.CheckConstraint(condition=Q(kind="came") | Q(owed=False), name="moved_owed_comes"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.noted_at}"

    @property
    def at(self) -> datetime:
        return self.asked_at

    @property
    def reason(self) -> str:
        return "owed" if self.owed else ""
