"""When comments on a post close: for everybody at once, with a reason that residents are told."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendar_app.models.placements import Placement


class CommentWindow(models.Model):
    """Until when people may comment on a post on one channel; never about one person or one opinion.

    `due` means that the time has come and a person is to close it on the network. `thread` counts the comments that
    were kept at closing, `record` names where.
    """

    REASONS: ClassVar = [
        ("over", "What it was about is over"),
        ("decided", "A consultation has ended: the decision is taken"),
        ("uncovered", "Nobody can look after the comments from then on"),
        ("moved", "The talk goes on in another place"),
        ("law", "A rule for all posts of this kind asks for it"),
    ]
    STATES: ClassVar = [
        ("planned", "Open until then"),
        ("due", "To be closed by hand"),
        ("closed", "Closed"),
        ("dropped", "Stays open"),
    ]
    MOVES: ClassVar = {
        "planned": {"due", "closed", "dropped"},
        "due": {"closed", "dropped", "planned"},
        "closed": {"planned"},
        "dropped": {"planned"},
    }
    END_STATES = ("closed",)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="comment_window")
    state = models.CharField(max_length=8, choices=STATES, default="planned")
    closes_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=REASONS)
    why = models.CharField(max_length=300)
    notice = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    thread = models.PositiveIntegerField(null=True, blank=True)
    record = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "due", "closed", "dropped"]), name="comment_window_state_known"
            ),
            models.CheckConstraint(condition=~Q(why="") & ~Q(notice=""), name="comment_window_says_why"),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(closed_by__isnull=False, closed_at__isnull=False, thread__isnull=False),
                name="comment_window_closed_is_kept",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(state="planned"), name="comment_window_due")]

    def __str__(self) -> str:
        return f"Comments on {self.placement}"
