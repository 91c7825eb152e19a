"""Messages, in and out, with every version that was seen."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from channels_app.models import Channel, Delivery
from engagement.models.conversations import Conversation
from engagement.models.people import Person

BLOCK = 13  # messages whose numbers agree but for the last so many binary digits are one block: 8,192 of them


class Message(models.Model):
    """One item on a platform, theirs or ours. Our own posts are messages of kind `post` without a conversation.

    `at` is the platform's time, `ingested_at` ours; a time that lay in the future is replaced by ours and
    `at_doubtful` says so. `gone_at` marks a deletion; the row and its versions stay.
    """

    KINDS = [(k, k.capitalize()) for k in ("post", "comment", "reply", "mention", "direct")]

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=KINDS)
    remote_id = models.CharField(max_length=120)
    conversation = models.ForeignKey(Conversation, models.PROTECT, null=True, related_name="messages")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="messages")
    ours = models.BooleanField(default=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    visibility = models.CharField(max_length=8, default="public")
    parent_id = models.CharField(max_length=120, blank=True)
    root_id = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=500, blank=True)
    pictures = models.JSONField(default=list)  # videos as well: those have the kind "video"
    at = models.DateTimeField()
    at_doubtful = models.BooleanField(default=False)
    ingested_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)
    recheck_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "remote_id"], name="message_once"),
            models.CheckConstraint(condition=Q(ours=True) | Q(person__isnull=False), name="message_has_author"),
            models.CheckConstraint(
                condition=Q(kind="post") | Q(conversation__isnull=False), name="message_has_conversation"
            ),
        ]
        indexes = [
            GinIndex(
                F("id").bitrightshift(BLOCK),
                OpClass(Upper("text"), name="gin_trgm_ops"),
                name="message_search_by_block",
            ),
            models.Index(fields=["conversation", "at", "id"], name="message_thread"),
            models.Index(fields=["channel", "-at"], condition=Q(kind="post"), name="message_own_posts"),
            models.Index(fields=["conversation"], condition=Q(ours=True), name="message_ours"),
            models.Index(fields=["at"], condition=Q(ours=True, delivery=None), name="message_unexplained"),
            models.Index(fields=["channel", "root_id", "at"], condition=~Q(root_id=""), name="message_under_post"),
            models.Index(fields=["recheck_at"], condition=Q(recheck_at__isnull=False), name="message_recheck"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class MessageVersion(models.Model):
    """What a message said when we looked; added when it differs from the version before."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "n"], name="message_version_once")]
        ordering = ("n",)

    def __str__(self) -> str:
        return f"version {self.n}"
