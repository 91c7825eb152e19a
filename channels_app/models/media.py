"""Images and videos kept by Parley, made afresh before anyone sees them; what may be done with them, who is shown."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.access import CONTRIBUTOR, roles_of
from accounts.models import User


class MediaQuerySet(models.QuerySet["Media"]):
    def visible_to(self, user: User, now: datetime) -> MediaQuerySet:
        """Everything for the desk; who only contributes sees the own ones, and nobody else's consent."""
        return self.filter(by=user) if roles_of(user, now) <= {CONTRIBUTOR} else self

    def offered(self) -> MediaQuerySet:
        """What the library shows first: checked, and not put away."""
        return self.filter(state="ready", retired_at=None)


class Media(models.Model):
    """One image or video. `file` is a random name under the media folder; the upload is kept apart and never served.

    `alt` is the words a post begins with. `rights_until` is the last day it may be newly used. `people` says whether
    anybody can be recognised on it; for each of them there is a Consent. `replaced_by` is offered in its place.

    Of a video: `seconds`, what is heard in it (`transcript`), whether what is only seen is told as well (`described`),
    whether captions are part of the picture (`burned`), and where people can watch it (`watch_at`).
    """

    KINDS: ClassVar = [("picture", "Picture"), ("video", "Video")]
    YES_NO: ClassVar = [("yes", "Yes"), ("no", "No")]

    LICENCES: ClassVar = [
        ("own", "Our own"),
        ("given", "Given to us for this use"),
        ("cc0", "Free of rights (CC0)"),
        ("cc_by", "CC BY: with credit"),
        ("cc_by_sa", "CC BY-SA: with credit, shared alike"),
        ("bought", "Bought licence"),
        ("other", "Other terms"),
    ]
    PEOPLE: ClassVar = [
        ("no", "Nobody can be recognised"),
        ("yes", "People can be recognised"),
    ]

    STATES = [("waiting", "Being checked"), ("ready", "Ready"), ("refused", "Cannot be used")]
    MOVES: ClassVar = {"waiting": {"ready", "refused"}, "ready": set(), "refused": set()}

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    why = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=40, blank=True)
    file = models.CharField(max_length=120, blank=True)
    original = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    original_bytes = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    alt = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    tags = models.CharField(max_length=200, blank=True, default="", db_default="")
    owner = models.CharField(max_length=120, blank=True, default="", db_default="")
    licence = models.CharField(max_length=8, choices=LICENCES, blank=True, default="", db_default="")
    credit = models.CharField(max_length=160, blank=True, default="", db_default="")
    rights_until = models.DateField(null=True, blank=True)
    people = models.CharField(max_length=3, choices=PEOPLE, blank=True, default="", db_default="")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaces")
    kind = models.CharField(max_length=8, choices=KINDS, default="picture", db_default="picture")
    seconds = models.FloatField(default=0, db_default=0)
    transcript = models.TextField(blank=True, default="", db_default="")
    described = models.CharField(max_length=3, choices=YES_NO, blank=True, default="", db_default="")
    flashes = models.CharField(max_length=3, choices=YES_NO, blank=True, default="", db_default="")
    burned = models.BooleanField(default=False, db_default=False)
    watch_at = models.URLField(max_length=500, blank=True, default="", db_default="")

    objects = MediaQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "media"
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_video(self) -> bool:
        return self.kind == "video"

    @property
    def newest_captions(self) -> Captions | None:
        """The captions that go with it from now on, without their words."""
        return self.captions.defer("text").first()


class Consent(models.Model):
    """A person shown on a picture, and what they agreed to; withdrawn is for ever, another consent is another row.

    `proof` says where the signed form lies or how it was given; nothing else about the person is kept.
    """

    media = models.ForeignKey(Media, models.CASCADE, related_name="consents")
    who = models.CharField(max_length=120)
    proof = models.CharField(max_length=300)
    given_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("given_on", "id")

    def __str__(self) -> str:
        return self.who


class Captions(models.Model):
    """The words of a video as WebVTT, never changed: other captions are another row, and the newest goes out.

    `read_by` is whoever read them against the video; empty where nobody has.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    media = models.ForeignKey(Media, models.CASCADE, related_name="captions")
    text = models.TextField()
    language = models.CharField(max_length=12)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "captions"
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(read_by=None, read_at=None) | models.Q(read_by__isnull=False, read_at__isnull=False),
                name="captions_reading_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"Captions of {self.media}"
