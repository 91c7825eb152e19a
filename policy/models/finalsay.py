"""Who has the final say on what, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class FinalSay(models.Model):
    """One subject's decision-maker and deputy from `starts_at` to `ends_at`. Rows end; they are not overwritten."""

    subject = models.CharField(max_length=120)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(ends_at=None), name="final_say_one_open_holder"
            ),
            models.CheckConstraint(
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("holder")),
                name="final_say_deputy_is_other",
            ),
        ]
        ordering = ("subject", "starts_at")

    def __str__(self) -> str:
        return f"{self.subject}: {self.holder}"
