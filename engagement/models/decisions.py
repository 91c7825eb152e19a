"""A question put to whoever has the final say, or to an approver: may these words go out as the town's answer?"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from channels_app.models import Delivery
from engagement.models.conversations import Conversation
from engagement.models.replies import Reply


class DecisionQuerySet(models.QuerySet["Decision"]):
    def open(self) -> DecisionQuerySet:
        return self.filter(state="open")

    def escalated(self) -> DecisionQuerySet:
        return self.exclude(reason="")

    def over_limit(self, now: datetime) -> DecisionQuerySet:
        return self.open().filter(limit_at__lte=now)


class Decision(models.Model):
    """One question about one answer. Somebody escalated it where `reason` is set; else a rule wanted it signed.

    `holder` is whom it lies with, nobody where any approver of the channel may decide, and `why` says why that person.
    At `limit_at` it moves on; no time passing ever decides it. `said` are the words as they were decided.
    """

    REASONS = [
        ("position", "The town has no position on it yet"),
        ("law", "Law, liability or money"),
        ("safety", "Somebody's safety"),
        ("personal", "Personal data or a named person"),
        ("complaint", "A formal complaint"),
        ("political", "It is political"),
        ("tone", "It is heated and wants a second head"),
        ("other", "Something else"),
    ]
    STATES = [
        ("open", "Waiting for a decision"),
        ("approved", "Approved"),
        ("sent_back", "Sent back"),
        ("withdrawn", "Taken back"),
        ("dropped", "Another answer was chosen"),
    ]
    MOVES: ClassVar = {"open": {"approved", "sent_back", "withdrawn", "dropped"}}
    END_STATES = ("approved", "sent_back", "withdrawn", "dropped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="decisions")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    reason = models.CharField(max_length=12, choices=REASONS, blank=True)
    words = models.TextField(blank=True)  # what is asked, in the asker's words
    subject = models.CharField(max_length=120, blank=True)
    clause = models.CharField(max_length=90, blank=True)  # guide:anchor
    rule = models.CharField(max_length=200, blank=True)  # why it needs a signature at all
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=500, blank=True)
    limit_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)
    said = models.TextField(blank=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="decisions")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reply"], condition=Q(state="open"), name="decision_one_open_per_reply"),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="open") & ~Q(reason=""), name="escalation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="decision_made_has_a_time"
            ),
            models.CheckConstraint(condition=Q(reason="") | ~Q(words=""), name="escalation_says_why"),
        ]
        indexes = [
            models.Index(fields=["limit_at"], condition=Q(state="open"), name="decision_limit"),
            models.Index(fields=["-asked_at", "-id"], name="decision_by_newest"),
        ]
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"{self.subject or 'Sign-off'}: {self.reply}"[:120]

    @property
    def escalated(self) -> bool:
        return bool(self.reason)


class DecisionStep(models.Model):
    """One thing that happened to a question, with the words as they were then; only ever added."""

    WHAT = [
        ("asked", "Asked"),
        ("handed", "Moved on"),
        ("edited", "Words changed"),
        ("approved", "Approved"),
        ("sent_back", "Sent back"),
        ("withdrawn", "Taken back"),
        ("dropped", "Another answer was chosen"),
        ("sent", "Sent"),
        ("not_sent", "Not sent"),
    ]

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="steps")
    n = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=WHAT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    why = models.TextField(blank=True)
    words = models.TextField(blank=True)
    limit_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "n"], name="decision_step_once")]
        ordering = ("n",)

    def __str__(self) -> str:
        return f"{self.get_what_display()}, step {self.n}"
