"""Weekly figures, each with the rows it is made from: counts stand beside every share.

A week runs Monday to Monday in the town's zone. All functions read; none writes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.walltime import months_later
from engagement import rates, waits
from engagement.waits import Wait
from metrics.figures import Figure, none, share

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


@dataclass(frozen=True)
class Week:
    """One week by its first day, with its two instants."""

    first: date
    start: datetime
    end: datetime


def weeks(now: datetime, zone: ZoneInfo, count: int) -> list[Week]:
    """The last `count` weeks, oldest first; the last one is the week `now` is in."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - WEEK * back for back in range(count - 1, -1, -1)]
    return [Week(first, _midnight(first, zone), _midnight(first + WEEK, zone)) for first in firsts]


def months(now: datetime, zone: ZoneInfo, count: int) -> list[Week]:
    """The last `count` months in the same shape, oldest first; the last one is the month `now` is in."""
    this = now.astimezone(zone).date().replace(day=1)
    firsts = [months_later(this, back) for back in range(1 - count, 2)]
    return [Week(first, _midnight(first, zone), _midnight(after, zone)) for first, after in pairwise(firsts)]


def quarters(now: datetime, zone: ZoneInfo, count: int) -> list[Week]:
    """The last `count` quarters of the year in the same shape, oldest first; the last one is the one `now` is in."""
    today = now.astimezone(zone).date()
    this = date(today.year, today.month - (today.month - 1) % 3, 1)
    firsts = [months_later(this, 3 * back) for back in range(1 - count, 2)]
    return [Week(first, _midnight(first, zone), _midnight(after, zone)) for first, after in pairwise(firsts)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


OVER_WEEKS = """
SELECT q.* FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS w(start, "end", n)
 CROSS JOIN LATERAL ({figure}) q ORDER BY w.n
"""

BALANCE = """
SELECT count(*) FILTER (WHERE talks) AS talking, count(*) AS everything FROM (
  SELECT d.kind = 'reply' OR EXISTS (
           SELECT FROM calendar_app_release r
             JOIN calendar_app_placement l ON l.id = r.placement_id JOIN calendar_app_post p ON p.id = l.post_id
            WHERE r.delivery_id = d.id AND (p.kind = 'question' OR l.poll <> '{}')) AS talks
    FROM channels_app_delivery d
   WHERE d.state IN ('published', 'removed') AND d.kind IN ('post', 'reply') AND d.part = 0
     AND d.origin <> 'acknowledgement' AND d.published_at >= w.start AND d.published_at < w."end"
   UNION ALL
  SELECT true FROM engagement_outreachpost o
   WHERE (o."on" + time '12:00') AT TIME ZONE %(zone)s >= w.start
     AND (o."on" + time '12:00') AT TIME ZONE %(zone)s < w."end") said
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
        facts: dict[str, Any] = {"starts": starts, "ends": ends, "now": now, "zone": str(over[0].start.tzinfo)}
        cursor.execute(OVER_WEEKS.format(figure=figure), facts)
        return list(cursor.fetchall())


def _waits(over: Sequence[Week], now: datetime) -> list[list[Wait]]:
    """The waits for an answer that began in each of these weeks, which follow one another."""
    starts = [week.start for week in over]
    found: list[list[Wait]] = [[] for _ in over]
    for one in waits.between(starts[0], over[-1].end, now):
        found[bisect_right(starts, one.since) - 1].append(one)
    return found


LEFT_OUT = {"excused", "withdrawn"}  # they need no answer
NOTHING_ASKED = "nobody asked for an answer"


def answered_in_time(over: Sequence[Week], now: datetime) -> list[Figure]:
    """Of the waits that began in that week and needed an answer, the share answered within the promise.

    They are the rows of Kept and missed. Those still within their promise and not answered yet are counted on neither
    side.
    """
    figures = []
    for week in _waits(over, now):
        in_time = sum(one.outcome == "kept" for one in week)
        figures.append(share(in_time, in_time + sum(one.outcome == "missed" for one in week), NOTHING_ASKED))
    return figures


def first_answer_hours(over: Sequence[Week], now: datetime) -> list[Figure]:
    """Median hours from the resident's message to our published answer, for waits that began in that week."""
    figures = []
    for week in _waits(over, now):
        times = [one.spent for one in week if one.answered]
        median, asked = rates.percentile(times, 50), any(one.outcome not in LEFT_OUT for one in week)
        why = "nobody was answered yet" if asked else NOTHING_ASKED
        figures.append(none(why, whole=0) if median is None else Figure(median / HOUR, None, len(times)))
    return figures


def conversation_share(over: Sequence[Week], now: datetime) -> list[Figure]:
    """What asks, answers or joins in elsewhere, as a share of everything that went out in the week."""
    return [share(talking, everything, "nothing went out") for talking, everything in _rows(BALANCE, over, now)]


def total_followers(over: Sequence[Week], now: datetime) -> list[Figure]:
    """Followers of all channels at the end of the week, by each channel's newest reading of the last 14 days."""
    why = "no channel told its followers"
    return [none(why) if total is None else Figure(float(total)) for (total,) in _rows(FOLLOWERS, over, now)]


FIGURES: dict[str, Callable[[Sequence[Week], datetime], list[Figure]]] = {
    "answered_in_time": answered_in_time,
    "first_answer_hours": first_answer_hours,
    "conversation_share": conversation_share,
    "total_followers": total_followers,
}


def series(measure: str, over: Sequence[Week], now: datetime) -> list[Figure]:
    """One figure a week for a weekly measure."""
    return FIGURES[measure](over, now)
