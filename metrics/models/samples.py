"""What people say of the town: a sample of residents' messages drawn by lot, and how people read each of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagement.models import Message


class Sample(models.Model):
    """`size` public messages of the days from `first` to `last`, drawn by lot with `seed` out of `whole`; `twice` of
    them are read by a second person who does not see what the first one said. It counts once it is done.
    """

    STATES = [("open", "Being read"), ("done", "Read, and counted"), ("dropped", "Dropped")]
    MOVES: ClassVar = {"open": {"done", "dropped"}, "done": set(), "dropped": set()}
    END_STATES = ("done", "dropped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first = models.DateField()
    last = models.DateField()
    whole = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    twice = models.PositiveIntegerField()
    seed = models.CharField(max_length=32)
    state = models.CharField(max_length=7, choices=STATES, default="open")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "done", "dropped"]), name="sample_state_known"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="sample_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=F("whole"), twice__lte=F("size")), name="sample_is_part_of_its_whole"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="sample_ended_has_a_time",
            ),
        ]
        ordering = ("-last", "-pk")

    def __str__(self) -> str:
        return f"{self.first.day} {self.first:%B} to {self.last.day} {self.last:%B %Y}"

    @property
    def words(self) -> str:
        """What was drawn out of what, as it stands beside every figure."""
        return f"{self.size} of {self.whole} messages from {self}"


class Drawn(models.Model):
    """One message of a sample, in the order of the lot; `twice`: a second person reads it as well."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="drawn")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    twice = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "drawn"
        constraints = [
            models.UniqueConstraint(fields=["sample", "message"], name="drawn_once"),
            models.UniqueConstraint(fields=["sample", "place"], name="drawn_in_one_place"),
        ]
        ordering = ("place",)

    def __str__(self) -> str:
        return f"{self.place} of {self.sample}"


class Coding(models.Model):
    """How one person read one message; `turn` is 1 for the first reader and 2 for the second, who is somebody else."""

    TONES = [
        ("praise", "Praise"),
        ("neutral", "Neutral"),
        ("criticism", "Criticism"),
        ("unclear", "Cannot be told"),
    ]

    drawn = models.ForeignKey(Drawn, models.CASCADE, related_name="codings")
    turn = models.PositiveSmallIntegerField()
    tone = models.CharField(max_length=9, choices=TONES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drawn", "turn"], name="coding_once_a_turn"),
            models.UniqueConstraint(fields=["drawn", "by"], name="coding_once_a_person"),
            models.CheckConstraint(condition=Q(turn__in=[1, 2]), name="coding_first_or_second"),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="coding_newest_of_person")]
        ordering = ("turn",)

    def __str__(self) -> str:
        return self.get_tone_display()
