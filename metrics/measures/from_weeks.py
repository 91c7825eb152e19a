"""Counts of many weeks in one question each, for what is held against the town's own past. Each is the number of rows
that `from_inbox` and `from_posts` find for the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from metrics.measures.shape import Span

OVER = """
SELECT q.* FROM unnest(%(starts)s::timestamptz[], %(untils)s::timestamptz[]) WITH ORDINALITY AS w(start, until, n)
 CROSS JOIN LATERAL ({question}) q ORDER BY w.n
"""
WRITERS = """
SELECT count(*) FROM (
  SELECT DISTINCT m.channel_id, m.person_id FROM engagement_message m
   WHERE NOT m.ours AND m.person_id IS NOT NULL AND m.at >= w.start AND m.at < w.until
     AND m.ingested_at <= %(now)s) wrote
"""
CAME_BACK = """
SELECT count(*) FILTER (WHERE (
         SELECT count(*) FROM engagement_message t
          WHERE t.channel_id = a.channel_id AND t.person_id = a.person_id AND NOT t.ours
            AND t.at > a.first AND t.at < w.until AND t.ingested_at <= %(now)s) >= 2), count(*)
  FROM (
    SELECT m.channel_id, c.person_id, min(m.at) AS first
      FROM engagement_message m JOIN engagement_conversation c ON c.id = m.conversation_id
     WHERE m.ours AND m.at >= w.start AND m.at < w.until AND m.ingested_at <= %(now)s AND c.person_id IS NOT NULL
       AND NOT EXISTS (
           SELECT FROM channels_app_delivery d WHERE d.id = m.delivery_id AND d.origin = 'acknowledgement')
     GROUP BY 1, 2) a
"""
REACH = """
SELECT sum(r.value)
  FROM metrics_tracked t
 CROSS JOIN LATERAL (
   SELECT r.value FROM metrics_reading r
    WHERE r.tracked_id = t.id AND r.measure = 'reach' AND r.value IS NOT NULL AND r.at < w.until
    ORDER BY r.at DESC LIMIT 1) r
 WHERE t.remote_id <> '' AND t.published_at >= w.start AND t.published_at < w.until
"""


def writers(over: Sequence[Span]) -> list[int]:
    """How many people wrote in each of these times."""
    return [count for (count,) in _each(WRITERS, over)]


def came_back(over: Sequence[Span]) -> list[float | None]:
    """Of a hundred people answered in each of these times, how many came back; None where nobody was answered."""
    return [100 * back / people if people else None for back, people in _each(CAME_BACK, over)]


def reached(over: Sequence[Span]) -> list[int | None]:
    """How many the posts of each of these times had reached by the end of that time; None where no reach is known."""
    return [None if value is None else int(value) for (value,) in _each(REACH, over)]


def _each(question: str, over: Sequence[Span]) -> list[tuple[Any, ...]]:
    facts: dict[str, Any] = {"starts": [one.start for one in over], "untils": [one.until for one in over]}
    facts["now"] = over[-1].now
    with connection.cursor() as cursor:
        cursor.execute(OVER.format(question=question), facts)
        return list(cursor.fetchall())
