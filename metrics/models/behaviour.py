"""What a campaign is to change in what people do, and whether people know what it says."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from calendar_app.models import Campaign
from policy.models import Topic


class BehaviourGoal(models.Model):
    """What people should do otherwise because of a campaign, counted by other systems: week by week, before and after.

    `counted` names a count that was brought in (visits, sign-ups), or `topic` the calls and e-mails about it;
    `compared` or `compared_topic` the same of somewhere, or of something, the campaign does not touch. The four days
    are Mondays, the last ones included. `target` is a mean of the weeks after.
    """

    WANTED = [("more", "More"), ("fewer", "Fewer")]

    campaign = models.OneToOneField(Campaign, models.PROTECT, primary_key=True, related_name="behaviour")
    behaviour = models.CharField(max_length=240)
    wanted = models.CharField(max_length=5, choices=WANTED)
    counted = models.CharField(max_length=120, blank=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    compared = models.CharField(max_length=120, blank=True)
    compared_topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    target = models.FloatField()
    before_first = models.DateField()
    before_last = models.DateField()
    after_first = models.DateField()
    after_last = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(counted="", topic__isnull=False) | ~Q(counted="") & Q(topic=None),
                name="behaviour_is_counted_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(compared="") | Q(compared_topic=None), name="behaviour_is_compared_in_one_way"
            ),
            models.CheckConstraint(
                condition=Q(
                    before_last__gte=F("before_first"),
                    after_first__gt=F("before_last"),
                    after_last__gte=F("after_first"),
                ),
                name="behaviour_after_follows_before",
            ),
        ]

    def __str__(self) -> str:
        return self.behaviour

    @property
    def what(self) -> str:
        """What is counted, in words."""
        return f"Calls and e-mails about {self.topic}" if self.topic else self.counted

    @property
    def against(self) -> str:
        """What it is compared with, in words; "" without a comparison."""
        return f"Calls and e-mails about {self.compared_topic}" if self.compared_topic else self.compared


class Recall(models.Model):
    """How many of the residents who were asked knew what a campaign says. Added and never changed; taken back with the
    reason, it counts no longer.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="recalls")
    question = models.CharField(max_length=200)
    on = models.DateField()
    asked = models.PositiveIntegerField()
    knew = models.PositiveIntegerField()
    how = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__gte=1, knew__lte=F("asked")), name="recall_is_a_part_of_those_asked"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_why="")
                | Q(taken_back_at__isnull=False) & ~Q(taken_back_why=""),
                name="recall_taken_back_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["on"], condition=Q(taken_back_at=None), name="recall_of_days")]
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return self.question
