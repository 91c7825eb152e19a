"""What a platform charges, as the town has it in writing."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Price(models.Model):
    """One price the town entered, good from a day on; it goes before what Parley brought along.

    `what` is a key of `channels_app.prices.KINDS`. Prices are never changed: a new one follows.
    """

    platform = models.CharField(max_length=20)
    what = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=10, decimal_places=5)
    currency = models.CharField(max_length=3, default="USD")
    good_from = models.DateField()
    source = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "what", "good_from"], name="price_once_a_day"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
        ]
        ordering = ("platform", "what", "-good_from")

    def __str__(self) -> str:
        return f"{self.platform} {self.what}: {self.amount} {self.currency}"
