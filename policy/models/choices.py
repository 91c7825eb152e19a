"""What the town chose about its policy beside the words of the guides."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PolicyChoices(models.Model):
    """One row. `alone` turns the delayed second look on; `set_up` lists the done steps of the guided set-up."""

    grace_days = models.PositiveSmallIntegerField(default=14)  # to read a new version before rights rest
    public_policy = models.BooleanField(default=False)
    public_voice = models.BooleanField(default=False)
    share_kits = models.BooleanField(default=False, db_default=False)  # partners open them without a sign-in
    alone = models.BooleanField(default=False)
    look_minutes = models.PositiveSmallIntegerField(default=20)  # until the second look at a post or a reply
    look_hours = models.PositiveSmallIntegerField(default=24)  # until the second look at a guide
    sign_hours = models.PositiveSmallIntegerField(default=24, db_default=24)  # until whoever is to sign is reminded
    sign_deputy = models.ForeignKey(  # asked then, too, where no rule names a deputy
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    public_corrections = models.BooleanField(default=False, db_default=False)
    private_references = models.BooleanField(default=True, db_default=True)  # of cases, out of public answers
    contact = models.CharField(max_length=200, blank=True)
    complaints = models.CharField(max_length=200, blank=True)
    emergency_number = models.CharField(max_length=40, blank=True)
    cool_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)  # a sharp answer waits; 0: not at all
    risk_words = models.TextField(blank=True)  # beside the shipped ones, one to a line
    set_up = models.JSONField(default=list, blank=True)
    set_up_ended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "policy choices"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="policy_choices_is_one_row")]

    def __str__(self) -> str:
        return "Choices about the policy"

    @classmethod
    def here(cls) -> PolicyChoices:
        """The one row; made with defaults when there is none yet."""
        return cls.objects.get_or_create(pk=1)[0]
