"""What belongs to a signature: remarks, signatures of which more are needed, and reminders that are due."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from calendar_app.models.placements import Placement
from calendar_app.models.posts import Post


class RemarkQuerySet(models.QuerySet["Remark"]):
    def asked(self) -> RemarkQuerySet:
        """Changes that were asked for and are not settled yet."""
        return self.filter(kind="change", settled_at=None)


class Remark(models.Model):
    """Something said about a post between those who write and those who sign; never to the public.

    A `change` is what an approver wants different: `about` says which part, `quote` which words of it, `version` the
    version it was said of, so that the answer can be shown beside it. An `edit` is what an approver changed while
    signing. `settled_at` is when the change was signed, or taken back.
    """

    KINDS = [("remark", "Remark"), ("change", "Change asked for"), ("edit", "Changed while signing")]
    ABOUT = [
        ("words", "The words"),
        ("picture", "A picture or its alt text"),
        ("link", "The link"),
        ("time", "When it goes out"),
        ("channel", "Where it goes out"),
        ("other", "Something else"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=8, choices=KINDS, default="remark")
    about = models.CharField(max_length=8, choices=ABOUT, blank=True)
    quote = models.CharField(max_length=300, blank=True)
    places = models.CharField(max_length=300, blank=True)  # the channels it was said of, by name
    words = models.TextField()
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(words=""), name="remark_says_something")]
        indexes = [
            models.Index(
                fields=["post"], condition=models.Q(kind="change", settled_at=None), name="remark_change_asked"
            )
        ]
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.words


class Signature(models.Model):
    """One of several signatures that the same words need; the last one becomes the approval."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="signatures")
    hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "hash", "by"], name="signature_once_for_the_same_words")
        ]

    def __str__(self) -> str:
        return f"Signed by {self.by}"


class SignReminder(models.Model):
    """A reminder that is due once: to whoever is to sign (`user` empty: all who may), and to the deputy."""

    TO = [("signer", "Who is to sign"), ("deputy", "Deputy")]

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="reminders")
    asked_at = models.DateTimeField()  # the asking it belongs to
    to = models.CharField(max_length=6, choices=TO)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "asked_at", "to", "user"], nulls_distinct=False, name="sign_reminder_once"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="sign_reminder_due")]

    def __str__(self) -> str:
        return f"Reminder to the {self.to} of {self.placement}"
