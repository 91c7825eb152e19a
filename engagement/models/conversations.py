"""A conversation is a thread with a person that may need an answer."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import places_for, scopes_for
from accounts.models import Scope, User
from channels_app.models import Channel
from engagement.models.people import Person


class Label(models.Model):
    """A word staff put on conversations."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_inbox") -> ConversationQuerySet:
        if places_for(user, act, now) is None:
            return self.all()
        return self.filter(channel__in=Channel.objects.filter(scopes_for(user, act, now)))

    def open(self) -> ConversationQuerySet:
        return self.filter(state="open")


class Conversation(models.Model):
    """A thread with one person. What the queue sorts and shows is kept here by `threads.refresh`, from its messages
    and clock events: `due_at` is the promise's end for the earliest unanswered message, empty when nothing is owed;
    `clock` is how the clock stands, `nudged` the last threshold people were told of, `nudge_at` when the next comes.

    `snoozed_until` hides an open one from the queues of what is to be done until then, or until the resident writes;
    its clock runs on. One whose messages went into another leads there by `merged_into`. `escalated`: somebody with
    the final say is asked.
    """

    STATES = [("open", "Open"), ("waiting", "Waiting for the resident"), ("closed", "Done")]
    MOVES: ClassVar = {"open": {"waiting", "closed"}, "waiting": {"open", "closed"}, "closed": {"open"}}
    END_STATES = ("closed",)
    OUTCOMES = [
        ("answered", "Answered"),
        ("thanks", "Thanks or a like, nothing asked"),
        ("not_for_us", "Not for the town"),
        ("elsewhere", "Answered by phone, mail or in person"),
        ("duplicate", "Same as another conversation"),
        ("spam", "Spam"),
        ("withdrawn", "The resident took it back"),
        ("history", "From before this channel was connected"),
        ("one_way", "This channel only warns"),
    ]
    BY_HAND = ("answered", "thanks", "not_for_us", "elsewhere", "duplicate", "spam")
    NORMAL = 10
    PRIORITIES = [(0, "Low"), (NORMAL, "Normal"), (20, "High"), (30, "Urgent")]
    CLOCKS = [
        ("none", "Nothing asked"),
        ("running", "Waiting for our answer"),
        ("paused", "Paused"),
        ("answered", "Answered"),
        ("outside", "Answered outside Parley"),
        ("settled", "No answer needed"),
        ("withdrawn", "Taken back by the resident"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="conversations")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="conversations")
    private = models.BooleanField(default=False)
    kind = models.CharField(max_length=10)  # of its first message: comment, mention, reply, direct
    state = models.CharField(max_length=8, choices=STATES, default="open")
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    root_id = models.CharField(max_length=120, blank=True)  # remote id of our post it hangs under
    excerpt = models.CharField(max_length=300, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="conversations"
    )
    department = models.ForeignKey(Scope, models.SET_NULL, null=True, blank=True, related_name="+")
    labels = models.ManyToManyField(Label, blank=True, related_name="conversations")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    unanswered_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    service_due_at = models.DateTimeField(null=True, blank=True)
    clock = models.CharField(max_length=9, choices=CLOCKS, default="none")
    nudged = models.PositiveSmallIntegerField(default=0)
    nudge_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(choices=PRIORITIES, default=NORMAL, db_default=NORMAL)
    language = models.CharField(max_length=12, blank=True, default="", db_default="")
    escalated = models.BooleanField(default=False, db_default=False)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "waiting", "closed"]), name="conversation_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(outcome=""), name="conversation_closed_has_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="open"), name="inbox_by_deadline"),
            models.Index(fields=["due_at", "id"], condition=Q(state="open", assignee=None), name="inbox_unassigned"),
            models.Index(fields=["-last_at", "-id"], condition=Q(state="open"), name="inbox_open_newest"),
            models.Index(fields=["-last_at", "-id"], name="inbox_by_newest"),
            models.Index(fields=["channel", "-last_at", "-id"], name="inbox_of_channel"),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(state="open"), name="inbox_mine"),
            models.Index(fields=["-last_at", "-id"], condition=Q(state="waiting"), name="inbox_waiting"),
            models.Index(fields=["nudge_at"], condition=Q(nudge_at__isnull=False), name="inbox_nudge"),
            models.Index(fields=["person", "-last_at"], name="inbox_of_person"),
            models.Index(fields=["due_at", "id"], condition=Q(escalated=True), name="inbox_escalated"),
            models.Index(fields=["due_at", "id"], condition=Q(state="open", kind="mention"), name="inbox_mentions"),
            models.Index(fields=["-priority", "due_at", "id"], condition=Q(state="open"), name="inbox_by_priority"),
            models.Index(fields=["language", "-last_at", "-id"], condition=~Q(language=""), name="inbox_of_language"),
            models.Index(fields=["priority", "-last_at", "-id"], condition=~Q(priority=10), name="inbox_of_priority"),
            models.Index(
                fields=["department", "-last_at", "-id"],
                condition=Q(department__isnull=False),
                name="inbox_of_department",
            ),
            models.Index(
                fields=["assignee", "-last_at", "-id"], condition=Q(assignee__isnull=False), name="inbox_of_holder"
            ),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="inbox_merged"),
            models.Index(fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="inbox_snoozed"),
        ]

    def __str__(self) -> str:
        return self.excerpt[:80] or f"Conversation with {self.person}"


class ThreadKey(models.Model):
    """Which conversation a platform's thread belongs to: one open conversation per thread, by constraint."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    key = models.CharField(max_length=160)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="thread_keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="thread_key_once")]

    def __str__(self) -> str:
        return self.key


class Pulse(models.Model):
    """How often anything in a channel's inbox has changed. Open pages compare it instead of asking for everything."""

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="pulse")
    beats = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.beats)


class Note(models.Model):
    """What staff tell each other about a conversation. Never leaves Parley."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.text[:60]
