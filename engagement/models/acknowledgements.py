"""The labelled automatic acknowledgement: what a channel says by itself, and where it has said it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from channels_app.models import Channel, Delivery
from engagement.models.conversations import Conversation
from engagement.models.messages import Message


class Acknowledgement(models.Model):
    """How a channel acknowledges from `at` on. Added only: the newest row of a channel is the one in force.

    Whoever switched it on (`by`) approved its words. `every_hours` is how long a conversation is left alone after one;
    `private` says whether private messages get one too.
    """

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="acknowledgements")
    on = models.BooleanField(default=False)
    text = models.CharField(max_length=300)
    emergency = models.CharField(max_length=160)  # whom to call in danger
    every_hours = models.PositiveSmallIntegerField(default=24)
    private = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["channel", "-id"], name="acknowledgement_in_force")]

    def __str__(self) -> str:
        return self.text[:60]


class Acknowledged(models.Model):
    """One message that was acknowledged by itself; added only. Its delivery tells what became of it."""

    setting = models.ForeignKey(Acknowledgement, models.PROTECT, related_name="sent")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="acknowledged")
    message = models.OneToOneField(Message, models.PROTECT, related_name="acknowledged")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="acknowledged")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"Acknowledged at {self.at}"
