"""Evidence for tests: files of figures, and the figures they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from metrics import reporting, shifting
from metrics.models import FrozenReport, OutsideFile, ReportPaper, Shift, WeeklyReport
from metrics.outside import bringing_in
from tests.factories import NOON, make_user
from tests.factories_plan import csv_of

CALLS = ("Week", "Topic", "How they got in touch", "How many")
SOURCE = "Call centre, weekly list"


def make_outside(
    rows: Iterable[Sequence[str]] = (("2026-11-09", "Bins", "Phone", "40"),),
    heads: Sequence[str] = CALLS,
    *,
    kind: str = "contacts",
    by: User | None = None,
    now: datetime = NOON,
) -> OutsideFile:
    """A file that was taken in, to be set up."""
    return bringing_in.take(csv_of(rows, heads), "calls.csv", kind, by=by or make_user("manager"), now=now)


def set_up(file: OutsideFile, now: datetime = NOON, **read: str) -> OutsideFile:
    """Set up as it was guessed."""
    how = {"separator": ",", **file.read, **read}
    return bringing_in.set_up(file, how, file.columns, SOURCE, by=file.by, now=now)


def bring_in(rows: Iterable[Sequence[str]], heads: Sequence[str] = CALLS, **facts: Any) -> OutsideFile:
    """A file whose figures count."""
    file = make_outside(rows, heads, **facts)
    now = facts.get("now", NOON)
    return bringing_in.bring_in(set_up(file, now), by=file.by, now=now)


def make_report(week: date = date(2026, 11, 9), now: datetime = NOON) -> WeeklyReport:
    """The report of a week, made now."""
    row = WeeklyReport.objects.create(week=week, due_at=now - timedelta(hours=1), state="made", made_at=now)
    FrozenReport.objects.create(report=row, content=reporting.content(week, now), at=now)
    return row


def make_paper(report: WeeklyReport, now: datetime = NOON) -> ReportPaper:
    """A PDF of it that says nothing."""
    facts = {"signed": False, "data": b"%PDF-1.7", "sha256": "0" * 64, "sheets": 1}
    return ReportPaper.objects.create(report=report, at=now, **facts)


def make_shift(*, by: User | None = None, now: datetime = NOON, **facts: Any) -> Shift:
    """Something is done otherwise, to be looked at again in two weeks."""
    told = {"because": "Few people wrote", "will": "We ask a question every Monday"} | facts
    return shifting.decide(**told, review_on=(now + timedelta(days=14)).date(), by=by or make_user("manager"), now=now)


def evidence_of_the_town() -> dict[str, dict[str, Any]]:
    """One of everything in this room that an address can name."""
    return {
        "outside-file": {"key": make_outside().key},
        "outside-kind": {"kind": "contacts"},
        "measure": {"name": "within_promise"},
        "report": {"week": make_paper(make_report()).report.week.isoformat()},
        "shift": {"key": make_shift().key},
    }
