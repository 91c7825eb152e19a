"""Approval of exact words: a hash, by whom, when, and under which rule."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Approval(models.Model):
    """What is approved is the content with this hash. `by` is empty where the rule asks for nobody.

    The thing approved points here. Words that change need a new approval; one taken back keeps its row.
    """

    hash = models.CharField(max_length=64)
    rule = models.CharField(max_length=40)
    rule_words = models.CharField(max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    remark = models.TextField(blank=True)
    # The one-person path: no other may sign, so the author looked again themselves, this long after they first asked.
    second_look_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_look_at = models.DateTimeField(null=True, blank=True)
    # The moment that was signed with the words, where a rule says so; moved, it needs another approval.
    timed_for = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by=None) | models.Q(asked_by=None) | ~models.Q(by=models.F("asked_by")),
                name="approval_not_by_author",
            )
        ]

    def __str__(self) -> str:
        if self.second_look_by_id:
            return f"Second look by {self.second_look_by}"
        return f"Approved by {self.by}" if self.by_id else self.rule_words

    @property
    def signed(self) -> bool:
        """Somebody put their name to it: another person, or the author at the second look."""
        return self.by_id is not None or self.second_look_by_id is not None
