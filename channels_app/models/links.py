"""Short links of the town and their clicks, how links are marked, and the services that posts lead people to."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from channels_app.models.channels import Channel
from policy.models import Topic


class LinkScheme(models.Model):
    """One row: whether links are shortened, and the three marks (UTM) that links to the town's own sites carry.

    The marks are words with {platform}, {channel}, {campaign} and {kind} in them. `hosts` lists the town's own sites,
    one to a line; links to anywhere else are never marked. `in_text`: addresses within the words become short as well.
    """

    shorten = models.BooleanField(default=True)
    in_text = models.BooleanField(default=False, db_default=False)
    source = models.CharField(max_length=80, default="{platform}")
    medium = models.CharField(max_length=80, default="social")
    campaign = models.CharField(max_length=80, default="{campaign}")
    hosts = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="link_scheme_is_one_row")]

    def __str__(self) -> str:
        return "How links are marked"

    @classmethod
    def here(cls) -> LinkScheme:
        """The one row, or what holds until somebody chooses."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class ChannelMarks(models.Model):
    """Another source or medium for the links of one channel; an empty one is the scheme's."""

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="marks")
    source = models.CharField(max_length=80, blank=True)
    medium = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"marks of {self.channel}"


class Link(models.Model):
    """A short address the desk made; its code is worked out of all that makes it, so it is made once.

    `url` is what was written, `target` where it leads; neither ever changes. `origin` and `ref` name what it was made
    for ("post" and its key); without a channel it serves them all.
    """

    code = models.CharField(max_length=12, unique=True)
    origin = models.CharField(max_length=12)
    ref = models.UUIDField()
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="links")
    url = models.URLField(max_length=500)
    target = models.URLField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["origin", "ref"], name="link_of"),
            models.Index(fields=["-at"], name="link_recent"),
        ]

    def __str__(self) -> str:
        return self.code


class Click(models.Model):
    """Somebody followed a short link. When, and nothing about who."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="clicks")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["link", "at"], name="click_by_link")]

    def __str__(self) -> str:
        return f"{self.link} at {self.at}"


class ServiceLink(models.Model):
    """A service people can reach: its name, its address and whether it answered when it was last asked.

    `state` is what the last look found; a link is called dead after two looks in a row that failed.
    """

    STATES: ClassVar = [
        ("new", "Not checked yet"),
        ("ok", "Works"),
        ("doubt", "Did not answer once"),
        ("dead", "Dead"),
    ]
    MOVES: ClassVar = {
        "new": {"ok", "doubt", "dead"},
        "ok": {"doubt", "new"},
        "doubt": {"ok", "dead", "new"},
        "dead": {"ok", "new"},
    }
    END_STATES = ("dead",)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    url = models.URLField(max_length=500, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="service_links")
    active = models.BooleanField(default=True)
    state = models.CharField(max_length=5, choices=STATES, default="new")
    why = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "ok", "doubt", "dead"]), name="service_link_state_known"
            )
        ]
        indexes = [models.Index(fields=["next_check_at"], condition=models.Q(active=True), name="service_link_due")]

    def __str__(self) -> str:
        return self.name
