"""The decision log: because of what we saw we do something otherwise, and on its day we look what came of it.

Nobody can say that something helped, or did not, without a figure from before and one from after; without both it
could not be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace
from metrics import aims, charts, weekly
from metrics.measures.ledger import rule_of
from metrics.measures.shape import Span, figure_of
from metrics.models import Shift

ACT = "log_change"
URL = "/reports/changes/"


def decide(because: str, will: str, review_on: date, measure: str = "", *, by: User, now: datetime) -> Shift:
    """Write down what is done otherwise, with the figure as it stands. Raises Invalid."""
    require(by, ACT, now)
    if not because.strip() or not will.strip():
        raise Invalid("Say because of what, and what is done otherwise.")
    if review_on <= now.astimezone(Town.here().tz).date():
        raise Invalid("Look at it again on a later day than today.")
    rule = rule_of(measure) if measure else None
    if measure and (rule is None or rule.about_topic):
        raise Invalid("Choose one of the listed measures.")
    with transaction.atomic():
        facts = {"because": because.strip()[:300], "will": will.strip()[:300], "review_on": review_on}
        one = Shift.objects.create(**facts, measure=measure, then=_last_week(measure, now), by=by, at=now)
        audit.record("decided_change", one, by=by, now=now, because=one.because, review_on=review_on.isoformat())
    return one


def _last_week(measure: str, now: datetime) -> float | None:
    """The figure of the last whole week; None without a measure, or where it is not known."""
    rule = rule_of(measure) if measure else None
    if rule is None:
        return None
    week = weekly.weeks(now, Town.here().tz, 2)[0]
    return figure_of(rule, Span(week.start, week.end, now)).value


def review(one: Shift, outcome: str, words: str, *, by: User, now: datetime) -> Shift:
    """Say what came of it. It helped or did not only where there is a figure from before and one from after."""
    require(by, ACT, now)
    if outcome not in dict(Shift.OUTCOMES):
        raise Invalid("Choose what came of it.")
    if not words.strip():
        raise Invalid("Say in a sentence what you go by.")
    after = _last_week(one.measure, now)
    if outcome != "unclear" and (one.then is None or after is None):
        raise Invalid(
            "There is no figure from before or none from after, so nobody can say whether it helped.",
            next_step="Choose that it could not be told.",
        )
    with transaction.atomic():
        facts = {"outcome": outcome, "words": words.strip()[:300], "after": after, "reviewed_by": by}
        if not Shift.objects.filter(pk=one.pk, reviewed_at=None).update(**facts, reviewed_at=now):
            raise LostRace("Somebody else has looked at it already.")
        one.refresh_from_db()
        audit.record("reviewed_change", one, by=by, now=now, outcome=outcome, reason=one.words)
    return one


def due(today: date) -> list[Shift]:
    """What waits to be looked at again, the longest first."""
    return list(Shift.objects.filter(reviewed_at=None, review_on__lte=today).select_related("by").order_by("review_on"))


def remind(now: datetime) -> int:
    """Tell, once, who decided something that its day has come; how many were told."""
    today = now.astimezone(Town.here().tz).date()
    told = [
        tell(one.by, "report.review", f"Did it help? {one.will}"[:300], URL, now=now, once=f"shift:{one.key}")
        for one in due(today)
    ]
    return sum(note is not None for note in told)


def told(rows: Sequence[Shift]) -> list[dict[str, Any]]:
    """Each as plain data with its figures in words, for a page and for a report."""
    return [_told(one) for one in rows]


def _told(one: Shift) -> dict[str, Any]:
    measure = aims.measure_of(one.measure) if one.measure else None
    return {
        "key": str(one.key),
        "because": one.because,
        "will": one.will,
        "until": one.review_on.isoformat(),
        "measure": measure.label if measure else "",
        "unit": measure.unit if measure else "",
        "then": charts.number(one.then, measure) if measure else None,
        "after": charts.number(one.after, measure) if measure else None,
        "outcome": one.get_outcome_display() if one.outcome else "",
        "words": one.words,
        "by": str(one.by),
    }


def of_report(start: datetime, end: datetime, today: date) -> dict[str, list[dict[str, Any]]]:
    """What a report says of it: decided and reviewed in its week, and what waits for a review."""
    within = {"gte": start, "lt": end}
    decided = Shift.objects.filter(**{f"at__{name}": at for name, at in within.items()})
    reviewed = Shift.objects.filter(**{f"reviewed_at__{name}": at for name, at in within.items()})
    return {
        "decided": told(list(decided.select_related("by"))),
        "reviewed": told(list(reviewed.select_related("by"))),
        "waiting": told(due(today)),
    }


def recent(now: datetime) -> list[Shift]:
    """Those of a year, the newest first."""
    return list(Shift.objects.filter(at__gt=now - timedelta(days=366)).select_related("by", "reviewed_by"))
