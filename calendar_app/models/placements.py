"""A placement is a post on one channel, with its own wording and moment; a release ties it to its deliveries."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.access import scopes_for
from accounts.models import User
from calendar_app.models.posts import Post
from channels_app.models import Channel, Delivery
from policy.models import Approval


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: User, now: datetime) -> PlacementQuerySet:
        return self.filter(channel__in=Channel.objects.filter(scopes_for(user, "see_calendar", now)))

    def in_days(self, start: datetime, end: datetime) -> PlacementQuerySet:
        return self.filter(due_at__gte=start, due_at__lt=end).exclude(state="cancelled")


class Placement(models.Model):
    """A post on a channel. `wall_at` is the town's wall-clock time without zone, `due_at` the instant it means.

    `text` empty means the master's words. After release the page shows the newest delivery.
    """

    STATES = [
        ("draft", "Draft"),
        ("in_review", "In review"),
        ("approved", "Approved"),
        ("cancelled", "Cancelled"),
    ]
    MOVES: ClassVar = {
        "draft": {"in_review", "approved", "cancelled"},
        "in_review": {"draft", "approved", "cancelled"},
        "approved": {"draft", "cancelled"},
        "cancelled": {"draft"},
    }
    END_STATES = ("cancelled",)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="placements")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="placements")
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    version = models.PositiveIntegerField(default=1)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="placements")
    wall_at = models.DateTimeField(null=True, blank=True)  # the town's wall clock, stored as if it were UTC
    zone = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the newest one, also in releases

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "channel"], name="placement_once_per_channel"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "in_review", "approved", "cancelled"]),
                name="placement_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(approval__isnull=False),
                name="placement_approved_has_approval",
            ),
        ]
        indexes = [models.Index(fields=["due_at", "channel"], name="placement_month")]

    def __str__(self) -> str:
        return f"{self.post} on {self.channel}"


class Release(models.Model):
    """One delivery of a placement: a placement has many over time, a thread several parts."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="releases")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="release")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.placement} at {self.at}"
