"""What the town has looked at in its pack; the pack itself is data in `policy/packs/`."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PackReview(models.Model):
    """Somebody went through a pack with whoever advises the town on law; added only."""

    pack = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.pack}, looked at by {self.by}"
