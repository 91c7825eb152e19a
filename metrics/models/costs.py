"""What a contact costs the town, by how people get in touch: dated, with its source, added and never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from policy.models import Objective, Topic


class UnitCost(models.Model):
    """What one contact by a route costs, or one hour of staff (`hour`), from `low` to `high` in the town's own money.
    The newest of a route holds; one from before `dated` says how old the number is.
    """

    ROUTES = [
        ("phone", "A phone call"),
        ("email", "An e-mail"),
        ("counter", "A visit at the counter"),
        ("form", "A web form"),
        ("letter", "A letter"),
        ("hour", "An hour of staff"),
    ]

    route = models.CharField(max_length=10, choices=ROUTES)
    low = models.DecimalField(max_digits=10, decimal_places=2)
    high = models.DecimalField(max_digits=10, decimal_places=2)
    source = models.CharField(max_length=200)
    dated = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(low__gte=0, high__gte=F("low")), name="unit_cost_is_a_range"),
            models.CheckConstraint(condition=~Q(source=""), name="unit_cost_has_a_source"),
        ]
        indexes = [models.Index(fields=["route", "-at"], name="unit_cost_newest")]
        ordering = ("route", "-at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_route_display()}: {self.low} to {self.high}"


class Aim(models.Model):
    """What the measure of an objective is about, where that is a topic: contacts about `topic` from the day something
    was done (`since`), and a `control` topic nothing was done about.
    """

    objective = models.OneToOneField(Objective, models.CASCADE, primary_key=True, related_name="aim")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    control = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(control=F("topic")), name="aim_control_is_another_topic")]

    def __str__(self) -> str:
        return str(self.topic)
