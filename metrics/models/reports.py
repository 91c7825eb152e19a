"""The weekly report: when it is due, its figures as they froze, who signed it with which remark, and it on paper."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class WeeklyReport(models.Model):
    """The report on the week that begins with the Monday `week`. It is made once, at `due_at` or as soon after as the
    machine runs, and sent once to its readers, when it is signed or at noon without a signature.
    """

    STATES = [("due", "Due"), ("made", "Made")]
    MOVES: ClassVar = {"due": {"made"}, "made": set()}
    END_STATES = ("made",)

    week = models.DateField(unique=True)
    state = models.CharField(max_length=4, choices=STATES, default="due")
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="due", made_at=None) | Q(state="made", made_at__isnull=False),
                name="report_made_has_a_time",
            ),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(state="made"), name="report_sent_was_made"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="report_due")]
        ordering = ("-week",)

    def __str__(self) -> str:
        return f"Week of {self.week.day} {self.week:%B %Y}"


class FrozenReport(models.Model):
    """What a report says, word for word and figure for figure; see `metrics.reports`. Added once and never changed."""

    report = models.OneToOneField(WeeklyReport, models.PROTECT, primary_key=True, related_name="frozen")
    content = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Figures of {self.report}"


class ReportSignature(models.Model):
    """A manager's name and remark under a report. Added once and never changed."""

    report = models.OneToOneField(WeeklyReport, models.PROTECT, primary_key=True, related_name="signature")
    remark = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} under {self.report}"


class ReportPaper(models.Model):
    """A report as it was printed: as a PDF of so many sheets, without or with its signature. Added once, never changed.
    The sum tells whether a file somebody holds is this one.
    """

    report = models.ForeignKey(WeeklyReport, models.PROTECT, related_name="papers")
    signed = models.BooleanField()
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sheets = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "signed"], name="report_paper_once")]

    def __str__(self) -> str:
        return f"Paper of {self.report}"
