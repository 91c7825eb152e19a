"""What platforms told us unasked: only that it was told, never what."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from channels_app.models.channels import Channel


class WebhookSeen(models.Model):
    """One body a platform sent, known by its hash alone, so that the same one again does nothing."""

    platform = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "sha256"], name="webhook_seen_once")]
        indexes = [models.Index(fields=["at"], name="webhook_seen_old")]

    def __str__(self) -> str:
        return f"{self.platform} at {self.at}"


class UnheardMention(models.Model):
    """A mention that a platform told of and did not let be read: a person looks at it there.

    `named` is all that is known of it: the number of a post, or with a slash behind it a comment's. It ends when
    somebody has looked at it, or by itself when it could be read after all.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="unheard")
    named = models.CharField(max_length=120)
    told_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "named"], condition=models.Q(ended_at=None), name="unheard_mention_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"Mention {self.named} on {self.channel}"

    @property
    def words(self) -> str:
        """Which one it is, as far as anybody here knows."""
        post, _, comment = self.named.partition("/")
        return f"comment {comment} under post {post}" if comment else f"post {post}"
