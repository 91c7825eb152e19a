"""Legal requests: what came in as a comment and has a deadline of its own, until somebody says what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import places_for, scopes_for
from accounts.models import User
from channels_app.models import Channel
from engagement.models.conversations import Conversation
from engagement.models.messages import Message
from policy.requests import KINDS

PENDING = ("suggested", "open", "handed")


class LegalRequestQuerySet(models.QuerySet["LegalRequest"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_inbox") -> LegalRequestQuerySet:
        if places_for(user, act, now) is None:
            return self.all()
        return self.filter(conversation__channel__in=Channel.objects.filter(scopes_for(user, act, now)))

    def pending(self) -> LegalRequestQuerySet:
        return self.filter(state__in=PENDING)


class LegalRequest(models.Model):
    """A request for information or one's own data, a formal complaint, a claim and the like, made by a message.

    Words suggest it (`matched`), a person says whether it is one. `due_on` is the law's last day, counted from when the
    message came by the calendar of the pack that held then (`pack`, `law`); empty where the pack has none. `officer`
    deals with it once it is handed on. It ends with what `became` of it, and nothing else ends it.
    """

    STATES = [
        ("suggested", "To be confirmed"),
        ("open", "Confirmed"),
        ("handed", "With the officer in charge"),
        ("done", "Settled"),
        ("declined", "No such request"),
    ]
    MOVES: ClassVar = {
        "suggested": {"open", "declined"},
        "open": {"handed", "done", "declined"},
        "handed": {"open", "done"},
        "declined": {"open"},
        "done": set(),
    }
    END_STATES = ("done", "declined")
    OUTCOMES = [
        ("answered", "Answered in full"),
        ("part", "Answered in part, or refused with the reason and the way to appeal"),
        ("elsewhere", "Dealt with in the formal procedure"),
        ("pointed", "Shown the way that is open for it"),
        ("withdrawn", "The resident took it back"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="legal_requests")
    message = models.ForeignKey(Message, models.PROTECT, related_name="legal_requests")
    kind = models.CharField(max_length=16, choices=list(KINDS.items()))
    state = models.CharField(max_length=9, choices=STATES, default="suggested")
    matched = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    pack = models.CharField(max_length=40, blank=True)
    law = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=OUTCOMES, blank=True)
    became = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = LegalRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "kind"], name="legal_request_once_per_message"),
            models.CheckConstraint(
                condition=Q(state__in=["suggested", "open", "handed", "done", "declined"]),
                name="legal_request_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "declined"]) | ~Q(became=""), name="legal_request_end_says_what_became"
            ),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(outcome=""), name="legal_request_done_has_outcome"),
            models.CheckConstraint(
                condition=~Q(state="handed") | Q(officer__isnull=False), name="legal_request_handed_to_somebody"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=["suggested", "open", "handed"]),
                name="legal_request_due",
            ),
            models.Index(
                fields=["conversation"],
                condition=Q(state__in=["suggested", "open", "handed"]),
                name="legal_request_pending",
            ),
        ]
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def pending(self) -> bool:
        return self.state in PENDING
