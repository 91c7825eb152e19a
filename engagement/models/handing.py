"""A question to a department, and its answer, which is for the desk and not for the public."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import places_for
from accounts.models import Scope, User
from channels_app.models import Channel
from engagement.models.conversations import Conversation
from engagement.models.messages import Message

HANDED = "answer_handed"


class HandedQuerySet(models.QuerySet["Handed"]):
    def visible_to(self, user: User, now: datetime) -> HandedQuerySet:
        """Those asked of a department this person belongs to, and those of conversations they see in the inbox."""
        places = places_for(user, "see_inbox", now)
        if places is None:
            return self.all()
        mine = user.grants.current(now).values("scope")
        channels = Channel.objects.filter(scope__in=places)
        return self.filter(Q(department__in=mine) | Q(conversation__channel__in=channels))

    def of_departments_of(self, user: User, now: datetime) -> HandedQuerySet:
        return self.filter(department__in=user.grants.current(now).values("scope"))


class Handed(models.Model):
    """A conversation handed to a department: what is asked, by when, and to whom the answer comes back.

    `about` is the resident's message as far as the department may read it; None where it was kept back. `done` means
    that the desk has made use of the answer, or needs it no longer.
    """

    STATES = [("asked", "Asked"), ("answered", "Answered"), ("done", "Done"), ("taken_back", "Taken back")]
    MOVES: ClassVar = {
        "asked": {"answered", "taken_back"},
        "answered": {"done", "asked"},
        "done": set(),
        "taken_back": set(),
    }
    END_STATES = ("done", "taken_back")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="handed")
    department = models.ForeignKey(Scope, models.PROTECT, related_name="+")
    about = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    question = models.TextField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=STATES, default="asked")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    back_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    nagged_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = HandedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "handed on"
        ordering = ("due_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "answered", "done", "taken_back"]), name="handed_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "done"]) | ~Q(answer=""), name="handed_answered_says_something"
            ),
            models.UniqueConstraint(
                fields=["conversation", "department"], condition=Q(state="asked"), name="handed_one_open_question"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="asked"), name="handed_waiting"),
            models.Index(fields=["department", "state", "due_at"], name="handed_of_department"),
        ]

    def __str__(self) -> str:
        return self.question[:80]
