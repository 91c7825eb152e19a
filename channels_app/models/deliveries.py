"""Deliveries and attempts: what goes out, and what was tried.

The database refuses what must never be: two at work at once on a channel, a lease without work under way, a published
row without a remote id or a person's word, a waiting row that nothing will ever look at.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import scopes_for
from accounts.models import User
from channels_app.models.channels import Channel
from policy.models import Approval

LEASED = ["claimed", "preparing", "sending"]
WAITING = ["scheduled", "retry_wait"]
READING = ["unknown", "awaiting_platform"]
ATTENTION = ["needs_attention", "blocked", "missed"]
ENDED = ["published", "failed", "cancelled", "removed"]
LIKES = ["like", "unlike"]  # kinds that say nothing in words


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User, now: datetime, act: str = "see_calendar") -> DeliveryQuerySet:
        return self.filter(channel__in=Channel.objects.filter(scopes_for(user, act, now)))

    def due(self, now: datetime) -> DeliveryQuerySet:
        return self.filter(state__in=WAITING, next_action_at__lte=now, due_at__lte=now)

    def unfinished(self) -> DeliveryQuerySet:
        return self.exclude(state__in=ENDED)

    def wanting_a_person(self) -> DeliveryQuerySet:
        return self.filter(state__in=ATTENTION)


class Delivery(models.Model):
    """One frozen, approved thing to send to one channel: a post, a reply, or an act on what is there.

    `payload` is frozen: {"text", "link", "pictures": [{"media", "alt"}], "reply_to", "root", "target", "mention",
    "visibility", "language"} and, where there are such, {"video": {"media", "alt", "captions"}, "title", "parts",
    "poll"}; `content_hash` covers it and the channel. `due_at` is when it should be out,
    `next_action_at` when Parley looks at it next. `late_minutes` is how late it may go out (empty: however late).
    `prepared` maps the steps done before sending to the platform's ids. `intent_at` is the first intent whose fate is
    open or published: it empties when that send is proven not to have happened. `settle_from` is the end of that
    send's lease, `settle_by` when a person is asked. `ask_first`: a backup brought it back unsent, and it may be out
    since; when its time comes it is looked for instead of sent.
    """

    KINDS = [
        ("post", "Post"),
        ("reply", "Reply"),
        ("hide", "Hide"),
        ("unhide", "Unhide"),
        ("like", "Like"),
        ("unlike", "Taking a like back"),
        ("delete", "Delete"),
    ]
    STATES = [
        ("scheduled", "Scheduled"),
        ("claimed", "Publishing…"),
        ("preparing", "Publishing…"),
        ("sending", "Publishing…"),
        ("awaiting_platform", "Being processed by the platform"),
        ("unknown", "Checking; will not be sent twice"),
        ("retry_wait", "Waiting"),
        ("needs_attention", "Needs you"),
        ("blocked", "Waiting"),
        ("missed", "Missed"),
        ("published", "Published"),
        ("failed", "Failed"),
        ("cancelled", "Cancelled"),
        ("removed", "Removed on platform"),
    ]
    MOVES: ClassVar = {
        "scheduled": {"claimed", "cancelled", "missed", "blocked"},
        "claimed": {"preparing", "sending", "scheduled", "missed", "blocked", "failed", "needs_attention"},
        "preparing": {"sending", "scheduled", "retry_wait", "failed", "blocked", "needs_attention"},
        "sending": {"published", "awaiting_platform", "retry_wait", "failed", "blocked", "unknown"},
        "awaiting_platform": {"published", "failed", "unknown"},
        "unknown": {"published", "retry_wait", "needs_attention"},
        "retry_wait": {"claimed", "missed", "blocked", "cancelled"},
        "needs_attention": {"published", "scheduled", "cancelled"},
        "blocked": {"scheduled", "missed", "cancelled"},
        "missed": {"scheduled", "cancelled"},
        "published": {"removed"},
        "failed": set(),
        "cancelled": set(),
        "removed": set(),
    }
    END_STATES = (*ENDED, *ATTENTION)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=8, choices=KINDS)
    origin = models.CharField(max_length=20)  # which registered layer asked for it: "post", "reply"
    payload = models.JSONField()
    content_hash = models.CharField(max_length=64)
    text_hash = models.CharField(max_length=64, blank=True)
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="deliveries")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    state = models.CharField(max_length=20, choices=STATES, default="scheduled")
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    next_action_at = models.DateTimeField(null=True, blank=True)
    priority = models.SmallIntegerField(default=0)
    late_minutes = models.PositiveIntegerField(null=True, blank=True, default=30)
    late = models.BooleanField(default=False)
    part = models.PositiveSmallIntegerField(default=0)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")

    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    prepared = models.JSONField(default=dict)
    intent_at = models.DateTimeField(null=True, blank=True)
    settle_from = models.DateTimeField(null=True, blank=True)
    settle_by = models.DateTimeField(null=True, blank=True)
    absent_once_at = models.DateTimeField(null=True, blank=True)
    ask_first = models.BooleanField(default=False, db_default=False)

    why = models.CharField(max_length=40, blank=True)  # code of the reason for the state it is in
    why_words = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=120, blank=True)
    remote_url = models.URLField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=12, blank=True)  # answer, reconcile, person
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_up = models.BooleanField(default=False)  # the layer above has dealt with this end state
    created_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*LEASED, *WAITING, *READING, *ATTENTION, *ENDED]),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LEASED, lease_until__isnull=False)
                | (~Q(state__in=LEASED) & Q(lease_until__isnull=True)),
                name="delivery_lease_while_working",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(remote_id="") | Q(stated_by__isnull=False),
                name="delivery_published_has_proof",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*WAITING, *READING]) | Q(next_action_at__isnull=False),
                name="delivery_nothing_due_is_silent",
            ),
            models.UniqueConstraint(fields=["channel"], condition=Q(state__in=LEASED), name="delivery_one_at_work"),
            models.UniqueConstraint(
                fields=["channel", "kind", "remote_id"],
                condition=~Q(remote_id="") & Q(kind__in=["post", "reply"]),
                name="delivery_remote_id_once",
            ),
        ]
        indexes = [
            models.Index(
                models.F("priority").desc(),
                "next_action_at",
                "id",
                condition=Q(state__in=WAITING),
                name="delivery_due",
            ),
            models.Index(fields=["lease_until"], condition=Q(state__in=LEASED), name="delivery_leased"),
            models.Index(fields=["next_action_at"], condition=Q(state__in=READING), name="delivery_to_read"),
            models.Index(fields=["next_action_at"], condition=Q(state__in=[*WAITING, *READING]), name="delivery_next"),
            models.Index(
                fields=["published_at"], condition=Q(published_at__isnull=False), name="delivery_by_publication"
            ),
            models.Index(fields=["channel", "state"], condition=Q(state__in=ATTENTION), name="delivery_attention"),
            models.Index(
                fields=["id"],
                condition=Q(taken_up=False, state__in=[*ENDED, *ATTENTION]),
                name="delivery_to_take_up",
            ),
            models.Index(fields=["channel", "text_hash", "due_at"], name="delivery_same_text"),
            models.Index(fields=["channel", "due_at"], name="delivery_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.channel}"

    @property
    def may_be_out(self) -> bool:
        """Whether a send was begun that nobody has proven to have failed."""
        return self.intent_at is not None


class Attempt(models.Model):
    """One line of what the machine did with a delivery; added only. `event` is `intent` or how it ended.

    Between two intents of one delivery stands an event that proves nothing was out: proven_rejected, proven_absent.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    n = models.PositiveSmallIntegerField()
    fence = models.PositiveIntegerField()
    event = models.CharField(max_length=24)
    at = models.DateTimeField()
    idem_key = models.CharField(max_length=64, blank=True)
    request_hash = models.CharField(max_length=64, blank=True)
    epoch = models.CharField(max_length=36, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"], name="attempt_of_delivery")]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "fence"], condition=Q(event="intent"), name="attempt_one_intent_per_fence"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} of {self.delivery_id}"
