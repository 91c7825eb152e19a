"""Why a response promise was missed, as somebody at the desk says it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from engagement.models.conversations import Conversation


class MissReason(models.Model):
    """A reason for one missed promise: of the wait that began at `since`. Added only; the newest counts."""

    CODES = [
        ("no_cover", "Nobody was on duty"),
        ("department", "We waited for a department"),
        ("sign_off", "It waited for a signature"),
        ("volume", "Too much came at once"),
        ("emergency", "An emergency came first"),
        ("overlooked", "It was overlooked"),
        ("read_late", "Parley read it late"),
        ("platform", "The platform failed or could not be reached"),
        ("other", "Something else"),
    ]

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="miss_reasons")
    since = models.DateTimeField()
    code = models.CharField(max_length=12, choices=CODES)
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["conversation", "since"], name="miss_of_conversation")]

    def __str__(self) -> str:
        return self.get_code_display()
