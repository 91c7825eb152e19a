"""Places: the town's own list of streets and places, with the names people give them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Place(models.Model):
    """A street or a place. `other_names` is a list of what people also write: nicknames, misspellings, short forms."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    other_names = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="place_has_a_name")]
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
