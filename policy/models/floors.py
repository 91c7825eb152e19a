"""How much of what goes out is to be conversation: what the town settled, since when, and who settled it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Scope


class ConversationFloor(models.Model):
    """One word on it, in percent of what goes out on a channel; it holds from `at` until a later one of the same scope.

    Without a scope it is for every channel that has none of its own. Without a share it takes an earlier one away. Rows
    are added and never changed, so that a week of the past is held against what was asked then.
    """

    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True, related_name="+")
    share = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gte=1, share__lte=100), name="conversation_floor_is_a_share"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="conversation_floor_says_why"),
        ]
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"Conversation on {self.scope or 'every channel'}"
