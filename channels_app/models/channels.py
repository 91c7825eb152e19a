"""A channel is one account of the town on one platform; its tokens are sealed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from accounts.access import scopes_for
from accounts.models import Scope, User
from channels_app.platforms import READ_ONLY

PLATFORMS = [
    ("x", "X"),
    ("facebook", "Facebook"),
    ("mastodon", "Mastodon"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("youtube", "YouTube"),
    ("bluesky", "Bluesky"),
    ("pinterest", "Pinterest"),
    ("vimeo", "Vimeo"),
    ("wordpress", "WordPress"),
    ("rss", "RSS or Atom feed"),
    ("manual", "By hand"),
]


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, user: User, now: object, act: str = "see_channels") -> ChannelQuerySet:
        return self.filter(scopes_for(user, act, now))  # type: ignore[arg-type]

    def living(self) -> ChannelQuerySet:
        return self.exclude(state="archived")

    def proven(self) -> ChannelQuerySet:
        """Those whose keys have worked at least once; before that nobody can write or hear there."""
        return self.living().exclude(remote_id="")

    def speaking(self) -> ChannelQuerySet:
        """Those where something can be published at all."""
        return self.exclude(platform__in=READ_ONLY)


class Channel(models.Model):
    """One account on one platform.

    `host` has no scheme. `next_send_at` is when the channel may send next: pacing, a platform's limit or the breaker
    put it off, and `next_send_why` says which. `breaker` counts openings in a row. `limits` is what the platform said
    one post may carry. `outside_editors`: people also post and delete there without Parley, so that something missing
    there is no proof that it never was. A channel with the purpose `broadcast` only warns: nobody is answered there.
    `sign_off` is what public answers end with; empty: what the town's voice says for the platform.
    Keys that end are renewed from `renew_at` on. `silent_since`: since when the platform answers without showing what
    is known to be there. `in_preparation`: nobody has opened it yet, so that nothing is posted there.
    """

    STATES = [
        ("connecting", "Connecting"),
        ("ok", "Connected"),
        ("paused", "Paused"),
        ("needs_reconnect", "Needs reconnecting"),
        ("archived", "Archived"),
    ]
    MOVES: ClassVar = {
        "connecting": {"ok", "archived", "needs_reconnect"},
        "ok": {"paused", "needs_reconnect", "archived", "connecting"},
        "paused": {"ok", "needs_reconnect", "archived", "connecting"},
        "needs_reconnect": {"ok", "paused", "connecting", "archived"},
        "archived": set(),
    }
    PURPOSES = [("conversation", "Conversation"), ("broadcast", "Broadcast only")]
    SIGN_OFFS = [("initials", "The writer's initials"), ("first_name", "The writer's first name"), ("never", "Nothing")]
    END_STATES = ("archived", "needs_reconnect")
    READ = ("ok", "paused")  # pausing stops what goes out; residents are heard all the same
    PUT_OFF = [
        ("pacing", "One late post at a time"),
        ("limit", "The platform's own limit"),
        ("breaker", "The platform did not answer properly several times in a row"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scope = models.OneToOneField(Scope, models.PROTECT, related_name="channel")
    platform = models.CharField(max_length=20, choices=PLATFORMS)
    host = models.CharField(max_length=253)
    remote_id = models.CharField(max_length=120, blank=True)
    handle = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=120)
    url = models.URLField(blank=True)
    practice = models.BooleanField(default=False)
    outside_editors = models.BooleanField(default=False)
    purpose = models.CharField(max_length=12, choices=PURPOSES, default="conversation", db_default="conversation")
    sign_off = models.CharField(max_length=10, choices=SIGN_OFFS, blank=True, default="", db_default="")
    state = models.CharField(max_length=16, choices=STATES, default="connecting")
    why = models.CharField(max_length=300, blank=True)  # why it is paused, or what went wrong on connecting
    paused_why = models.CharField(max_length=300, blank=True, default="", db_default="")  # kept until it is resumed
    limits = models.JSONField(default=dict)
    scopes = models.JSONField(default=list)
    next_send_at = models.DateTimeField(null=True, blank=True)
    next_send_why = models.CharField(max_length=8, choices=PUT_OFF, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    breaker = models.PositiveSmallIntegerField(default=0)
    last_read_at = models.DateTimeField(null=True, blank=True)
    last_write_at = models.DateTimeField(null=True, blank=True)
    last_hook_at = models.DateTimeField(null=True, blank=True)  # when the platform last told us something unasked
    notices_at = models.DateTimeField(null=True, blank=True)  # when it last took that it is to tell us so
    expires_at = models.DateTimeField(null=True, blank=True)
    test_due_at = models.DateTimeField(null=True, blank=True)
    renew_at = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True)
    canary_at = models.DateTimeField(null=True, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True)
    in_preparation = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    objects = ChannelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "host", "remote_id"],
                condition=~models.Q(remote_id="") & ~models.Q(state="archived"),
                name="channel_account_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["connecting", "ok", "paused", "needs_reconnect", "archived"]),
                name="channel_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["test_due_at"], condition=models.Q(state="connecting"), name="channel_test_due")
        ]
        ordering = ("name", "platform")

    def __str__(self) -> str:
        platform = self.get_platform_display()
        return self.name if self.name.endswith(f" on {platform}") else f"{self.name} on {platform}"


class Credential(models.Model):
    """One sealed field of a channel's access: key id, nonce and AES-GCM ciphertext in one text, never readable here.

    `version` moves with each change; `refresh_until` is the lease of whoever refreshes it.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="credentials")
    field = models.CharField(max_length=40)
    sealed = models.TextField()
    expires_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    refresh_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "field"], name="credential_field_once")]

    def __str__(self) -> str:
        return f"{self.field} of {self.channel}"
