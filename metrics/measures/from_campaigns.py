"""The rows of campaigns: what others counted week by week, and what residents who were asked knew."""

from __future__ import annotations

from datetime import date, datetime, time

from accounts.models import Town
from metrics.measures.behaviour import CountRow, RecallRow
from metrics.measures.from_inbox import days
from metrics.measures.shape import Span
from metrics.models import BehaviourGoal, Recall
from metrics.outside import held
from metrics.weekly import WEEK
from policy.models import Topic

COUNTS, CONTACTS = "counts", "contacts"


def mondays(first: date, last: date) -> list[date]:
    """The Mondays from one to another, both included."""
    return [first + WEEK * n for n in range((last - first).days // 7 + 1)]


def counts(goal: BehaviourGoal, now: datetime) -> list[CountRow]:
    """Every week of the goal, before and after, of what is counted and of what it is compared with."""
    zone, rows = Town.here().tz, []
    sides = [("ours", goal.what, goal.counted, goal.topic)]
    if goal.against:
        sides.append(("comparison", goal.against, goal.compared, goal.compared_topic))
    for about, words, label, topic in sides:
        found = _found(label, topic, goal.before_first, goal.after_last, now)
        for part, first, last in (
            ("before", goal.before_first, goal.before_last),
            ("after", goal.after_first, goal.after_last),
        ):
            for monday in mondays(first, last):
                value, source = found.get(monday, (None, ""))
                at = datetime.combine(monday, time(), zone)
                rows.append(CountRow(str(goal.campaign.key), "", at, monday, part, about, words, value, source))
    return rows


def _found(
    label: str, topic: Topic | None, first: date, last: date, now: datetime
) -> dict[date, tuple[float | None, str]]:
    """Week by week what holds at that moment: a count by its name, or all contacts about a topic."""
    found: dict[date, tuple[float | None, str]] = {}
    for one in held.current(CONTACTS if topic else COUNTS, first, last, now):
        if topic and one.topic_id == topic.pk:
            was = found.get(one.on, (0.0, ""))[0] or 0.0
            found[one.on] = (was + float(one.value), one.file.source)
        elif not topic and one.label.casefold() == label.casefold():
            found[one.on] = (float(one.value), one.file.source)
    return found


def recalls(span: Span) -> list[RecallRow]:
    """Every time residents were asked in the span, without what was taken back by then."""
    zone = Town.here().tz
    rows = Recall.objects.filter(on__range=days(span), at__lte=span.now).exclude(taken_back_at__lte=span.now)
    return [
        RecallRow(
            ref=str(one.campaign.key),
            channel="",
            at=datetime.combine(one.on, time(), zone),
            campaign=str(one.campaign),
            words=one.question,
            asked=one.asked,
            knew=one.knew,
            how=one.how,
            source=one.source,
        )
        for one in rows.select_related("campaign").order_by("on", "pk")
    ]
