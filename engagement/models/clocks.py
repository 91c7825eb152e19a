"""Response promises and the events their clocks are computed from."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from channels_app.models import Channel, Delivery
from engagement.models.conversations import Conversation
from engagement.models.messages import Message


class ResponsePromise(models.Model):
    """How soon the town answers: `hours` from the resident's message. The one in force when it came is the one that
    counts, so rows are added and never changed. Empty channel: every channel without one of its own; empty priority:
    every priority without one of its own. One that `ends` says that from then on there is none of its own here.
    """

    PRIORITIES = [("normal", "Normal"), ("high", "High"), ("urgent", "Urgent")]

    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="promises")
    priority = models.CharField(max_length=8, choices=PRIORITIES, blank=True, default="", db_default="")
    hours = models.FloatField(default=24)
    service_hours = models.FloatField(default=8)
    from_at = models.DateTimeField()
    ends = models.BooleanField(default=False, db_default=False)
    why = models.CharField(max_length=300, blank=True, default="", db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-from_at",)

    def __str__(self) -> str:
        return f"{self.hours:g} h"


class ServiceCalendar(models.Model):
    """The service hours as they were when messages came: a change of the town's hours adds a row and never rewrites
    what was due before.
    """

    digest = models.CharField(max_length=64, unique=True)
    zone = models.CharField(max_length=64)
    week = models.JSONField()
    pack = models.CharField(max_length=40)
    closed = models.JSONField(default=list, db_default=[])  # single days off, as ISO dates
    from_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Service hours since {self.from_at}"


class ClockEvent(models.Model):
    """One event of a conversation's clock; added only. What is due and what has passed is computed from them.

    Every resident message has its own `started`. Events are read in the order Parley learned of them: an answer
    settles what was known by then, and a message found later is still owed one.
    """

    KINDS = [
        (k, k.replace("_", " "))
        for k in (
            *("started", "paused", "resumed", "answered", "withdrawn", "reopened", "no_reply_needed"),
            "prioritised",  # `reason` is the priority from then on, `promise` what counts for what is owed
        )
    ]

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="clock_events")
    kind = models.CharField(max_length=16, choices=KINDS)
    at = models.DateTimeField()  # when it happened: the platform's time for messages
    noted_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+")
    promise = models.ForeignKey(ResponsePromise, models.PROTECT, null=True, related_name="+")
    calendar = models.ForeignKey(ServiceCalendar, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["at"], condition=models.Q(kind="started"), name="clock_started")]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind", "message"],
                condition=models.Q(message__isnull=False),
                name="clock_event_once_per_message",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"
