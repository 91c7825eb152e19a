"""After publishing: what the public was seen to see, links that people paste, corrections, and decisions to delete."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendar_app.models.placements import Placement
from calendar_app.models.posts import Post
from channels_app.models import Delivery


class ReadbackQuerySet(models.QuerySet["Readback"]):
    def read(self) -> ReadbackQuerySet:
        return self.exclude(read_at=None)

    def lossy(self) -> ReadbackQuerySet:
        """Something was lost and nobody has said yet what stands in for it."""
        return self.read().exclude(lost=[]).filter(workaround="")


class Readback(models.Model):
    """One delivery as the public sees it, read from the platform after it went out.

    `due_at` is when it is read next, empty when it is not read again. `lost` are {"what", "words", "was"}: what did
    not arrive, in a sentence, and what it should have been. `workaround` says how people learn it all the same.
    """

    WORKAROUNDS = [
        ("reply", "It is said in a first comment or reply"),
        ("text", "The post's text says it already"),
        ("platform", "It was put right on the platform by hand"),
        ("again", "It is taken down and published again"),
        ("correction", "A correction says it"),
        ("accepted", "It is left as it is, for a reason"),
    ]

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="readback")
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="readbacks")
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField(blank=True)
    pictures = models.JSONField(default=list)  # [{"alt"}], in the platform's order
    video = models.JSONField(null=True, blank=True, default=None)  # {"url", "captions"}; None: not told, or none there
    url = models.URLField(max_length=500, blank=True)
    numbers = models.JSONField(default=dict)
    lost = models.JSONField(default=list)
    why = models.CharField(max_length=300, blank=True)  # why it could not be read
    workaround = models.CharField(max_length=12, choices=WORKAROUNDS, blank=True)
    workaround_words = models.CharField(max_length=300, blank=True)
    workaround_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    workaround_at = models.DateTimeField(null=True, blank=True)

    objects = ReadbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(workaround="") | (Q(workaround_by__isnull=False) & ~Q(workaround_words="")),
                name="readback_workaround_has_a_name",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="readback_due")]

    def __str__(self) -> str:
        return f"What the public sees of {self.placement}"


class LinkClaim(models.Model):
    """A person says: this is the live post. It counts once the channel, read, shows it at that link.

    `found` is empty until it was looked for; `why` says what was wrong with it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="claims")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="claims")
    url = models.URLField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    found = models.BooleanField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery"], condition=Q(found=None), name="link_claim_one_at_a_time")
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="link_claim_due")]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.url


class Correction(models.Model):
    """What was wrong in a post that is out, what is right, who was reached, and what was decided.

    `decision` is to correct visibly on the same channels (`post` is the correction), or not to, with the reason.
    `original` keeps what it said where, as it was when the mistake was noted.
    """

    DECISIONS = [("correct", "Corrected visibly"), ("none", "No correction")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    of = models.ForeignKey(Post, models.PROTECT, related_name="corrections")
    placements = models.ManyToManyField(Placement, related_name="corrections")
    wrong = models.TextField()
    right = models.TextField()
    reached = models.CharField(max_length=300)
    lesson = models.TextField()
    decision = models.CharField(max_length=8, choices=DECISIONS)
    why = models.CharField(max_length=500, blank=True)
    original = models.JSONField()
    post = models.OneToOneField(Post, models.PROTECT, null=True, blank=True, related_name="corrects")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="correct", post__isnull=False) | (Q(decision="none", post=None) & ~Q(why="")),
                name="correction_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(wrong="") & ~Q(right="") & ~Q(lesson="") & ~Q(reached=""), name="correction_is_whole"
            ),
        ]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.wrong


class TakedownDecision(models.Model):
    """Why a post was taken down, by whom. Where it was wrong there is a correction decision as well."""

    GROUNDS = [
        ("wrong", "Something in it is wrong"),
        ("consent", "Somebody shown or named in it took back their consent"),
        ("law", "It must not be public by law"),
        ("twice", "It is there twice, or in the wrong place"),
        ("over", "It is over and would mislead"),
        ("other", "Another reason"),
    ]

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="takedowns")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+")  # the one that is taken down
    ground = models.CharField(max_length=8, choices=GROUNDS)
    reason = models.CharField(max_length=500)
    correction = models.ForeignKey(Correction, models.PROTECT, null=True, blank=True, related_name="takedowns")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(ground="wrong") | Q(correction__isnull=False),
                name="takedown_of_a_mistake_has_a_correction_decision",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="takedown_says_why"),
        ]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.get_ground_display()
