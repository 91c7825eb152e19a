"""Weekly figures, each with the rows it is made from: counts stand beside every share.

A week runs Monday to Monday in the town's zone. All functions read; none writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
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


OVER_WEEKS = """
SELECT q.* FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS w(start, "end", n)
 CROSS JOIN LATERAL ({figure}) q ORDER BY w.n
"""

ANSWERS = """
WITH asked AS (
  SELECT e.conversation_id, min(e.at) AS at, min(p.hours) AS hours FROM engagement_clockevent e
    LEFT JOIN engagement_responsepromise p ON p.id = e.promise_id
   WHERE e.kind = 'started' AND e.at >= w.start AND e.at < w."end" GROUP BY e.conversation_id),
ended AS (
  SELECT a.at, a.at + coalesce(a.hours, 24) * interval '1 hour' AS promised, e.answered, e.excused
    FROM asked a CROSS JOIN LATERAL (
      SELECT min(at) FILTER (WHERE kind = 'answered') AS answered,
             coalesce(bool_or(kind IN ('withdrawn', 'no_reply_needed')), false) AS excused
        FROM engagement_clockevent WHERE conversation_id = a.conversation_id AND at >= a.at) e)
SELECT count(*) FILTER (WHERE answered <= promised) AS in_time,
       count(*) FILTER (WHERE answered IS NOT NULL OR (NOT excused AND promised <= %(now)s)) AS needing,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered - at) / 3600)
           FILTER (WHERE answered IS NOT NULL) AS median,
       count(answered) AS answered
  FROM ended
"""

BALANCE = """
SELECT count(*) FILTER (WHERE d.kind = 'reply' OR (
         SELECT p.kind FROM calendar_app_release r
           JOIN calendar_app_placement l ON l.id = r.placement_id JOIN calendar_app_post p ON p.id = l.post_id
          WHERE r.delivery_id = d.id) = 'question') AS talking, count(*) AS everything
  FROM channels_app_delivery d
 WHERE d.state IN ('published', 'removed') AND d.kind IN ('post', 'reply')
   AND d.origin <> 'acknowledgement' AND d.published_at >= w.start AND d.published_at < w."end"
"""

FOLLOWERS = """
SELECT sum(value) AS total FROM (
  SELECT DISTINCT ON (t.channel_id) r.value FROM metrics_reading r JOIN metrics_tracked t ON t.id = r.tracked_id
   WHERE r.measure = 'followers' AND t.remote_id = '' AND r.value IS NOT NULL AND r.at < w."end"
     AND r.at >= w."end" - interval '14 days'
   ORDER BY t.channel_id, r.at DESC) newest
"""

Row = tuple[Any, ...]


def _rows(figure: str, over: Sequence[Week], now: datetime) -> list[Row]:
    """One row a week, in one query."""
    with connection.cursor() as cursor:
        starts, ends = [week.start for week in over], [min(week.end, now) for week in over]
        cursor.execute(OVER_WEEKS.format(figure=figure), {"starts": starts, "ends": ends, "now": now})
        return list(cursor.fetchall())


def _share(part: int, whole: int) -> Figure:
    return Figure(100 * part / whole if whole else None, part, whole)


def answered_in_time(over: Sequence[Week], now: datetime) -> list[Figure]:
    """Of the conversations that came in that week and needed an answer, the share answered within the promise.

    Those still within their promise and not answered yet are counted on neither side.
    """
    return [_share(in_time, needing) for in_time, needing, _, _ in _rows(ANSWERS, over, now)]


def first_answer_hours(over: Sequence[Week], now: datetime) -> list[Figure]:
    """Median hours from the resident's message to our published answer, for conversations of that week."""
    return [
        Figure(None if median is None else float(median), None, answered)
        for _, _, median, answered in _rows(ANSWERS, over, now)
    ]


def conversation_share(over: Sequence[Week], now: datetime) -> list[Figure]:
    """Questions asked and answers given, as a share of everything that went out in the week."""
    return [_share(talking, everything) for talking, everything in _rows(BALANCE, over, now)]


def total_followers(over: Sequence[Week], now: datetime) -> list[Figure]:
    """Followers of all channels at the end of the week, by each channel's newest reading of the last 14 days."""
    return [Figure(None if total is None else float(total)) for (total,) in _rows(FOLLOWERS, over, now)]


FIGURES: dict[str, Callable[[Sequence[Week], datetime], list[Figure]]] = {
    "answered_in_time": answered_in_time,
    "first_answer_hours": first_answer_hours,
    "conversation_share": conversation_share,
    "total_followers": total_followers,
}


def series(measure: str, over: Sequence[Week], now: datetime) -> list[Figure]:
    """One figure a week for a weekly measure."""
    return FIGURES[measure](over, now)
