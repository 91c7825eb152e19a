"""One answer for many, and the references that cases go by."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from engagement.models.conversations import Conversation
from engagement.models.replies import Reply


class Together(models.Model):
    """A conversation that one answer under the post answers with others. `named`: the words that went out name its
    person, so it is answered; else it was settled with a reason.
    """

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="together")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="answered_with")
    named = models.BooleanField(null=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "conversation"], name="together_once")]

    def __str__(self) -> str:
        return f"{self.conversation} with others"


class CaseReference(models.Model):
    """What a conversation is called elsewhere: on the phone, in another system, in a letter."""

    conversation = models.OneToOneField(Conversation, models.PROTECT, related_name="reference")
    number = models.CharField(max_length=24, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number
