"""The numbers of posts as they stood at the end of the time each post is told in: one question for all of them, however
many weeks or months are told beside one another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from metrics.measures.from_followers import FRESH

NUMBERS = ("likes", "replies", "shares", "clicks", "reach", "impressions")
Numbers = tuple[dict[int, dict[str, int]], dict[int, datetime]]  # by kind, and when the last of them was read
NEWEST = """
SELECT w.id, m.name, r.value, r.at
  FROM unnest(%(ids)s::bigint[], %(untils)s::timestamptz[]) AS w(id, until)
 CROSS JOIN unnest(%(names)s::text[]) AS m(name)
 CROSS JOIN LATERAL (
   SELECT value, at FROM metrics_reading
    WHERE tracked_id = w.id AND measure = m.name AND value IS NOT NULL AND at < w.until
    ORDER BY at DESC LIMIT 1) r
"""
FOLLOWERS = """
SELECT DISTINCT ON (w.n, t.channel_id) w.n, t.channel_id, r.value
  FROM unnest(%(untils)s::timestamptz[]) WITH ORDINALITY AS w(until, n)
  JOIN metrics_reading r ON r.measure = 'followers' AND r.value IS NOT NULL
   AND r.at < w.until AND r.at >= w.until - %(fresh)s::interval
  JOIN metrics_tracked t ON t.id = r.tracked_id AND t.remote_id = ''
 ORDER BY w.n, t.channel_id, r.at DESC
"""
CLICKS = """
SELECT l.ref, l.channel_id, width_bucket(c.at, %(untils)s::timestamptz[]), count(c.id)
  FROM channels_app_link l
  LEFT JOIN channels_app_click c ON c.link_id = l.id AND c.at < %(last)s
 WHERE l.origin IN ('post', 'text') AND l.ref = ANY(%(refs)s::uuid[]) AND l.channel_id IS NOT NULL
 GROUP BY 1, 2, 3
"""


def newest(until: Mapping[int, datetime]) -> Numbers:
    """The newest known number of each kind of these posts before the moment given for each, and when it was read."""
    facts = {"ids": list(until), "untils": list(until.values()), "names": list(NUMBERS)}
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    read_at: dict[int, datetime] = {}
    for pk, name, value, at in _rows(NEWEST, facts) if until else ():
        numbers[pk][name] = value
        read_at[pk] = max(at, read_at.get(pk, at))
    return numbers, read_at


@dataclass(frozen=True)
class Beside:
    """What is counted beside the platforms' own numbers, at the end of each of the times that posts are told in.

    A channel whose followers nobody told for a fortnight has none, and a post without a short link of ours on a channel
    no clicks: nobody counted.
    """

    ends: list[datetime]
    _followers: Mapping[tuple[int, int], int]
    _clicks: Mapping[tuple[UUID, int], Mapping[int, int]]

    def followers(self, channel: int, until: datetime) -> int | None:
        return self._followers.get((bisect_left(self.ends, until), channel))

    def clicks(self, post: UUID, channel: int, until: datetime) -> int | None:
        """Before that moment."""
        found = self._clicks.get((post, channel))
        place = bisect_left(self.ends, until)
        return None if found is None else sum(count for at, count in found.items() if at <= place)


def beside(posts: Collection[UUID], untils: Collection[datetime]) -> Beside:
    """Followers of every channel and clicks on links of these posts, before each of these moments."""
    ends = sorted(set(untils))
    if not ends:
        return Beside([], {}, {})
    followers = _rows(FOLLOWERS, {"untils": ends, "fresh": FRESH})
    clicks: dict[tuple[UUID, int], dict[int, int]] = defaultdict(dict)
    for ref, channel, place, count in _rows(CLICKS, {"untils": ends, "last": ends[-1], "refs": list(posts)}):
        clicks[ref, channel][place or 0] = clicks[ref, channel].get(place or 0, 0) + count
    return Beside(ends, {(n - 1, channel): value for n, channel, value in followers}, dict(clicks))


def _rows(query: str, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        return list(cursor.fetchall())
