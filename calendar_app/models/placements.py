"""A placement is a post on one channel, with its own wording and moment; a release ties it to its deliveries."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.access import places_for, scopes_for
from accounts.models import User
from calendar_app.models.posts import NOTHING, Post, sees_own_only
from channels_app.models import Channel, Delivery
from policy.models import Approval

# A delivery in one of these is out, on its way, or may be: its placement cannot be changed any more.
OUT = ("claimed", "preparing", "sending", "awaiting_platform", "unknown", "needs_attention", "published", "removed")
EMPTY = models.Value([], models.JSONField())
# In these it waits and can still be called off.
WAITING = ("scheduled", "retry_wait", "blocked", "missed")


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: User, now: datetime) -> PlacementQuerySet:
        """Those on channels this person may see in the calendar, of posts this person may see."""
        rows = self
        if places_for(user, "see_calendar", now) is not None:
            rows = self.filter(channel__in=Channel.objects.filter(scopes_for(user, "see_calendar", now)))
        return rows.filter(post__author=user) if sees_own_only(user, now) else rows

    def planned(self) -> PlacementQuerySet:
        return self.filter(post__dropped_at=None).exclude(state="cancelled")

    def in_days(self, start: datetime, end: datetime) -> PlacementQuerySet:
        return self.planned().filter(due_at__gte=start, due_at__lt=end)


class Placement(models.Model):
    """A post on a channel. `wall_at` is the town's wall-clock time without zone, `due_at` the instant it means.

    `text` empty means the master's words; `basis` is what the master said when the own wording was written. `parts` are
    the texts that follow it there (a thread, a first comment), `poll` is {"options": [], "minutes": 0} or empty. After
    release the page shows the newest delivery. `asked_by` is who asked for it to go out: never the one who signs it.
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
    basis = models.TextField(null=True, blank=True)  # None: no own wording, or written before this was kept
    parts = models.JSONField(default=list, db_default=EMPTY, blank=True)
    poll = models.JSONField(default=dict, db_default=NOTHING, blank=True)
    title = models.CharField(max_length=300, blank=True, default="", db_default="")  # where posts have one of their own
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="placements")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=models.Q(wall_at=None, due_at=None) | models.Q(wall_at__isnull=False, due_at__isnull=False),
                name="placement_time_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "channel"], name="placement_month"),
            models.Index(fields=["post"], condition=models.Q(state="draft", due_at=None), name="placement_undated"),
            models.Index(fields=["post"], condition=models.Q(state__in=["draft", "in_review"]), name="placement_begun"),
            models.Index(fields=["asked_at"], condition=models.Q(state="in_review"), name="placement_to_sign"),
        ]

    def __str__(self) -> str:
        return f"{self.post} on {self.channel}"

    @property
    def shown_state(self) -> str:
        """What a page says about it: the delivery's state once there is one, else where people are with it."""
        if self.state == "approved" and self.delivery is not None:
            return self.delivery.state
        return self.state

    @property
    def out_of_step(self) -> bool:
        """The text for all channels was changed after this channel's own wording was written."""
        return bool(self.text.strip()) and self.basis is not None and self.basis.strip() != self.post.text.strip()

    @property
    def is_out(self) -> bool:
        """It is out, on its way, or may be: nothing about it can be changed."""
        return self.shown_state in OUT or (self.shown_state in WAITING and self._may_be_out)

    @property
    def waits(self) -> bool:
        """It has a delivery that can still be called off."""
        return self.shown_state in WAITING and not self._may_be_out

    @property
    def _may_be_out(self) -> bool:
        return self.delivery is not None and self.delivery.may_be_out


class Release(models.Model):
    """One delivery of a placement: a placement has many over time, a thread several parts."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="releases")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="release")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.placement} at {self.at}"
