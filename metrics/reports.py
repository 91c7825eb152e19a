"""The weekly report: due on Monday at six by the town's clocks, made once, frozen, signed, and sent to its readers.

What it says is written down as it was known then. A later change of the past never touches it: the next report is
computed beside it and names what was restated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.notifications import tell_role
from accounts.refusals import Invalid
from accounts.walltime import FIRST, from_wall
from channels_app.models import Channel
from metrics import aims, anomalies, charts, gaps
from metrics.figures import Figure
from metrics.measures.ledger import RULES
from metrics.measures.shape import Rule, Span, figure_of
from metrics.models import FrozenReport, ReportSignature, WeeklyReport
from metrics.pace import pace
from metrics.progress import progress
from metrics.weekly import Week
from policy.models import Objective
from policy.moves import move

DUE, NOON = time(6), time(12)
SIGN = "sign_report"
READ = "see_measures"
WEEK = timedelta(weeks=1)
# What a report shows, in its order; measures about a topic are told with their objective.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Response": ("response_rate", "within_promise", "first_response", "resolution_rate"),
    "Conversation": ("conversation_balance", "participants", "continuation"),
    "Taking part": ("engagement_rate", "own_clicks", "population_reached", "influence"),
    "Followers": ("followers", "useful_followers", "engaged_followers"),
    "Effect elsewhere": ("problem_solving", "promises_kept", "complaint_rate", "spend"),
    "How we speak": ("accessible", "originality", "unlinked", "ideas_gathered"),
}


def expect(now: datetime) -> int:
    """Write down that the last whole week and the one that runs will have a report; how many rows are new."""
    town = Town.here()
    first = Channel.objects.order_by("created_at").values_list("created_at", flat=True).first()
    today = now.astimezone(town.tz).date()
    monday = today - timedelta(days=today.weekday())
    wanted = [one for one in (monday - WEEK, monday) if first and first < _end(one, town)]
    rows = [WeeklyReport(week=one, due_at=_wall(one + WEEK, DUE, town)) for one in wanted]
    there = set(WeeklyReport.objects.filter(week__in=wanted).values_list("week", flat=True))
    WeeklyReport.objects.bulk_create((one for one in rows if one.week not in there), ignore_conflicts=True)
    return len(rows) - len(there)


def _wall(day: date, at: time, town: Town) -> datetime:
    return from_wall(datetime.combine(day, at), town.zone, fold=FIRST)


def _end(monday: date, town: Town) -> datetime:
    return datetime.combine(monday + WEEK, time(), town.tz)


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
    FrozenReport.objects.create(report=row, content=content(row.week, now), at=now)
    move(row, "made", now=now, made_at=now)
    return True


# --- what it says ----------------------------------------------------------------------------------------------------


def content(monday: date, now: datetime) -> dict[str, Any]:
    """Everything a report says, as plain data."""
    town = Town.here()
    week = Week(monday, datetime.combine(monday, time(), town.tz), _end(monday, town))
    before = _frozen(monday - WEEK)
    lines = {
        heading: [_line(RULES[name], figure_of(RULES[name], _span(week, now)), before) for name in names]
        for heading, names in SECTIONS.items()
    }
    objectives = [_objective(one, week, now) for one in Objective.objects.filter(active=True).select_related("aim")]
    return {
        "summary": _summary(objectives, lines),
        "objectives": objectives,
        "sections": [{"heading": heading, "lines": rows} for heading, rows in lines.items()],
        "restated": restated(monday - WEEK, now),
        "missing": _missing(week, lines),
        "jumps": [f"{one}: {jump.words}" for one, jump in anomalies.lately(_channels(), week.start, week.end)],
    }


def _span(week: Week, now: datetime) -> Span:
    return Span(week.start, week.end, now)


def _channels() -> list[Channel]:
    return list(Channel.objects.living().order_by("name", "platform"))


def _frozen(monday: date) -> dict[str, dict[str, Any]]:
    """The lines of an earlier report by the name of their measure; empty where there is none."""
    row = FrozenReport.objects.filter(report__week=monday).first()
    sections = row.content["sections"] if row else []
    return {line["name"]: line for one in sections for line in one["lines"]}


def _line(rule: Rule, figure: Figure, before: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    measure = aims.from_rule(rule)
    was = before.get(rule.name, {}).get("value")
    change = charts.change([Figure(was), figure], measure)
    return {
        "name": rule.name,
        "label": rule.label,
        "unit": rule.unit,
        "value": figure.value,
        "shown": charts.number(figure.value, measure),
        "low": figure.low,
        "high": figure.high,
        "part": figure.part,
        "whole": figure.whole,
        "missing": figure.missing,
        "notes": list(figure.notes),
        "proxy": rule.proxy,
        "change": change.words if was is not None and figure.value is not None else "",
        "tone": change.tone,
    }


def _objective(objective: Objective, week: Week, now: datetime) -> dict[str, Any]:
    """Where an objective stands at the end of the week, and its pace."""
    (figure,) = aims.series(objective.measure, [week], now, getattr(objective, "aim", None))
    day, measure = week.end.date() - timedelta(days=1), aims.measure_of(objective.measure)
    at = progress(objective, figure.value, day)
    return {
        "key": str(objective.key),
        "sentence": objective.sentence,
        "owner": str(objective.owner),
        "measure": measure.label,
        "name": objective.measure,
        "unit": measure.unit,
        "standing": at.standing,
        "value": figure.value,
        "shown": charts.number(figure.value, measure),
        "missing": figure.missing,
        "needed": charts.number(at.needed, measure),
        "target": charts.number(objective.target, measure),
        "by": objective.target_on.isoformat(),
        "pace": pace(objective, figure.value, day, "week").words,
    }


def _summary(objectives: Sequence[Mapping[str, Any]], lines: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """One sentence: how many objectives are where they should be, and how promptly people were answered."""
    well = sum(one["standing"] in {"met", "on track"} for one in objectives)
    told = f"{well} of {len(objectives)} objectives are met or on track" if objectives else "No objective is set"
    kept = next(line for line in lines["Response"] if line["name"] == "within_promise")
    if kept["value"] is None:
        return f"{told}; whether people were answered in time is not known: {kept['missing']}."
    more = f", {kept['change']}" if kept["change"] else ""
    return f"{told}; {kept['shown']} % were answered within the promise{more}."


def _missing(week: Week, lines: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """What the report cannot say, and why: figures without a value, and channels without readings."""
    zone = Town.here().tz
    found = [f"{line['label']}: {line['missing']}" for rows in lines.values() for line in rows if line["value"] is None]
    for channel, gap in gaps.missing(_channels(), week.start, week.end):
        until = f"{gap.until.astimezone(zone):%A %H:%M}" if gap.until else "the end of the week"
        found.append(f"{channel}: no numbers from {gap.since.astimezone(zone):%A %H:%M} to {until}, {gap.words}")
    return found


def restated(monday: date, now: datetime) -> list[str]:
    """What a report of that week would say otherwise today; the report itself stays."""
    town, said = Town.here(), _frozen(monday)
    week = Week(monday, datetime.combine(monday, time(), town.tz), _end(monday, town))
    found = []
    for name, line in said.items():
        figure = figure_of(RULES[name], _span(week, now)) if name in RULES else None
        if figure is None or _same(line["value"], figure.value):
            continue
        became = charts.number(figure.value, aims.from_rule(RULES[name]))
        found.append(f"{line['label']}: {line['shown'] or 'not known'} is now {became or 'not known'}")
    return found


def _same(was: float | None, became: float | None) -> bool:
    if was is None or became is None:
        return was is became
    return abs(was - became) < 1e-9


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
