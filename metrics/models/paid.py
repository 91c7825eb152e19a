"""What the town pays for to be seen: adverts, boosted posts, people paid to speak; with its money and its results."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from calendar_app.models import Campaign, Post
from channels_app.models import Channel
from policy.models import Objective


class Paid(models.Model):
    """One thing paid for, under a `number` that invoices name. `text` is what it says in public, `disclaimer` the
    sentence that says who pays; `outcome` names what counts as its result. Words about an election need a named
    person's permission; it is about the words as they are, and falls with them.
    """

    KINDS = [
        ("advert", "Advert"),
        ("boost", "A post shown to more people for money"),
        ("person", "Somebody is paid to speak or take part"),
        ("sponsor", "Sponsored page, film or event"),
        ("other", "Something else"),
    ]
    LABELS = [
        ("", "None"),
        ("political", "Political"),
        ("social", "About a social issue"),
    ]
    STATES = [("planned", "Planned"), ("running", "Running"), ("ended", "Ended"), ("dropped", "Dropped")]
    MOVES: ClassVar = {
        "planned": {"running", "dropped"},
        "running": {"ended"},
        "ended": set(),
        "dropped": set(),
    }
    END_STATES = ("ended", "dropped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    title = models.CharField(max_length=120)
    text = models.TextField()
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="paid")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="paid")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="paid")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="paid")
    supplier = models.CharField(max_length=120)
    budget = models.DecimalField(max_digits=10, decimal_places=2)
    starts_on = models.DateField()
    ends_on = models.DateField()
    disclaimer = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=9, choices=LABELS, blank=True)
    shown_to = models.CharField(max_length=300, blank=True)
    left_out = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=STATES, default="planned")
    permitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    permitted_at = models.DateTimeField(null=True, blank=True)
    permitted_why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "paid promotion"
        verbose_name_plural = "paid promotion"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "running", "ended", "dropped"]), name="paid_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "dropped"]) | ~Q(disclaimer=""), name="paid_running_says_who_pays"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="paid_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(budget__gte=0), name="paid_budget_is_no_less_than_none"),
            models.CheckConstraint(
                condition=Q(permitted_by=None, permitted_at=None, permitted_why="")
                | Q(permitted_by__isnull=False, permitted_at__isnull=False) & ~Q(permitted_why=""),
                name="paid_permission_has_a_name",
            ),
        ]
        ordering = ("-starts_on", "-number")

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """What invoices name it by."""
        return f"AD-{self.number}"


class PaidEntry(models.Model):
    """Money that went out for it, or results it had, up to a day. Added and never changed; taken back with the reason,
    it counts no longer.
    """

    WHAT = [("spent", "Money spent"), ("outcome", "Results")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paid = models.ForeignKey(Paid, models.PROTECT, related_name="entries")
    what = models.CharField(max_length=7, choices=WHAT)
    on = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=2)
    source = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "paid entries"
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0) & ~Q(source=""), name="paid_entry_has_a_source"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_why="")
                | Q(taken_back_at__isnull=False) & ~Q(taken_back_why=""),
                name="paid_entry_taken_back_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["on"], condition=Q(taken_back_at=None), name="paid_entry_of_days")]
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.value:g}"
