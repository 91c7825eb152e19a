"""Words that are used again: saved replies, and the answers the town has approved."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagement.models.replies import Reply
from policy.models import Topic


class SavedReply(models.Model):
    """Words to begin an answer with. They may hold fields such as {name}; what fills them is worked out when they are
    put into an answer. Without an `owner` it is shared by the whole desk.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    text = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="saved_replies"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "saved replies"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["name", "owner"],
                condition=Q(put_away_at=None),
                nulls_distinct=False,
                name="saved_reply_named_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """An answer made from a good reply, to be used again. Whoever has the final say on its topic approves it, and it is
    looked at again on `review_on`. `instead_of` is the approved one that this one takes the place of.
    """

    STATES = [
        ("draft", "Draft"),
        ("in_review", "Waits for approval"),
        ("approved", "Approved"),
        ("retired", "Put away"),
    ]
    MOVES: ClassVar = {
        "draft": {"in_review", "retired"},
        "in_review": {"approved", "draft", "retired"},
        "approved": {"retired"},
        "retired": set(),
    }
    END_STATES = ("approved", "retired")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.CharField(max_length=160)
    text = models.TextField()
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    review_on = models.DateField()
    state = models.CharField(max_length=9, choices=STATES, default="draft")
    source = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="+")
    instead_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    said_by = models.CharField(max_length=300, blank=True)  # on which line of the register the approval rests
    why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("question", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review", "approved", "retired"]), name="answer_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approver__isnull=False, approved_at__isnull=False),
                name="answer_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["review_on"], condition=Q(state="approved"), name="answers_to_review")]

    def __str__(self) -> str:
        return self.question


class Used(models.Model):
    """A reply that was begun with a saved reply or an answer from the library; it counts once it is sent."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="begun_with")
    saved = models.ForeignKey(SavedReply, models.CASCADE, null=True, blank=True, related_name="uses")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="uses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(saved=None, answer__isnull=False) | Q(saved__isnull=False, answer=None),
                name="used_is_one_of_both",
            ),
            models.UniqueConstraint(
                fields=["reply", "saved", "answer"], nulls_distinct=False, name="used_once_in_a_reply"
            ),
        ]

    def __str__(self) -> str:
        return str(self.saved or self.answer)
