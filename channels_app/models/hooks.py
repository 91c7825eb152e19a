"""What platforms told us unasked: only that it was told, never what."""

from __future__ import annotations

from django.db import models


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
