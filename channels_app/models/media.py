"""Images kept by Parley, re-encoded before anyone sees them; what may be done with them, and who is shown."""

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
    """One image. `file` is a random name under the media folder; the upload itself is kept apart and never served.

    `alt` is the words a post begins with. `rights_until` is the last day it may be newly used. `people` says whether
    anybody can be recognised on it; for each of them there is a Consent. `replaced_by` is offered in its place.
    """

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

    objects = MediaQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "media"
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name


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
