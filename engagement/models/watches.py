"""Watches: what the town listens for in public, why and until when; and what they heard."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import may, scopes_for
from accounts.models import User
from channels_app.models import Channel
from engagement.models.conversations import Conversation
from engagement.models.messages import Message
from policy.models import Topic


class PublicVoice(models.Model):
    """The account of an organisation, a group or somebody in a public role: the only accounts a watch may name, and
    the only authors that are counted. `why` says what makes it public.
    """

    KINDS = [("organisation", "Organisation"), ("group", "Group"), ("role", "Public role")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=KINDS)
    handle = models.CharField(max_length=120)  # without the sign before it, in lower case
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handle"], condition=Q(ended_at=None), name="public_voice_once"),
            models.CheckConstraint(condition=~Q(why=""), name="public_voice_says_why"),
        ]
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class WatchQuerySet(models.QuerySet["Watch"]):
    def visible_to(self, user: User, now: datetime) -> WatchQuerySet:
        """Everything for those who keep watches; for others all but those on a key worker that they are not."""
        if may(user, "keep_watch", now):
            return self.all()
        own = Q(worker=user)
        return self.filter(~Q(kind="worker") | own) if may(user, "see_listening", now) else self.filter(own)

    def listening(self, now: datetime) -> WatchQuerySet:
        return self.filter(state="on", ends_at__gt=now)


class Watch(models.Model):
    """What is listened for, with its purpose and its end. One on a key worker waits until that worker has agreed, and
    hears only what also sounds like abuse or danger.

    `names` are the names, nicknames and misspellings, `without` the words that rule a message out. `loud_since` is set
    while there is far more of it than usual.
    """

    KINDS = [
        ("topic", "Topic"),
        ("place", "Place"),
        ("location", "Location"),
        ("organisation", "The organisation itself"),
        ("worker", "Key worker, for their safety"),
    ]
    STATES = [("asked", "Waits for consent"), ("on", "Listening"), ("ended", "Ended")]
    MOVES: ClassVar = {"asked": {"on", "ended"}, "on": {"ended", "asked"}, "ended": {"on", "asked"}}
    END_STATES = ("ended",)
    BASES = [
        ("service", "A service the town runs"),
        ("safety", "Safety of residents"),
        ("reputation", "What is said about the town itself"),
        ("consent", "The worker's own consent"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=5, choices=STATES, default="on")
    names = models.JSONField(default=list)
    without = models.JSONField(default=list)
    slips = models.BooleanField(default=True)
    search = models.BooleanField(default=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="watches")
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=10, choices=BASES)
    ends_at = models.DateTimeField()
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    loud_since = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.CheckConstraint(condition=~Q(purpose=""), name="watch_has_a_purpose"),
            models.CheckConstraint(
                condition=(Q(kind="worker", worker__isnull=False) | (~Q(kind="worker") & Q(worker=None))),
                name="watch_on_a_worker_names_one",
            ),
            models.CheckConstraint(
                condition=~Q(kind="worker", state="on") | Q(agreed_at__isnull=False), name="watch_on_a_worker_is_agreed"
            ),
        ]
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class HitQuerySet(models.QuerySet["WatchHit"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_listening") -> HitQuerySet:
        """On the channels this person sees, of the watches they see; what is about a worker also for that worker."""
        watches = Watch.objects.visible_to(user, now)
        here = Q(channel__in=Channel.objects.filter(scopes_for(user, act, now)))
        own = Q(watch__worker=user) if act == "see_listening" else Q()
        return self.filter(here | own if own else here, watch__in=watches)


class WatchHit(models.Model):
    """One thing a watch heard. What came to the inbox anyway is only pointed at (`message`); what was found by search
    is kept here, and deleted for good when nobody has made use of it in time.
    """

    STATES = [("new", "New"), ("held", "Held"), ("taken", "In the inbox"), ("aside", "Set aside")]
    MOVES: ClassVar = {
        "new": {"held", "taken", "aside"},
        "held": {"new", "taken"},
        "aside": {"new", "held", "taken"},
        "taken": set(),
    }
    END_STATES = ()

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    watch = models.ForeignKey(Watch, models.PROTECT, related_name="hits")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    remote_id = models.CharField(max_length=120)
    state = models.CharField(max_length=5, choices=STATES, default="new")
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    conversation = models.ForeignKey(Conversation, models.PROTECT, null=True, blank=True, related_name="+")
    voice = models.ForeignKey(PublicVoice, models.PROTECT, null=True, blank=True, related_name="+")
    matched = models.CharField(max_length=120)
    item = models.JSONField(default=dict)  # a search's find: text, author, url, language
    at = models.DateTimeField()
    heard_at = models.DateTimeField()
    hold_reason = models.CharField(max_length=300, blank=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["watch", "channel", "remote_id"], name="watch_hears_once"),
            models.CheckConstraint(condition=~Q(state="held") | ~Q(hold_reason=""), name="watch_hold_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["watch", "-at"], name="hits_of_watch"),
            models.Index(fields=["heard_at"], condition=Q(state__in=["new", "aside"]), name="hits_to_forget"),
        ]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.watch}: {self.matched}"


class WatchDay(models.Model):
    """How often a watch heard something on one channel on one day of the town. A row of 0 says that it listened and
    heard nothing; where there is no row it did not listen.
    """

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="days")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    day = models.DateField()
    heard = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch", "channel", "day"], name="watch_day_once")]

    def __str__(self) -> str:
        return f"{self.heard} on {self.day}"


class WatchVoice(models.Model):
    """How often one organisation, group or public role was heard by a watch, with the newest link as evidence."""

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="voices")
    voice = models.ForeignKey(PublicVoice, models.PROTECT, related_name="heard")
    heard = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch", "voice"], name="watch_voice_once")]

    def __str__(self) -> str:
        return f"{self.voice}: {self.heard}"


class WatchSearch(models.Model):
    """How far the search for one watch on one channel has come."""

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="searches")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    next_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch", "channel"], name="watch_search_once")]

    def __str__(self) -> str:
        return f"{self.watch} on {self.channel}"


class ProfileView(models.Model):
    """That somebody at the desk looked up who wrote something. `whose` is a keyed fingerprint, not a name; rows are
    deleted when they no longer count.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    whose = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user", "at"], name="profile_views_of_user"),
            models.Index(fields=["whose", "at"], name="profile_views_of_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.at}"


class ListeningChoices(models.Model):
    """What the town holds its listening to. One row."""

    forget_days = models.PositiveSmallIntegerField(default=14)
    loud_times = models.FloatField(default=3)
    loud_least = models.PositiveIntegerField(default=10)
    views_a_day = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="listening_choices_is_one_row"),
            models.CheckConstraint(condition=Q(forget_days__gte=2, forget_days__lte=90), name="listening_forgets"),
        ]

    def __str__(self) -> str:
        return "Choices on listening"

    @classmethod
    def here(cls) -> ListeningChoices:
        return cls.objects.filter(pk=1).first() or cls(pk=1)
