"""A series: posts that come again by a rule. Each part is a post like any other, with its own words and signature."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import User
from calendar_app.models.posts import Post


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: User, now: datetime) -> SeriesQuerySet:
        """Those of which this person sees a part."""
        seen = SeriesPart.objects.filter(post__in=Post.objects.visible_to(user, now))
        return self.filter(pk__in=seen.values("series"))


class Series(models.Model):
    """`rule` says on which days of the town's clocks it comes (see calendar_app.recurring); `fold` which of the two
    is meant where a time comes twice, empty where nobody was asked.
    """

    FOLDS: ClassVar = [(0, "The first"), (1, "The second")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    rule = models.JSONField()
    zone = models.CharField(max_length=64)
    fold = models.PositiveSmallIntegerField(null=True, blank=True, choices=FOLDS)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="series")
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name


class SeriesPart(models.Model):
    """A post as part `n` of a series. `slot` is where the series has it, on the town's wall clock as if it were UTC.

    `settled` and `settled_wall` are the version and the time of the post as of the last answer to whether a change is
    meant for this part alone: while the post is elsewhere, that question is open.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="parts")
    n = models.PositiveSmallIntegerField()
    post = models.OneToOneField(Post, models.CASCADE, related_name="part")
    slot = models.DateTimeField()
    settled = models.PositiveIntegerField(default=1)
    settled_wall = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "n"], name="series_part_once")]
        ordering = ("n",)

    def __str__(self) -> str:
        return f"Part {self.n} of {self.series}"
