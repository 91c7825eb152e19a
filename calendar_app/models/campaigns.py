"""Around posts: whom a campaign is for, which ways reach them, what else is done, and what partners pass on."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendar_app.models.posts import Campaign, Post
from channels_app.models import Channel, Media
from policy.models import Objective

WAYS = [
    ("noticeboard", "Noticeboard"),
    ("letter", "Letter to households"),
    ("leaflet", "Leaflet"),
    ("radio", "Local radio"),
    ("paper", "Local paper"),
    ("website", "Website"),
    ("email", "E-mail newsletter"),
    ("member", "Ward member"),
    ("dropin", "Drop-in session"),
    ("meeting", "Public meeting"),
    ("visit", "Visit to a group"),
    ("other", "Something else"),
]


class Audience(models.Model):
    """People a message is for. `size` is about how many they are, where the town knows."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Reach(models.Model):
    """A way that reaches an audience: one of the town's channels, or one of WAYS; and about how many in a hundred."""

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="reaches")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=12, choices=WAYS, blank=True)
    percent = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=False, way="") | (Q(channel=None) & ~Q(way="")), name="reach_by_one_way"
            ),
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="reach_is_a_share"),
            models.UniqueConstraint(fields=["audience", "channel"], condition=Q(way=""), name="reach_channel_once"),
            models.UniqueConstraint(fields=["audience", "way"], condition=~Q(way=""), name="reach_way_once"),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.channel or self.get_way_display())


class Activity(models.Model):
    """What a campaign does beside posts: a drop-in session, a letter, a word from the ward member."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="activities")
    way = models.CharField(max_length=12, choices=WAYS)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    on = models.DateField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    objective = models.ForeignKey(Objective, models.PROTECT, null=True, blank=True, related_name="activities")
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        ordering = ("on", "id")

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """One thing people are to know. A mandatory one must have a way to every audience of its campaign."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="notices")
    words = models.CharField(max_length=200)
    mandatory = models.BooleanField(default=False)
    posts = models.ManyToManyField(Post, blank=True, related_name="notices")
    activities = models.ManyToManyField(Activity, blank=True, related_name="notices")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.words


class ShareKit(models.Model):
    """What partners can pass on in their own words: text variants, pictures with alt text, dates, one address.

    `partners` names who has it, one to a line. Its private address holds until `revoked_at`; `round` makes another.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kits")
    title = models.CharField(max_length=120)
    words = models.TextField()
    short = models.TextField(blank=True)
    spoken = models.TextField(blank=True)
    dates = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500)
    partners = models.TextField(blank=True)
    media = models.ManyToManyField(Media, blank=True, related_name="kits")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    round = models.PositiveIntegerField(default=1)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.title

    @property
    def names(self) -> list[str]:
        """The partners who have it."""
        return [line.strip() for line in self.partners.splitlines() if line.strip()]


class Asset(models.Model):
    """Something to be made for posts: what, by whom, until when, what it costs, and what makes it usable by everybody.

    `captions` is a WebVTT file; `text_version` says what it shows in words, or where those words are.
    """

    KINDS: ClassVar = [
        ("video", "Video"),
        ("audio", "Audio"),
        ("image", "Image"),
        ("infographic", "Infographic"),
        ("slides", "Slideshow"),
        ("paper", "Paper or guide"),
        ("template", "Template to use again"),
    ]
    NEEDS: ClassVar = {
        "video": ("captions", "transcript"),
        "audio": ("transcript",),
        "image": ("text_version",),
        "infographic": ("text_version",),
        "slides": ("text_version",),
        "paper": ("text_version",),
        "template": (),
    }
    STATES: ClassVar = [
        ("asked", "Asked for"),
        ("making", "Being made"),
        ("checking", "Being checked"),
        ("done", "Done"),
        ("dropped", "Dropped"),
    ]
    MOVES: ClassVar = {
        "asked": {"making", "checking", "done", "dropped"},
        "making": {"asked", "checking", "done", "dropped"},
        "checking": {"making", "done", "dropped"},
        "done": {"making"},
        "dropped": {"asked"},
    }
    END_STATES = ("done", "dropped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=KINDS)
    state = models.CharField(max_length=8, choices=STATES, default="asked")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="assets")
    maker = models.CharField(max_length=120, blank=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    cost = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    captions = models.TextField(blank=True)
    transcript = models.TextField(blank=True)
    text_version = models.TextField(blank=True)
    where = models.URLField(max_length=500, blank=True)
    media = models.ForeignKey(Media, models.PROTECT, null=True, blank=True, related_name="assets")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "making", "checking", "done", "dropped"]), name="asset_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="done", kind="video") | (~Q(captions="") & ~Q(transcript="")),
                name="asset_video_done_has_captions",
            ),
            models.CheckConstraint(
                condition=~Q(state="done", kind="audio") | ~Q(transcript=""), name="asset_audio_done_has_transcript"
            ),
        ]
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.title
