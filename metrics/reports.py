"""The weekly report: due on Monday at six by the town's clocks, made once, frozen, signed, and sent to its readers.

What it says is written down as it was known then. A later change of the past never touches it: the next report is
computed beside it and names what was restated.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.notifications import tell_role
from accounts.refusals import Invalid
from accounts.walltime import FIRST, from_wall
from channels_app.models import Channel
from metrics import reporting, shifting
from metrics.models import FrozenReport, ReportSignature, WeeklyReport
from policy.moves import move

DUE, NOON = time(6), time(12)
SIGN = "sign_report"
READ = "see_measures"
WEEK = timedelta(weeks=1)


def expect(now: datetime) -> int:
    """Write down that the last whole week and the one that runs will have a report; how many rows are new."""
    town = Town.here()
    first = Channel.objects.order_by("created_at").values_list("created_at", flat=True).first()
    today = now.astimezone(town.tz).date()
    monday = today - timedelta(days=today.weekday())
    wanted = [one for one in (monday - WEEK, monday) if first and first < reporting.week_of(one).end]
    rows = [WeeklyReport(week=one, due_at=_wall(one + WEEK, DUE, town)) for one in wanted]
    there = set(WeeklyReport.objects.filter(week__in=wanted).values_list("week", flat=True))
    WeeklyReport.objects.bulk_create((one for one in rows if one.week not in there), ignore_conflicts=True)
    return len(rows) - len(there)


def _wall(day: date, at: time, town: Town) -> datetime:
    return from_wall(datetime.combine(day, at), town.zone, fold=FIRST)


def make_due(now: datetime) -> int:
    """Make what is due, each once, whoever else is at it; how many were made."""
    made = 0
    while _make(now):
        made += 1
    return made


@transaction.atomic
def _make(now: datetime) -> bool:
    due = WeeklyReport.objects.filter(state="due", due_at__lte=now).order_by("week")
    row = due.select_for_update(skip_locked=True).first()
    if row is None:
        return False
    FrozenReport.objects.create(report=row, content=reporting.content(row.week, now), at=now)
    move(row, "made", now=now, made_at=now)
    return True


# --- signing and sending ---------------------------------------------------------------------------------------------


def sign(report: WeeklyReport, remark: str, *, by: User, now: datetime) -> ReportSignature:
    """Put one's name and remark under a report, once."""
    require(by, SIGN, now)
    if report.state != "made":
        raise Invalid("This report is not made yet.")
    with transaction.atomic():
        row, new = ReportSignature.objects.get_or_create(
            report=report, defaults={"remark": remark.strip()[:2000], "by": by, "at": now}
        )
        if not new:
            raise Invalid(f"{row.by} has signed this report already.")
        audit.record("signed", report, by=by, now=now, remark=row.remark)
    return row


def send_due(now: datetime) -> int:
    """Tell the readers of what is signed, and from noon on of what is not, each report once; how many were told of."""
    town, sent = Town.here(), 0
    for row in WeeklyReport.objects.filter(state="made", sent_at=None).order_by("week"):
        signed = ReportSignature.objects.filter(report=row).exists()
        if not signed and now < _wall(row.week + WEEK, NOON, town):
            continue
        with transaction.atomic():
            if WeeklyReport.objects.filter(pk=row.pk, sent_at=None).update(sent_at=now):
                said = FrozenReport.objects.get(report=row).content["summary"]
                words = f"{row}{'' if signed else ' (not signed)'}: {said}"[:300]
                url, once = f"/reports/{row.week}/", f"report:{row.week}"
                tell_role(READ, None, "report.weekly", words, url, now=now, once=once)
                sent += 1
    return sent


def work(now: datetime) -> None:
    """One look of a worker: expect, make, send."""
    expect(now)
    make_due(now)
    send_due(now)
    shifting.remind(now)
