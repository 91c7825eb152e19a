"""What the checks said about posts and replies, and what people decided about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Scope


class Firing(models.Model):
    """A finding that was there when a post or reply was saved, asked for or sent: once for each place it held.

    `kind` and `ref` name what it is about, `mark` the finding itself, `scope` the channel (none while no channel is
    chosen). `gone_at` is set when a later save no longer has it, and emptied when it comes back. `off` marks one of a
    rule that is switched off: nobody saw it. Who wrote the words is not kept here.
    """

    KINDS = [("post", "Post"), ("reply", "Reply")]
    LEVELS = [("must", "Must fix"), ("should", "Should fix"), ("consider", "Consider")]

    kind = models.CharField(max_length=8, choices=KINDS)
    ref = models.UUIDField()
    scope = models.ForeignKey(Scope, models.CASCADE, null=True, blank=True, related_name="+")
    rule = models.CharField(max_length=12)
    level = models.CharField(max_length=8, choices=LEVELS)
    mark = models.CharField(max_length=32)
    quote = models.CharField(max_length=200, blank=True)
    off = models.BooleanField(default=False)
    at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "ref", "scope", "mark"], nulls_distinct=False, name="firing_once_in_its_place"
            )
        ]
        indexes = [models.Index(fields=["at", "rule"], name="firings_of_a_month")]

    def __str__(self) -> str:
        return f"{self.rule} {self.quote}".strip()


class Judgement(models.Model):
    """What a person decided about a finding: overrode it with a reason, dismissed it, or took that back. Only added.

    The newest one for a mark holds. An override of what needs a second person holds once that person has signed.
    """

    KINDS = Firing.KINDS
    WHAT = [("overridden", "Overridden"), ("dismissed", "Dismissed"), ("taken_back", "Taken back")]

    kind = models.CharField(max_length=8, choices=KINDS)
    ref = models.UUIDField()
    rule = models.CharField(max_length=12)
    mark = models.CharField(max_length=32)
    quote = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=300)
    what = models.CharField(max_length=10, choices=WHAT)
    reason = models.CharField(max_length=500, blank=True)
    signed = models.BooleanField(default=False)  # an approver has to sign it as well
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(what="overridden") | ~models.Q(reason=""), name="judgement_override_has_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(what__in=["overridden", "dismissed", "taken_back"]), name="judgement_known"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "ref"], name="judgements_of_words"),
            models.Index(fields=["at"], name="judgements_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.what}"
