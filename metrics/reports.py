"""The weekly report: due on Monday at six by the town's clocks, made once, frozen, signed, and sent to its readers.

What it says is written down as it was known then. A later change of the past never touches it: the next report is
computed beside it and names what was restated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.mailing import Enclosure
from accounts.models import Town, User
from accounts.notifications import tell_role
from accounts.refusals import Invalid
from accounts.walltime import FIRST, from_wall
from channels_app.models import Channel
from metrics import chain_ends, printing, report_lines, reporting, shifting
from metrics.models import FrozenReport, ReportPaper, ReportSignature, WeeklyReport
from metrics.weekly import WEEK
from policy.moves import move

log = logging.getLogger(__name__)

DUE, NOON = time(6), time(12)
SIGN = "sign_report"
READ = "read_report"
MOST_EXPECTED = 26  # weeks that are reported on afterwards when the machine was off
PAPER_WAIT = timedelta(minutes=15)  # so long a mail waits for its PDF


def expect(now: datetime) -> int:
    """Write down that the last whole week and the one that runs will have a report, and those between the newest one
    and them, however long the machine was off; how many rows are new.
    """
    town = Town.here()
    first = Channel.objects.order_by("created_at").values_list("created_at", flat=True).first()
    today = now.astimezone(town.tz).date()
    monday = today - timedelta(days=today.weekday())
    newest = WeeklyReport.objects.values_list("week", flat=True).first()
    count = max((monday - newest).days // 7, 1) if newest else 1
    since = [monday - n * WEEK for n in range(min(count, MOST_EXPECTED), -1, -1)]
    wanted = [one for one in since if first and first < report_lines.week_of(one).end]
    rows = [WeeklyReport(week=one, due_at=_wall(one + WEEK, DUE, town)) for one in wanted]
    there = set(WeeklyReport.objects.filter(week__in=wanted).values_list("week", flat=True))
    WeeklyReport.objects.bulk_create((one for one in rows if one.week not in there), ignore_conflicts=True)
    return len(rows) - len(there)


def _wall(day: date, at: time, town: Town) -> datetime:
    return from_wall(datetime.combine(day, at), town.zone, fold=FIRST)


def make_due(now: datetime) -> int:
    """Make what is due, each once, whoever else is at it; how many were made. One that cannot be made is told of and
    tried again, and keeps no other from being made.
    """
    due = WeeklyReport.objects.filter(state="due", due_at__lte=now).order_by("week")
    return sum(_each(row, _make, now) for row in due)


def _each(row: WeeklyReport, act: Callable[[WeeklyReport, datetime], bool], now: datetime) -> bool:
    """Do it for one report; a failure is logged and told once to those who sign."""
    try:
        return act(row, now)
    except Exception:
        log.exception("Report of %s: %s failed", row.week, act.__name__)
    done = "sent" if row.state == "made" else "made"
    words = f"{row}: the report could not be {done}; it is tried again every minute"
    once = f"report-failed:{row.week}:{row.state}"
    tell_role(SIGN, None, "report.failed", words, "/reports/", now=now, once=once)
    return False


@transaction.atomic
def _make(due: WeeklyReport, now: datetime) -> bool:
    row = WeeklyReport.objects.filter(pk=due.pk, state="due").select_for_update(skip_locked=True).first()
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
    made = WeeklyReport.objects.filter(state="made", sent_at=None).select_related("signature").order_by("week")
    return sum(_each(row, _send_ready, now) for row in made)


def _send_ready(row: WeeklyReport, now: datetime) -> bool:
    since, paper = _ready(row), paper_of(row)
    if since > now or (paper is None and now < since + PAPER_WAIT and not printing.lacking()):
        return False
    with transaction.atomic():
        if not WeeklyReport.objects.filter(pk=row.pk, sent_at=None).update(sent_at=now):
            return False
        _send(row, paper, now)
    return True


def _ready(row: WeeklyReport) -> datetime:
    """When its readers get it: on signing, or at noon of the Monday."""
    signature: ReportSignature | None = getattr(row, "signature", None)
    return signature.at if signature else _wall(row.week + WEEK, NOON, Town.here())


def paper_of(row: WeeklyReport) -> ReportPaper | None:
    """The report on paper as it stands: with its signature once it is signed. None until it is printed."""
    return ReportPaper.objects.filter(report=row, signed=hasattr(row, "signature")).first()


def _send(row: WeeklyReport, paper: ReportPaper | None, now: datetime) -> None:
    said = FrozenReport.objects.get(report=row).content["summary"]
    words = f"{row}{'' if hasattr(row, 'signature') else ' (not signed)'}: {said}"[:300]
    enclosed = Enclosure(file_name(row), bytes(paper.data)) if paper else None
    url, once = f"/reports/{row.week}/", f"report:{row.week}"
    ends = chain_ends.words()
    tell_role(READ, None, "report.weekly", words, url, now=now, once=once, enclosed=enclosed, beneath=ends)


def file_name(row: WeeklyReport) -> str:
    """What the report on paper is called as a file."""
    return f"weekly-report-{row.week}.pdf"


def work(now: datetime) -> None:
    """One look of a worker: expect, make, send, remind. None of them keeps the others from being done."""
    failed: list[Exception] = []
    for step in (expect, make_due, send_due, shifting.remind):
        try:
            step(now)
        except Exception as problem:  # noqa: BLE001  raised below, once the others had their turn
            failed.append(problem)
    if failed:
        raise failed[0]
