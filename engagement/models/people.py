"""People who wrote to the town, known only by what they wrote."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper

from channels_app.models import Channel


class Person(models.Model):
    """One author on one channel. There is no profile beyond the threads they started, and no score."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="people")
    remote_id = models.CharField(max_length=120)
    handle = models.CharField(max_length=120)
    name = models.CharField(max_length=200, blank=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "remote_id"], name="person_once")]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="person_search"),
            models.Index(Lower("handle"), name="person_by_handle"),
        ]

    def __str__(self) -> str:
        return self.name or self.handle or "A resident"
