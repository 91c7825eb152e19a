"""What is known of backups, so that a desk without a fresh one says so."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class BackupRunQuerySet(models.QuerySet["BackupRun"]):
    def good(self) -> BackupRunQuerySet:
        return self.filter(ok=True)


class BackupRun(models.Model):
    """One run of `manage.py backup`, written when it has ended. `words` says where it is, or why there is none.

    `counts` holds the rows of each table. A backup is as old as its `started_at`: what came later is not in it.
    """

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    ok = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-started_at"], condition=models.Q(ok=True), name="backup_good")]
        ordering = ("-started_at", "-id")

    def __str__(self) -> str:
        return self.words


def last_good_backup() -> datetime | None:
    """When the newest good backup was begun."""
    return BackupRun.objects.good().order_by("-started_at").values_list("started_at", flat=True).first()
