"""What the composer shows beside the words: who has a post open, and at which hours a channel is heard."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendar_app.models.posts import Post
from channels_app.models import Channel


class Presence(models.Model):
    """A person who has a post open; `typed_at` is when words of theirs came last."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.post}"


class GoodHour(models.Model):
    """An hour of the week in which a channel's posts were taken up well: `rate` is the median of `posts` posts.

    `weekday` counts from Monday, both by the town's clocks. No row means that there is not enough history to say.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="good_hours")
    weekday = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    rate = models.FloatField()
    posts = models.PositiveIntegerField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "weekday", "hour"], name="good_hour_once"),
            models.CheckConstraint(
                condition=Q(weekday__lt=7) & Q(hour__lt=24) & Q(posts__gt=0), name="good_hour_is_of_a_week"
            ),
        ]
        ordering = ("channel", "-rate")

    def __str__(self) -> str:
        return f"{self.weekday} {self.hour}:00 on {self.channel}"


class HoursLook(models.Model):
    """The newest look at a channel's history: how many `posts` had numbers, and how many are `needed` to say anything.

    With enough of them and no GoodHour, no hour is reliably better than another.
    """

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="hours_look")
    posts = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.posts} of {self.needed} posts on {self.channel}"
