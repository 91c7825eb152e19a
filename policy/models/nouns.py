"""Topics, civic dates and objectives: decided here, only used by calendar, watches and reports."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Topic(models.Model):
    """What posts are about. The register has niche and general topics, each with its audience, its owner, and what
    shows that this audience wants it.
    """

    name = models.CharField(max_length=80, unique=True)
    niche = models.BooleanField(default=False)
    audience = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="topics")
    evidence = models.CharField(max_length=300, blank=True, default="", db_default="")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CivicDate(models.Model):
    """A day that matters to the town: holiday, council meeting, election, observance.

    `at` is the town's wall-clock time where there is one. `pack` names the jurisdiction a holiday was taken over from:
    a year with such rows has its holidays from here and no longer from the pack's own rules.
    """

    KINDS = [
        ("holiday", "Holiday"),
        ("meeting", "Council meeting"),
        ("election", "Election"),
        ("day", "Observance"),
    ]

    day = models.DateField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=KINDS)
    at = models.TimeField(null=True, blank=True)
    pack = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="civic_date_once")]
        ordering = ("day", "name")

    def __str__(self) -> str:
        return self.name


class Objective(models.Model):
    """A sentence, an owner, why it matters, where it starts, where it should be, by when, and what measures it.

    `measure` names an entry of the catalogue of measures; `baseline` and `target` are in that measure's unit.
    """

    FAMILIES = [("engage", "Engage"), ("service", "Improve a service"), ("ideas", "Gather ideas")]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sentence = models.CharField(max_length=240)
    family = models.CharField(max_length=8, choices=FAMILIES)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="objectives")
    why = models.TextField(blank=True)
    measure = models.CharField(max_length=60)
    baseline = models.FloatField(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    baseline_source = models.CharField(max_length=200, blank=True)
    target = models.FloatField()
    target_on = models.DateField()
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("target_on", "sentence")

    def __str__(self) -> str:
        return self.sentence
