"""A plan that comes from a file, row by row, and a private address under which the plan can be followed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import places_for
from accounts.models import User
from calendar_app.models.posts import Post


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User, now: datetime) -> ImportQuerySet:
        """The own ones; all for who may cancel posts on every channel."""
        return self if places_for(user, "cancel_post", now) is None else self.filter(by=user)

    def due(self) -> ImportQuerySet:
        """Those at which a worker has something to do."""
        return self.filter(state__in=Import.WORK).order_by("pk")


class Import(models.Model):
    """One file. `read` says how it is to be read: encoding, separator, order of dates, time of rows without one.

    `columns` maps the places of the file's columns to what they mean. `total` is the number of its rows.
    """

    STATES = [
        ("new", "To be set up"),
        ("checking", "Being checked"),
        ("checked", "Checked"),
        ("making", "Being imported"),
        ("made", "Imported"),
        ("undoing", "Being undone"),
        ("undone", "Undone"),
        ("dropped", "Discarded"),
    ]
    MOVES: ClassVar = {
        "new": {"checking", "dropped"},
        "checking": {"checked", "new"},
        "checked": {"making", "new", "dropped"},
        "making": {"made"},
        "made": {"undoing"},
        "undoing": {"undone"},
        "undone": set(),
        "dropped": set(),
    }
    WORK = ("checking", "making", "undoing")
    END_STATES = ("made", "undone")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=STATES, default="new")
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    read = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    at = models.DateTimeField()

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["checking", "making", "undoing"]), name="import_due")
        ]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One row of a file, by the line it begins on; made once, because line and post are each unique.

    `ref` ties rows to one post. `why` says what is wrong with a bad one, or why the post of an undone import stays.
    """

    STATES = [
        ("good", "Can be imported"),
        ("bad", "Cannot be imported"),
        ("made", "Imported"),
        ("undone", "Undone"),
        ("kept", "Stays"),
    ]
    MOVES: ClassVar = {
        "good": {"made", "bad"},
        "made": {"undone", "kept"},
        "bad": set(),
        "undone": set(),
        "kept": set(),
    }

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    ref = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=STATES)
    why = models.TextField(blank=True)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("line",)
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="import_row_once"),
            models.CheckConstraint(condition=~Q(state="bad") | ~Q(why=""), name="import_row_bad_says_why"),
        ]
        indexes = [models.Index(fields=["batch", "state", "line"], name="import_row_next")]

    def __str__(self) -> str:
        return f"line {self.line}"


class Feed(models.Model):
    """A private address of the calendar. Only the hash of its secret is kept; revoking it ends it at once."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(revoked_at=None), name="feed_one_for_each_person")
        ]

    def __str__(self) -> str:
        return f"Calendar feed of {self.owner}"
