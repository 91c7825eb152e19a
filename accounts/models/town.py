"""The municipality that runs this Parley."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models

WEEK = [[["09:00", "17:00"]]] * 5 + [[], []]


def office_hours() -> list[list[list[str]]]:
    """Monday to Friday, nine to five: seven lists of shifts, each shift two wall-clock times."""
    return [[list(shift) for shift in day] for day in WEEK]


class Town(models.Model):
    """One row. `hours` holds seven lists of shifts, Monday first; `zone` is an IANA name."""

    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="Europe/London")
    locale = models.CharField(max_length=12, default="en-gb")
    population = models.PositiveIntegerField(null=True, blank=True)
    pack = models.CharField(max_length=40, default="none")
    hours = models.JSONField(default=office_hours)
    public_url = models.URLField(blank=True)
    media_host = models.URLField(blank=True)
    practice_desk = models.URLField(blank=True, default="", db_default="")  # where people can try things out
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="town_is_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @classmethod
    def here(cls) -> Town:
        """The one town; made with defaults when none is set up yet."""
        return cls.objects.get_or_create(pk=1, defaults={"name": "Your town"})[0]
