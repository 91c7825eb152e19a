"""What a guided form asked for, beside the words it made."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagement.models.replies import Reply


class Considered(models.Model):
    """The two considered answers: "fix" promises that something is done, "no" says why it cannot be.

    The reply's words are the person's own; this keeps what was decided: for a fix what, who, by when; for a no the
    reason and its code. `opened_at` is when a published fix was handed on.
    """

    KINDS: ClassVar = [("fix", "We'll fix it"), ("no", "Sorry, we can't, because")]
    REASONS: ClassVar = [
        ("money", "No money set aside for it"),
        ("law", "The law does not allow it"),
        ("others", "Another body decides it"),
        ("decided", "The council decided otherwise"),
        ("safety", "It would not be safe"),
        ("fair", "It would not be fair on others"),
        ("place", "The place does not allow it"),
        ("time", "Not now: other work comes first"),
        ("other", "Another reason"),
    ]

    reply = models.OneToOneField(Reply, models.CASCADE, related_name="considered")
    kind = models.CharField(max_length=3, choices=KINDS)
    what = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    public = models.BooleanField(default=True)
    reference = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=8, choices=REASONS, blank=True)
    reason = models.TextField(blank=True)
    source = models.URLField(max_length=500, blank=True)
    alternative = models.CharField(max_length=300, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="fix", owner__isnull=False, due_on__isnull=False) & ~Q(what="")
                | Q(kind="no") & ~Q(reason="") & ~Q(code=""),
                name="considered_is_whole",
            )
        ]
        indexes = [models.Index(fields=["code", "-at"], condition=Q(kind="no"), name="considered_reasons")]

    def __str__(self) -> str:
        return self.what or self.get_code_display()
