"""The town's own rules on who signs posts: where all that a rule names fits, a signature is asked for."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Scope
from policy.models.modes import ModeSpan
from policy.models.nouns import Topic


class SigningRuleQuerySet(models.QuerySet["SigningRule"]):
    def in_force(self) -> SigningRuleQuerySet:
        return self.filter(ended_at=None)


class SigningRule(models.Model):
    """One rule. What it leaves empty fits everything: kind, topic, channel, author and mode.

    `signer` is the one who signs, `deputy` the one who may as well and is asked once `hours` have gone by; without a
    signer every approver of the channel may. `timed`: the moment is signed too, so a moved post is signed anew. A rule
    is ended and never changed, so that an approval of the past can still be explained.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=24, blank=True)  # a row of `policy.permitted.POSTS`
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=12, blank=True, choices=ModeSpan.MODES)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    hours = models.PositiveSmallIntegerField(default=24)
    timed = models.BooleanField(default=False)
    why = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SigningRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deputy=None) | (Q(signer__isnull=False) & ~Q(deputy=F("signer"))),
                name="signing_rule_deputy_is_another",
            ),
            models.CheckConstraint(condition=Q(hours__gte=1), name="signing_rule_has_a_limit"),
            models.CheckConstraint(condition=~Q(why=""), name="signing_rule_says_why"),
        ]
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.why

    def fits(self, kind: str, topic: int | None, scope: int, author: int, modes: frozenset[str]) -> bool:
        """Whether everything it names is so; `kind` as in the matrix, the others as row ids."""
        named = [(self.topic_id, topic), (self.scope_id, scope), (self.author_id, author)]
        return (
            self.kind in {"", kind}
            and (not self.mode or self.mode in modes)
            and all(wanted in {None, given} for wanted, given in named)
        )
