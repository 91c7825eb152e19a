"""Rules of the inbox: what is done by itself with what comes in, and what each rule did."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Scope
from channels_app.models import Channel
from engagement.models.conversations import Conversation, Label
from engagement.models.messages import Message


class Rule(models.Model):
    """One rule. Its conditions and acts are in its newest version; the lower `place` goes first.

    It can be switched on only after a dry run of that version, and a change switches it off. Dropped, it stays for what
    it did.
    """

    STATES = [("off", "Off"), ("on", "On"), ("dropped", "Taken away")]
    MOVES: ClassVar = {"off": {"on", "dropped"}, "on": {"off", "dropped"}, "dropped": set()}
    END_STATES = ("dropped",)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    place = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=7, choices=STATES, default="off")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("place", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def newest(self) -> RuleVersion:
        return self.versions.order_by("-n")[0]


class RuleVersion(models.Model):
    """What a rule said: added, never changed. An empty condition holds for everything; all that are set have to fit.

    `words`, `without` and `authors` are lists, `languages` are codes as platforms give them. Times are on the town's
    clocks; `opens` after `closes` goes over midnight.
    """

    HOURS = [
        ("any", "At any time"),
        ("within", "Within service hours"),
        ("outside", "Outside service hours"),
        ("between", "Between two times"),
    ]

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    words = models.JSONField(default=list)
    without = models.JSONField(default=list)
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")
    authors = models.JSONField(default=list)
    hours = models.CharField(max_length=7, choices=HOURS, default="any")
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    languages = models.JSONField(default=list)
    labels = models.ManyToManyField(Label, blank=True, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Conversation.PRIORITIES, null=True, blank=True)
    notify = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "n"], name="rule_version_once"),
            models.CheckConstraint(
                condition=~Q(hours="between") | Q(opens__isnull=False, closes__isnull=False),
                name="rule_between_has_times",
            ),
        ]
        ordering = ("-n",)

    def __str__(self) -> str:
        return f"{self.rule}, version {self.n}"


class RuleTrial(models.Model):
    """A dry run of one version over real messages: how many were looked at, how many fit, and the newest of these.

    `rows` holds [message id, what fitted] pairs; what would have been done is told anew when it is shown.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="trials")
    since = models.DateTimeField()
    looked = models.PositiveIntegerField()
    whole = models.BooleanField(default=True)  # every message since then was looked at
    fitted = models.PositiveIntegerField()
    rows = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"Dry run of {self.version}"


class RuleFiring(models.Model):
    """What one rule did when one message came in, with the version it had then; once per message.

    `did` holds what really changed, so that it can be taken back: labels, assignee, department, priority, told.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="firings")
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="firings")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="firings")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    matched = models.CharField(max_length=120, blank=True)
    did = models.JSONField(default=dict)
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "message"], name="rule_fires_once_per_message")]
        indexes = [models.Index(fields=["rule", "-at"], name="firing_of_rule")]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.version} on {self.conversation}"
