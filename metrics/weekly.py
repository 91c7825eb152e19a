"""Weekly figures, each with the rows it is made from: counts stand beside every share.

A week runs Monday to Monday in the town's zone. All functions read; none writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection


@dataclass(frozen=True)
class Week:
    """One week by its first day, with its two instants."""

    first: date
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Figure:
    """A number and what it was made of: `part` of `whole`. `value` is None where there is nothing to count."""

    value: float | None
    part: int | None = None
    whole: int | None = None


def weeks(now: datetime, zone: ZoneInfo, count: int) -> list[Week]:
    """The last `count` weeks, oldest first; the last one is the week `now` is in."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - timedelta(weeks=back) for back in range(count - 1, -1, -1)]
    return [Week(first, _midnight(first, zone), _midnight(first + timedelta(days=7), zone)) for first in firsts]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


NEEDING = """
WITH asked AS (
  SELECT e.conversation_id, min(e.at) AS at, min(p.hours) AS hours FROM engagement_clockevent e
    LEFT JOIN engagement_responsepromise p ON p.id = e.promise_id
   WHERE e.kind = 'started' AND e.at >= %(start)s AND e.at < %(end)s GROUP BY e.conversation_id),
ended AS (
  SELECT a.conversation_id, a.at, coalesce(a.hours, 24) AS hours,
         min(e.at) FILTER (WHERE e.kind = 'answered') AS answered,
         bool_or(e.kind IN ('withdrawn', 'no_reply_needed')) AS excused
    FROM asked a LEFT JOIN engagement_clockevent e ON e.conversation_id = a.conversation_id AND e.at >= a.at
   GROUP BY a.conversation_id, a.at, a.hours)
SELECT count(*) FILTER (WHERE answered IS NOT NULL AND answered <= at + hours * interval '1 hour'),
       count(*) FILTER (WHERE answered IS NOT NULL OR NOT coalesce(excused, false)),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered - at) / 3600)
           FILTER (WHERE answered IS NOT NULL),
       count(answered)
  FROM ended
 WHERE answered IS NOT NULL OR coalesce(excused, false) OR at + hours * interval '1 hour' <= %(now)s
"""

BALANCE = """
SELECT count(*) FILTER (WHERE d.kind = 'reply'), count(*) FILTER (WHERE d.kind = 'post' AND p.kind = 'question'),
       count(*)
  FROM channels_app_delivery d
  LEFT JOIN calendar_app_release r ON r.delivery_id = d.id
  LEFT JOIN calendar_app_placement l ON l.id = r.placement_id
  LEFT JOIN calendar_app_post p ON p.id = l.post_id
 WHERE d.state IN ('published', 'removed') AND d.kind IN ('post', 'reply')
   AND d.published_at >= %(start)s AND d.published_at < %(end)s
"""

FOLLOWERS = """
SELECT sum(value) FROM (
  SELECT DISTINCT ON (t.channel_id) r.value FROM metrics_reading r JOIN metrics_tracked t ON t.id = r.tracked_id
   WHERE r.measure = 'followers' AND t.remote_id = '' AND r.value IS NOT NULL AND r.at < %(end)s
     AND r.at >= %(end)s - interval '14 days'
   ORDER BY t.channel_id, r.at DESC) newest
"""


def _one(sql: str, week: Week, now: datetime) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": week.start, "end": min(week.end, now), "now": now})
        row: tuple[object, ...] = cursor.fetchone()
    return row


def _share(part: int, whole: int) -> Figure:
    return Figure(100 * part / whole if whole else None, part, whole)


def answered_in_time(week: Week, now: datetime) -> Figure:
    """Of the conversations that came in that week and needed an answer, the share answered within the promise.

    Those still within their promise and not answered yet are not counted on either side.
    """
    part, whole, _, _ = _one(NEEDING, week, now)
    return _share(int(part), int(whole))  # type: ignore[call-overload]


def first_answer_hours(week: Week, now: datetime) -> Figure:
    """Median hours from the resident's message to our published answer, for conversations of that week."""
    _, _, median, answered = _one(NEEDING, week, now)
    return Figure(None if median is None else float(median), None, int(answered))  # type: ignore[arg-type, call-overload]


def conversation_share(week: Week, now: datetime) -> Figure:
    """Questions asked and answers given, as a share of everything that went out in the week."""
    replies, questions, everything = _one(BALANCE, week, now)
    return _share(int(replies) + int(questions), int(everything))  # type: ignore[call-overload]


def total_followers(week: Week, now: datetime) -> Figure:
    """Followers of all channels at the end of the week, by each channel's newest reading of the last 14 days."""
    (total,) = _one(FOLLOWERS, week, now)
    return Figure(None if total is None else float(total))  # type: ignore[arg-type]


FIGURES: dict[str, Callable[[Week, datetime], Figure]] = {
    "answered_in_time": answered_in_time,
    "first_answer_hours": first_answer_hours,
    "conversation_share": conversation_share,
    "total_followers": total_followers,
}


def series(measure: str, over: list[Week], now: datetime) -> list[Figure]:
    """One figure a week for a weekly measure."""
    return [FIGURES[measure](week, now) for week in over]
