"""Relationships with organisations, groups and public roles, the map of who has a stake, and taking part elsewhere."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from policy.models import Objective


class Relationship(models.Model):
    """An organisation, a group or somebody in a public role that the town works with. A private individual is here
    only with a stated basis, such as their own consent; nobody is scored. `quiet_days` without contact make it quiet.
    """

    KINDS = [
        ("organisation", "Organisation"),
        ("group", "Group"),
        ("role", "Public role"),
        ("person", "Private individual"),
    ]
    TOGETHER = ("organisation", "group")  # kinds that have a reach, a place on the map and a follow plan

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS)
    name = models.CharField(max_length=160)
    about = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="relationships")
    basis = models.CharField(max_length=300, blank=True)
    reach = models.PositiveIntegerField(null=True, blank=True)
    reach_source = models.CharField(max_length=200, blank=True)
    quiet_days = models.PositiveSmallIntegerField(default=90)
    snoozed_until = models.DateField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=200, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    follow_up_words = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kind="person") | ~Q(basis=""), name="relationship_person_has_basis"),
            models.CheckConstraint(
                condition=Q(kind__in=["organisation", "group"]) | Q(reach=None), name="relationship_reach_of_groups"
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | ~Q(snooze_reason=""), name="relationship_snooze_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["follow_up_on"], condition=Q(active=True), name="relationship_follow_up")]
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class RelationshipHandle(models.Model):
    """An account of theirs: lower case, without the @ in front. Following is noted by hand; Parley follows nobody."""

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="handles")
    platform = models.CharField(max_length=20)
    handle = models.CharField(max_length=120)
    to_follow = models.BooleanField(default=False)
    followed_on = models.DateField(null=True, blank=True)
    back_on = models.DateField(null=True, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "handle"], name="relationship_handle_once")]
        ordering = ("platform", "handle")

    def __str__(self) -> str:
        return f"{self.platform} @{self.handle}"


class Contact(models.Model):
    """One time we were in touch outside the threads Parley reads. A note is no contact."""

    KINDS = [
        ("met", "Met"),
        ("called", "Spoke by phone"),
        ("wrote", "Wrote to each other"),
        ("event", "Did something together"),
        ("outreach", "Took part at theirs"),
        ("note", "Note only"),
    ]

    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=8, choices=KINDS)
    words = models.CharField(max_length=500)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["relationship", "-on"], name="contact_newest")]
        ordering = ("-on", "-id")

    def __str__(self) -> str:
        return self.words[:60]


class ObjectiveWeight(models.Model):
    """How much an objective weighs when the map is put in order, 0 to 10; one without a row weighs 1."""

    objective = models.OneToOneField(Objective, models.CASCADE, related_name="stake_weight")
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(weight__lte=10), name="weight_to_ten")]

    def __str__(self) -> str:
        return str(self.weight)


class Stake(models.Model):
    """What an organisation or group has to do with an objective, and what shows it. `openness` is from 1 to 5."""

    OPENNESS = [
        (1, "1: closed"),
        (2, "2: wary"),
        (3, "3: neutral"),
        (4, "4: open"),
        (5, "5: asked us to work together"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    relationship = models.ForeignKey(Relationship, models.CASCADE, related_name="stakes")
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="stakes")
    openness = models.PositiveSmallIntegerField(choices=OPENNESS)
    evidence = models.CharField(max_length=300)
    link = models.URLField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["relationship", "objective"], name="stake_once"),
            models.CheckConstraint(condition=Q(openness__gte=1, openness__lte=5), name="stake_openness_to_five"),
            models.CheckConstraint(condition=~Q(evidence=""), name="stake_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.relationship}: {self.objective}"


class OutreachPlace(models.Model):
    """Somebody else's group or page where the town takes part: its rules, who of us writes, how we say who we are."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=160)
    url = models.URLField(max_length=500)
    relationship = models.ForeignKey(
        Relationship, models.SET_NULL, null=True, blank=True, related_name="outreach_places"
    )
    house_rules = models.TextField(blank=True)
    disclosure = models.CharField(max_length=200)
    may_post = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="outreach_places")
    active = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(disclosure=""), name="place_has_disclosure")]
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class OutreachPost(models.Model):
    """What one of us wrote there, with the link to it; the words hold the line that says who we are."""

    place = models.ForeignKey(OutreachPlace, models.PROTECT, related_name="posts")
    words = models.TextField()
    url = models.URLField(max_length=500)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-on", "-id")

    def __str__(self) -> str:
        return self.words[:60]


class PeopleChoices(models.Model):
    """One row: what the town settled about reaching out. `own_page_only`: we answer on our own page, not at others'."""

    own_page_only = models.BooleanField(default=False)
    weekly_goal = models.PositiveSmallIntegerField(default=1)
    community_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="people_choices_is_one_row")]

    def __str__(self) -> str:
        return "How the town reaches out"

    @classmethod
    def here(cls) -> PeopleChoices:
        """The one row; what it would say by default while the town has settled nothing."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
