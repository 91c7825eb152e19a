"""What somebody made of a conversation: its kind, confirmed by a person; and how hot a thread under our post is."""

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

KINDS = [
    ("question", "Question"),
    ("failure", "Service failure"),
    ("criticism", "Legitimate criticism"),
    ("misinformed", "Misinformed"),
    ("rant", "Rant"),
    ("abuse", "Abuse or threat"),
    ("safeguarding", "Safeguarding"),
    ("statutory", "Statutory request"),
]


class Triage(models.Model):
    """What kind of conversation it is, as a person confirmed it; `suggested` is what the words suggested then."""

    conversation = models.OneToOneField(Conversation, models.PROTECT, primary_key=True, related_name="triage")
    kind = models.CharField(max_length=12, choices=KINDS)
    suggested = models.CharField(max_length=12, choices=KINDS, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "-at"], name="triage_of_kind")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Defence(models.Model):
    """A resident's message that corrects what is wrong or stands up for the town: to be thanked, not exploited."""

    KINDS = [("corrects", "Corrects what is wrong"), ("supports", "Supports")]

    message = models.OneToOneField(Message, models.PROTECT, primary_key=True, related_name="defence")
    kind = models.CharField(max_length=8, choices=KINDS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="defence_newest")]

    def __str__(self) -> str:
        return self.get_kind_display()


class HeatQuerySet(models.QuerySet["Heat"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_inbox") -> HeatQuerySet:
        if places_for(user, act, now) is None:
            return self.all()
        return self.filter(channel__in=Channel.objects.filter(scopes_for(user, act, now)))


class Heat(models.Model):
    """A pile-on under one of our posts, from the alert until it has settled. `comments` and `people` are counted within
    the rule's minutes, at the last look; `top_comments` is the most there were. `cool_since` is when it fell below the
    line for settling.
    """

    STATES = [("hot", "Hot"), ("settled", "Settled")]
    MOVES: ClassVar = {"hot": {"settled"}, "settled": set()}
    END_STATES = ("settled",)
    POSTURES = [("answer_once", "Answer once, at the top"), ("pin", "Pin the answer"), ("hold", "Hold")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="heats")
    root_id = models.CharField(max_length=120)
    state = models.CharField(max_length=7, choices=STATES, default="hot")
    posture = models.CharField(max_length=11, choices=POSTURES)
    comments = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    top_comments = models.PositiveIntegerField()
    since = models.DateTimeField()
    looked_at = models.DateTimeField()
    cool_since = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = HeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "root_id"], condition=Q(state="hot"), name="heat_one_per_post")
        ]
        indexes = [models.Index(fields=["channel", "root_id", "-since"], name="heat_of_post")]
        ordering = ("-since", "-id")

    def __str__(self) -> str:
        return f"{self.top_comments} comments under a post on {self.channel}"
