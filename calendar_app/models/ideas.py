"""Ideas that services send in for posts, and the directory of those who send them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import may
from accounts.models import User
from calendar_app.models.posts import Post, sees_own_only
from channels_app.models import Media
from policy.models import Topic


class IdeaQuerySet(models.QuerySet["Idea"]):
    def visible_to(self, user: User, now: datetime) -> IdeaQuerySet:
        """Contributors see their own, everybody else who may see ideas all of them."""
        if not may(user, "see_ideas", now):
            return self.none()
        return self.filter(by=user) if sees_own_only(user, now) else self

    def waiting(self) -> IdeaQuerySet:
        return self.filter(state="sent")


class Idea(models.Model):
    """What a service would like said. Taken up it becomes a draft (`post`); declined it has the reason."""

    STATES = [("sent", "Waits in the drawer"), ("taken_up", "Taken up"), ("declined", "Declined")]
    MOVES: ClassVar = {"sent": {"taken_up", "declined"}, "taken_up": set(), "declined": {"taken_up"}}
    END_STATES = ("taken_up", "declined")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=STATES, default="sent")
    words = models.TextField()
    why = models.CharField(max_length=300, blank=True)  # why residents would care
    until = models.DateField(null=True, blank=True)  # of no use afterwards
    service = models.CharField(max_length=120, blank=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ideas")
    at = models.DateTimeField()
    post = models.OneToOneField(Post, models.PROTECT, null=True, blank=True, related_name="idea")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=500, blank=True)  # why it was declined

    objects = IdeaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["sent", "taken_up", "declined"]), name="idea_state_known"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(because=""), name="idea_declined_says_why"),
            models.CheckConstraint(
                condition=~Q(state="taken_up") | Q(post__isnull=False), name="idea_taken_up_has_post"
            ),
        ]
        indexes = [models.Index(fields=["-at"], condition=Q(state="sent"), name="idea_waiting")]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        line = (self.words.strip().splitlines() or ["Idea"])[0]
        return line if len(line) <= 80 else f"{line[:79]}…"


class IdeaPicture(models.Model):
    """A photo sent with an idea: what is in it, and whether those in it agreed. Without consent it is not used."""

    PEOPLE = [
        ("nobody", "Nobody can be recognised"),
        ("adults", "Adults who can be recognised"),
        ("children", "Children who can be recognised"),
    ]
    CONSENT = [("", "Not needed"), ("written", "Yes, in writing"), ("spoken", "Yes, spoken"), ("no", "Not yet asked")]

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="pictures")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    alt = models.CharField(max_length=500, blank=True)
    people = models.CharField(max_length=8, choices=PEOPLE)
    consent = models.CharField(max_length=8, choices=CONSENT, blank=True)
    consent_words = models.CharField(max_length=300, blank=True)  # who agreed, to what, when

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(people="nobody") | ~Q(consent=""), name="idea_picture_says_consent"),
            models.UniqueConstraint(fields=["idea", "media"], name="idea_picture_once"),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return self.alt or self.media.name

    @property
    def usable(self) -> bool:
        """Whether it may go into a post: with children only on written consent."""
        wanted = {"nobody": {"", "written", "spoken", "no"}, "adults": {"written", "spoken"}, "children": {"written"}}
        return self.consent in wanted[self.people]


class ContributorCard(models.Model):
    """What the directory says about somebody who sends ideas: where they work, and what to ask them for."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contributor_card")
    service = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=300, blank=True)
    reach = models.CharField(max_length=120, blank=True)  # how best to reach them
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.service or self.user.name
