"""What a row of readings does not say, and what it took back: gaps with their reason, restatements by name.

The rules are pure; `of_profiles` fetches the readings of channels they are asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from channels_app.models import Channel
from metrics.catalogue import MEASURES
from metrics.models import Reading

NONE_READ = "no reading in this time"
SILENT = timedelta(days=2)  # a profile is read daily; so long without a reading is a gap
BEFORE = timedelta(days=9)  # what is read weekly has its last number within so many days
TAKEN_BACK = """
SELECT tracked_id, measure, at, was, value FROM (
  SELECT r.tracked_id, r.measure, r.at, r.value,
         lag(r.value) OVER (PARTITION BY r.tracked_id, r.measure ORDER BY r.at) AS was
    FROM metrics_reading r JOIN metrics_tracked t ON t.id = r.tracked_id
   WHERE r.measure = ANY(%(measures)s) AND r.value IS NOT NULL AND r.at >= %(first)s AND r.at <= %(until)s
     AND t.remote_id <> '' AND (%(channel)s::bigint IS NULL OR t.channel_id = %(channel)s)
     AND (%(posts)s::bigint[] IS NULL OR t.id = ANY(%(posts)s::bigint[]))) told
 WHERE was > value AND at > %(since)s ORDER BY was - value DESC, at, tracked_id, measure
"""


@dataclass(frozen=True)
class Point:
    """One reading: a value, or none and the reason."""

    at: datetime
    value: int | None
    missing: str = ""


@dataclass(frozen=True)
class Gap:
    """Readings without a value, one after another: from the first of them until a value came; None while none has.

    `words` are the newest reason, which is the one people know by now.
    """

    since: datetime
    until: datetime | None
    words: str


@dataclass(frozen=True)
class Restatement:
    """A total that became smaller: the platform has taken back a part of what it said before."""

    at: datetime
    was: int
    became: int

    @property
    def words(self) -> str:
        return f"restated from {self.was:,} to {self.became:,}"


def gaps(points: Iterable[Point]) -> list[Gap]:
    """The gaps in readings given in the order of time."""
    found: list[Gap] = []
    since, words = None, ""
    for one in points:
        if one.value is None:
            since, words = since or one.at, one.missing
        elif since is not None:
            found.append(Gap(since, one.at, words))
            since = None
    return [*found, Gap(since, None, words)] if since is not None else found


def restatements(measure: str, points: Iterable[Point]) -> list[Restatement]:
    """Where a measure that can only grow became smaller; a level may fall and restates nothing."""
    if MEASURES[measure].kind != "cumulative":
        return []
    known = [one for one in points if one.value is not None]
    return [
        Restatement(after.at, before.value, after.value)
        for before, after in zip(known, known[1:], strict=False)
        if before.value is not None and after.value is not None and after.value < before.value
    ]


@dataclass(frozen=True)
class TakenBack:
    """A number of a post, by its row id, that its platform made smaller."""

    tracked: int
    measure: str
    restatement: Restatement


def taken_back(
    since: datetime,
    until: datetime,
    channel: Channel | None = None,
    *,
    posts: Collection[int] | None = None,
    measures: Collection[str] | None = None,
) -> list[TakenBack]:
    """Totals of posts (these ones, by row id, where some are named) that were made smaller after `since`, the largest
    steps first: one query.
    """
    totals = [name for name, one in MEASURES.items() if one.kind == "cumulative" and (not measures or name in measures)]
    facts: dict[str, Any] = {"measures": totals, "first": since - BEFORE, "since": since, "until": until}
    facts |= {"channel": channel and channel.pk, "posts": None if posts is None else list(posts)}
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_BACK, facts)
        rows = cursor.fetchall()
    return [TakenBack(pk, name, Restatement(at, was, became)) for pk, name, at, was, became in rows]


def of_profiles(channels: Sequence[Channel], measure: str, start: datetime, end: datetime) -> dict[int, list[Point]]:
    """The readings of these channels' profiles, by the channel's row id and in the order of time: one query."""
    rows = Reading.objects.filter(tracked__channel__in=channels, tracked__remote_id="", measure=measure)
    rows = rows.filter(at__gte=start, at__lt=end).order_by("at")
    found: dict[int, list[Point]] = defaultdict(list)
    for channel, at, value, missing in rows.values_list("tracked__channel", "at", "value", "missing"):
        found[channel].append(Point(at, value, missing))
    return dict(found)


def missing(channels: Sequence[Channel], start: datetime, end: datetime) -> list[tuple[Channel, Gap]]:
    """Which channels have no follower numbers in this time or a part of it, since when and why; one that nobody read
    at all has none from the beginning, for the reason that was last told.
    """
    points = of_profiles(channels, "followers", start, end)
    silent = [one for one in channels if one.pk not in points and end - max(start, one.created_at) >= SILENT]
    why = _last_reason(silent, start) if silent else {}
    points |= {one.pk: [Point(max(start, one.created_at), None, why.get(one.pk) or NONE_READ)] for one in silent}
    return [(one, gap) for one in channels for gap in gaps(points.get(one.pk, ()))]


def _last_reason(channels: Sequence[Channel], before: datetime) -> dict[int, str]:
    """Why the newest reading before had no number; empty where it had one."""
    rows = Reading.objects.filter(tracked__channel__in=channels, tracked__remote_id="", at__lt=before)
    newest = rows.filter(measure="followers").order_by("tracked__channel_id", "-at").distinct("tracked__channel_id")
    return dict(newest.values_list("tracked__channel_id", "missing"))
