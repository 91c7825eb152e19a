"""Replies: what the town answers, from the draft to the receipt."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from channels_app.models import Delivery
from engagement.models.conversations import Conversation
from engagement.models.messages import Message
from policy.models import Approval
from policy.situations import SITUATIONS


class Reply(models.Model):
    """An answer to one message. It takes its parent's visibility: a private message is never answered in public.

    Once released, `delivery` is its newest delivery; a failed one goes back to `draft` with its words kept, and `why`
    says what happened. `in_review` waits for an approver's signature, asked for at `asked_at`. `situation` is what its
    writer chose, empty for what the conversation suggests.
    """

    STATES = [
        ("draft", "Draft"),
        ("released", "Sent to the outbox"),
        ("published", "Published"),
        ("dropped", "Dropped"),
        ("in_review", "In review"),
    ]
    MOVES: ClassVar = {
        "draft": {"released", "dropped", "in_review"},
        "in_review": {"released", "draft", "dropped"},
        "released": {"published", "draft", "dropped"},
        "published": set(),
        "dropped": set(),
    }
    END_STATES = ("published", "dropped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="replies")
    parent = models.ForeignKey(Message, models.PROTECT, related_name="replies")
    text = models.TextField()
    visibility = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    close_after = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="replies")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="replies")
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, blank=True, related_name="reply")
    form_key = models.CharField(max_length=40, blank=True)  # one per opened form: a double click is one reply
    why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    situation = models.CharField(max_length=12, choices=SITUATIONS, blank=True, default="", db_default="")
    asked_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(
        max_length=12, blank=True, default="", db_default=""
    )  # empty: as the message it answers

    class Meta:
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["form_key"], condition=~models.Q(form_key=""), name="reply_once_per_form"),
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(state="released"), name="reply_one_under_way"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["released", "published"]) | models.Q(delivery__isnull=False),
                name="reply_released_has_delivery",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(state="in_review"), name="reply_to_sign")]
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.text[:60]
