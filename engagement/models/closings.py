"""Single days on which the desk is closed besides the week's pattern and the public holidays."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Closing(models.Model):
    """One day without service hours. One that was taken back keeps its row."""

    day = models.DateField()
    why = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day"], condition=models.Q(ended_at=None), name="closing_once_a_day")
        ]
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day}: {self.why}"
