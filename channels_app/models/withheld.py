"""What a platform counts and does not show."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from channels_app.models.channels import Channel


class WithheldComments(models.Model):
    """Comments that a platform counts under the posts of a channel and does not let be read: a right may be gone.

    `since`: when the last one was read or, where none ever was, when the first was counted. It ends by itself when
    comments are read again, or when a person has looked at the posts there.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="withheld")
    count = models.PositiveIntegerField()
    since = models.DateTimeField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "withheld comments"
        constraints = [
            models.UniqueConstraint(
                fields=["channel"], condition=models.Q(ended_at=None), name="withheld_comments_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} comments on {self.channel}"
