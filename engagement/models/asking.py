"""Asking: kick-starters under our posts, input calls that feed a decision, and the idea box."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.access import places_for, scopes_for
from accounts.models import User
from channels_app.models import Channel
from engagement.models.messages import Message
from engagement.models.people import Person
from engagement.models.replies import Reply


class InputCall(models.Model):
    """A question that feeds a decision. Nothing is asked of people before it is known who decides, until when they can
    answer, and when they hear what was made of it. `closes_on` and `heard_on` are days of the town, both included.
    """

    STATES = [("draft", "Draft"), ("open", "Open"), ("closed", "Closed"), ("dropped", "Dropped")]
    MOVES: ClassVar = {"draft": {"open", "dropped"}, "open": {"closed"}, "closed": set(), "dropped": set()}
    END_STATES = ("closed", "dropped")
    LEVELS = [
        ("inform", "Inform: we tell you what is planned"),
        ("consult", "Consult: we listen, and say how it counted"),
        ("involve", "Involve: we work with you on what matters to you"),
        ("collaborate", "Collaborate: we make the plan together"),
        ("empower", "Empower: you decide, we carry it out"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.CharField(max_length=300)
    decision = models.CharField(max_length=300, blank=True)
    level = models.CharField(max_length=12, choices=LEVELS, default="consult")
    decider = models.CharField(max_length=200, blank=True)
    returns = models.CharField(max_length=300, blank=True)  # how the results come back to people
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    heard_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=STATES, default="draft")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    heard_words = models.TextField(blank=True)
    heard_url = models.URLField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"])
                | (
                    ~Q(decider="")
                    & ~Q(decision="")
                    & ~Q(returns="")
                    & Q(closes_on__isnull=False, heard_on__isnull=False)
                    & Q(heard_on__gte=F("closes_on"))
                ),
                name="call_open_has_decider_and_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(told_at__isnull=False, closed_at__isnull=False),
                name="call_closed_was_told",
            ),
        ]
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return self.question

    def is_over(self, today: date) -> bool:
        """Whether answers no longer count."""
        return self.closes_on is not None and today > self.closes_on

    def is_overdue(self, today: date) -> bool:
        """Whether people were told by when they hear of it, and did not."""
        return self.state == "open" and self.told_at is None and self.heard_on is not None and today > self.heard_on


class KickStarterQuerySet(models.QuerySet["KickStarter"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_inbox") -> KickStarterQuerySet:
        if places_for(user, act, now) is None:
            return self.all()
        return self.filter(channel__in=Channel.objects.filter(scopes_for(user, act, now)))


class KickStarter(models.Model):
    """A question under one of our posts, by the channel and the post's id there; its answers are the replies to it.

    Replies up to `closes_at` count. `words` is what the post said when the question was put.
    """

    SHAPES = [
        ("scale", "Scale of 1 to 10"),
        ("yes_no", "Yes or no"),
        ("do_dont", "Do or don’t"),
        ("open", "Open question"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="kickstarters")
    remote_id = models.CharField(max_length=120)
    words = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    shape = models.CharField(max_length=8, choices=SHAPES)
    question = models.CharField(max_length=300)
    call = models.ForeignKey(InputCall, models.PROTECT, null=True, blank=True, related_name="kickstarters")
    posted_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = KickStarterQuerySet.as_manager()

    class Meta:
        verbose_name = "kick-starter"
        constraints = [models.UniqueConstraint(fields=["channel", "remote_id"], name="kickstarter_once_per_post")]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.question


class Ruling(models.Model):
    """What a person read in a reply that no rule could: a value, or "none" for no answer. It is about the words as they
    were at `at`; a reply edited later is unread again.
    """

    kickstarter = models.ForeignKey(KickStarter, models.CASCADE, related_name="rulings")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    value = models.CharField(max_length=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kickstarter", "message"], name="ruling_once_per_reply")]

    def __str__(self) -> str:
        return self.value


class Theme(models.Model):
    """One thing that several people said in answer to a call, and what the town made of it."""

    OUTCOMES = [("did", "We did it"), ("cant", "We can’t, because"), ("considering", "We are considering it")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(InputCall, models.CASCADE, related_name="themes")
    name = models.CharField(max_length=120)
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "name"], name="theme_once_per_call"),
            models.CheckConstraint(condition=Q(outcome="") | ~Q(words=""), name="theme_outcome_has_words"),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Grouping(models.Model):
    """Which theme a reply belongs to; without one it was read and is no answer."""

    call = models.ForeignKey(InputCall, models.CASCADE, related_name="groupings")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, blank=True, related_name="groupings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "message"], name="grouping_once_per_reply")]

    def __str__(self) -> str:
        return str(self.theme or "No answer")


class Returned(models.Model):
    """The result went back to a person who answered: once each, by constraint. A try that failed leaves no row."""

    call = models.ForeignKey(InputCall, models.PROTECT, related_name="returned")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reply = models.OneToOneField(Reply, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="returned_once_per_person")]

    def __str__(self) -> str:
        return str(self.person)


class Suggestion(models.Model):
    """A resident's message that somebody marked as an idea, with who looks after it and what came of it."""

    STATES = [
        ("new", "New"),
        ("considered", "Being considered"),
        ("taken_up", "Taken up"),
        ("done", "Done"),
        ("declined", "Not now"),
    ]
    MOVES: ClassVar = {
        "new": {"considered", "taken_up", "done", "declined"},
        "considered": {"taken_up", "done", "declined"},
        "taken_up": {"considered", "done", "declined"},
        "done": {"considered"},
        "declined": {"considered", "taken_up"},
    }
    END_STATES = ("done", "declined")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.OneToOneField(Message, models.PROTECT, related_name="suggestion")
    state = models.CharField(max_length=10, choices=STATES, default="new")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="suggestions")
    words = models.CharField(max_length=500, blank=True)  # what came of it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "idea"
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.message.text[:80]
