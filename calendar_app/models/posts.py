"""A post is one message the town plans; it goes out as placements on channels."""

from __future__ import annotations

import uuid
from datetime import datetime
from textwrap import shorten
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from accounts.access import CONTRIBUTOR, roles_of, scopes_for
from accounts.models import User
from channels_app.models import Channel, Media
from policy.models import Objective, Topic
from policy.situations import EVERYDAY, SITUATIONS

TITLE = 80
NOTHING = models.Value({}, models.JSONField())
KINDS = [
    ("news", "News"),
    ("question", "Question"),
    ("behind", "Behind the scenes"),
    ("service", "Service change"),
    ("event", "Event"),
    ("quote", "Quote"),
    ("keep", "Useful to keep"),
    ("people", "People behind the service"),
    ("fix", "Fix"),
    ("correction", "Correction"),
]
BENEFITS = [
    ("learn", "Learn something"),
    ("say", "Have a say"),
    ("connect", "Connect with others"),
    ("done", "Get something done"),
    ("recognised", "Be recognised"),
]


# What readers are asked to do.
CALLS = [
    ("answer", "Answer the question"),
    ("ideas", "Send ideas"),
    ("share", "Pass it on to somebody"),
    ("read", "Read more under the link"),
    ("sign_up", "Sign up"),
    ("come", "Come along"),
    ("report", "Report something"),
    ("change", "Do something differently"),
]


class Campaign(models.Model):
    """Posts and other activities that belong together and serve one objective.

    `colour` is one of the calendar's named colours, shown with the name. `completed_at` stands once every notice that
    must reach everybody has a way to each of the `audiences`.
    """

    COLOURS = [(c, c.capitalize()) for c in ("teal", "amber", "plum", "moss", "rust", "slate")]
    HUES: ClassVar = {"teal": 1, "amber": 2, "plum": 3, "moss": 4, "rust": 5, "slate": 8}

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    colour = models.CharField(max_length=8, choices=COLOURS, default="teal")
    active = models.BooleanField(default=True)
    objective = models.ForeignKey(Objective, models.PROTECT, null=True, blank=True, related_name="campaigns")
    brief = models.TextField(blank=True, default="", db_default="")
    audiences = models.ManyToManyField("calendar_app.Audience", blank=True, related_name="campaigns")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def hue(self) -> int:
        """The number of its colour among the desk's hues."""
        return self.HUES.get(self.colour, 1)


def sees_own_only(user: User, now: datetime) -> bool:
    return roles_of(user, now) <= {CONTRIBUTOR}


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: User, now: datetime) -> PostQuerySet:
        """The own ones always; of the others those on a channel the person sees, or all for who sees all channels.

        A contributor sees the own ones only.
        """
        if sees_own_only(user, now):
            return self.filter(author=user)
        seen = scopes_for(user, "see_calendar", now)
        if not seen:
            return self
        on_them = self.model._base_manager.filter(placements__channel__in=Channel.objects.filter(seen))
        return self.filter(models.Q(author=user) | models.Q(pk__in=on_them.values("pk")))

    def living(self) -> PostQuerySet:
        return self.filter(dropped_at=None)

    def whole(self) -> PostQuerySet:
        """With everything a page of one post shows, in a fixed number of queries."""
        placements = "placements__"
        return self.select_related("author", "topic", "campaign", "objective").prefetch_related(
            "pictures__media",
            "facts__checked_by",
            f"{placements}channel__scope",
            f"{placements}delivery",
            f"{placements}approval__by",
            f"{placements}asked_by",
        )


class Post(models.Model):
    """One message. `text` is the master wording; `version` moves with every save, so that no later save wins unseen."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=12, choices=KINDS, default="news")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="posts")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="posts")
    objective = models.ForeignKey(Objective, models.PROTECT, null=True, blank=True, related_name="posts")
    unplanned = models.BooleanField(default=False)
    benefit = models.CharField(max_length=12, choices=BENEFITS, blank=True)
    language = models.CharField(max_length=12, blank=True)
    call = models.CharField(max_length=12, choices=CALLS, blank=True, db_default="")
    situation = models.CharField(max_length=12, choices=SITUATIONS, default=EVERYDAY, db_default=EVERYDAY)
    declared = models.JSONField(default=dict, db_default=NOTHING, blank=True)  # see calendar_app.declaring
    quote = models.JSONField(default=dict, db_default=NOTHING, blank=True)  # see calendar_app.carrying
    consent = models.JSONField(default=dict, db_default=NOTHING, blank=True)  # see calendar_app.carrying
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-changed_at"], name="post_recent"),
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="post_search"),
        ]

    def __str__(self) -> str:
        words = " ".join((self.text.strip().splitlines() or ["Untitled post"])[0].split())
        return words if len(words) <= TITLE else shorten(words, TITLE, placeholder="…")


class PostVersion(models.Model):
    """What a post said at one version; added with every save and never changed.

    `while_signing` marks an edit of whoever signed: the words stay their author's, who is shown what was changed.
    `beside` marks words that came too late: somebody else had saved first, so they are kept here and not in the post.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    words = models.JSONField()
    beside = models.BooleanField(default=False)
    while_signing = models.BooleanField(default=False, db_default=False)  # an approver changed it and signed it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "n"], name="post_version_once")]

    def __str__(self) -> str:
        return f"version {self.n}"


class PostPicture(models.Model):
    """An image of a post, or its video, in its place, with the alt text it goes out with."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="pictures")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.TextField(blank=True)
    declared = models.JSONField(default=dict, db_default=NOTHING, blank=True)  # see calendar_app.declaring

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "media"], name="post_picture_once")]
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.alt or self.media.name


class PostFact(models.Model):
    """A figure, date or quote of a post with where it comes from, and who checked it when."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="facts")
    position = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=300)
    source = models.CharField(max_length=500)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(checked_by=None, checked_at=None)
                | models.Q(checked_by__isnull=False, checked_at__isnull=False),
                name="post_fact_check_is_whole",
            )
        ]
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.words
