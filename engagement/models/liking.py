"""Likes: the town's nod to what a resident wrote, and taking it back."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from channels_app.models import Delivery
from engagement.models.messages import Message


class Liking(models.Model):
    """The town was asked to like a message, or to take that back. Added only; `why` says what kept it from happening.

    A message's newest one (`n` counts them) is what the town wants; its delivery tells what became of that.
    """

    message = models.ForeignKey(Message, models.PROTECT, related_name="likings")
    n = models.PositiveSmallIntegerField()
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="liking")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "n"], name="liking_one_after_another")]
        ordering = ("n",)

    def __str__(self) -> str:
        return f"{self.delivery.get_kind_display()}: {self.message}"
