"""What stands on a channel's profile for long, and who looked at it last."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from channels_app.models.channels import Channel


class ProfileLook(models.Model):
    """The last look at one thing on a profile: when, by whom, and what they found or changed.

    `item` is its key in `channels_app.profiles`, `looked_on` the town's day. Earlier looks are in the audit trail.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="profile_looks")
    item = models.CharField(max_length=20)
    looked_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "item"], name="profile_look_once")]

    def __str__(self) -> str:
        return f"{self.item} of {self.channel}"
