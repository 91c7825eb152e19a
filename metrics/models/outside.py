"""What other systems know: files that were brought in, and their figures, added and never changed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from channels_app.models import Channel
from policy.models import Topic


class OutsideFile(models.Model):
    """One file of one kind (see `metrics.outside.kinds`). `read` says how it is read: encoding, separator, order of
    dates; `columns` maps what columns mean to their places. Its figures count while it is `made`; taken back, they stay
    as rows and count no longer. `source` says in words where the numbers come from.
    """

    STATES = [
        ("new", "To be set up"),
        ("made", "Brought in"),
        ("taken_back", "Taken back"),
        ("dropped", "Discarded"),
    ]
    MOVES: ClassVar = {"new": {"made", "dropped"}, "made": {"taken_back"}, "taken_back": set(), "dropped": set()}
    END_STATES = ("made", "taken_back")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=STATES, default="new")
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    read = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "file of figures"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["new", "made", "taken_back", "dropped"]), name="outside_file_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | Q(made_at__isnull=False) & ~Q(source=""),
                name="outside_file_made_has_a_source",
            ),
        ]
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.name


class OutsideFigure(models.Model):
    """One number of a file. `line` is where it stands there: its line, or where a line has numbers of several routes,
    the place of the number counted over all lines. `on` is the Monday of its week, or its day for what is counted at a
    day.

    Of several for the same week, topic, channel, route and label the one of the newest file holds; the others are what
    was known before. `route` is how people got in touch; `label` a place, a purpose or an activity in words; `local`
    whether a place is here.
    """

    file = models.ForeignKey(OutsideFile, models.PROTECT, related_name="figures")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    on = models.DateField()
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    route = models.CharField(max_length=10, blank=True)
    label = models.CharField(max_length=120, blank=True)
    local = models.BooleanField(null=True, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="outside_figure_once_per_line"),
            models.CheckConstraint(condition=Q(value__gte=0), name="outside_figure_is_no_less_than_none"),
        ]
        indexes = [models.Index(fields=["kind", "on"], name="outside_figure_of_week")]
        ordering = ("on", "line")

    def __str__(self) -> str:
        return f"{self.kind} {self.on}: {self.value}"
