"""An emergency as the calendar lives it: messages and their copies, frozen posts, rumours, alerts from outside."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendar_app.models.placements import Placement
from channels_app.models import Delivery
from policy.models import ModeSpan

FIVE = ("source", "hazard_words", "place", "action", "time")


class EmergencyMessage(models.Model):
    """One message in five parts: who speaks, what happens, where, what to do, by when.

    `other` holds the same parts in the second language. `replaces` is the message this one takes the place of; with it
    every earlier one of its line is superseded. `area` holds polygons and circles for systems that draw maps.
    """

    STATES = [("draft", "Draft"), ("sent", "Sent"), ("superseded", "Superseded"), ("dropped", "Dropped")]
    MOVES: ClassVar = {
        "draft": {"sent", "dropped"},
        "sent": {"superseded"},
        "superseded": set(),
        "dropped": set(),
    }
    END_STATES = ("sent", "superseded", "dropped")
    KINDS = [("alert", "First message"), ("update", "Update"), ("cancel", "All clear")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    span = models.ForeignKey(ModeSpan, models.PROTECT, null=True, blank=True, related_name="messages")
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    kind = models.CharField(max_length=8, choices=KINDS, default="alert")
    exercise = models.BooleanField(default=False)
    hazard = models.CharField(max_length=20)
    source = models.CharField(max_length=120, blank=True)
    hazard_words = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=300, blank=True)
    time = models.CharField(max_length=120, blank=True)
    not_for = models.CharField(max_length=200, blank=True)
    more_url = models.URLField(max_length=300, blank=True)
    language = models.CharField(max_length=12, default="en")
    second_language = models.CharField(max_length=12, blank=True)
    other = models.JSONField(default=dict, blank=True)
    one_language_why = models.CharField(max_length=200, blank=True)
    fallback_why = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=10, default="Severe")
    urgency = models.CharField(max_length=10, default="Immediate")
    certainty = models.CharField(max_length=10, default="Observed")
    area = models.JSONField(default=dict, blank=True)
    next_update_at = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"])
                | (
                    ~Q(source="")
                    & ~Q(hazard_words="")
                    & ~Q(place="")
                    & ~Q(action="")
                    & ~Q(time="")
                    & Q(sent_at__isnull=False, span__isnull=False)
                ),
                name="emergency_message_sent_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "superseded", "dropped"]), name="emergency_message_state_known"
            ),
        ]
        ordering = ("sent_at", "id")

    def __str__(self) -> str:
        return f"{self.kind_words}: {self.place or self.hazard_words or self.hazard}"

    @property
    def kind_words(self) -> str:
        """What pages call it."""
        return {"update": "Update", "cancel": "All clear"}.get(self.kind, "Warning")


class EmergencyCopy(models.Model):
    """One delivery of a message: to one channel, in one language. The database refuses an exercise elsewhere than in
    practice.
    """

    message = models.ForeignKey(EmergencyMessage, models.PROTECT, related_name="copies")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="emergency_copy")
    language = models.CharField(max_length=12)

    def __str__(self) -> str:
        return f"{self.message} on {self.delivery.channel}"


class Frozen(models.Model):
    """A post that was to go out when the emergency came: it stays where it is until somebody decides about it."""

    DECISIONS = [("send", "Sent at a new time"), ("draft", "Kept as a draft"), ("cancel", "Cancelled")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    span = models.ForeignKey(ModeSpan, models.PROTECT, related_name="frozen")
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, related_name="frozen")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="frozen")
    was_due_at = models.DateTimeField()
    at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=DECISIONS, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery"], condition=Q(decided_at=None), name="frozen_once"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="", by=None)
                | (Q(decided_at__isnull=False, by__isnull=False) & ~Q(decision="")),
                name="frozen_decision_is_somebodys",
            ),
        ]
        ordering = ("was_due_at", "id")

    def __str__(self) -> str:
        return f"{self.delivery} was due {self.was_due_at}"


class Rumour(models.Model):
    """Something people say: heard where, what was found, and where the correction stands."""

    VERDICTS = [
        ("open", "Not checked yet"),
        ("false", "Not true"),
        ("partly", "Partly true"),
        ("true", "True"),
        ("unknown", "Nobody knows"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    span = models.ForeignKey(ModeSpan, models.PROTECT, related_name="rumours")
    heard = models.CharField(max_length=300)
    where = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=VERDICTS, default="open")
    found = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.heard


class OutsideAlert(models.Model):
    """A CAP alert that came from elsewhere, as it came; `message` is the draft somebody made of it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identifier = models.CharField(max_length=300)
    sender = models.CharField(max_length=300)
    sent = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    status = models.CharField(max_length=10)
    msg_type = models.CharField(max_length=10)
    headline = models.CharField(max_length=300, blank=True)
    references = models.JSONField(default=list)
    whole = models.JSONField(default=dict)
    raw = models.TextField()
    came_from = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    message = models.ForeignKey(EmergencyMessage, models.PROTECT, null=True, blank=True, related_name="outside")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "identifier", "sent"], name="outside_alert_once"),
        ]
        ordering = ("-sent_at", "-id")

    def __str__(self) -> str:
        return self.headline or self.identifier
