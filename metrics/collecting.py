"""Collecting: what is published is tracked, and its numbers are read at fixed ages and appended.

Claim, commit, call, write down: a claim moves `next_at` ten minutes ahead, so that a crash only delays a reading. A
number the platform does not give is a reading without value and with its reason, never 0. So is what is due on a
channel that has lost its connection: the reading says since when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts import audit
from accounts.keyring import CannotOpen
from accounts.models import Town
from channels_app import connecting, platforms, prices
from channels_app.models import Channel
from channels_app.platforms.base import Ending
from metrics.catalogue import MEASURES
from metrics.models import Reading, Tracked

YOUNG = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
DAILY_UNTIL, WEEKLY_UNTIL = timedelta(days=30), timedelta(days=365)
CLAIM = timedelta(minutes=10)
BATCH = 40
NOT_GIVEN = "not given by the platform"
NOT_SHOWN = "not shown by the platform any more"

TRACK_NEW = """
INSERT INTO metrics_tracked (channel_id, remote_id, delivery_id, published_at, next_at, failures)
SELECT c.id, '', NULL, c.created_at, %(now)s, 0 FROM channels_app_channel c
 WHERE c.state IN ('ok', 'paused')
   AND NOT EXISTS (SELECT 1 FROM metrics_tracked t WHERE t.channel_id = c.id AND t.remote_id = '')
UNION ALL
SELECT d.channel_id, d.remote_id, d.id, d.published_at, d.published_at + interval '15 minutes', 0
  FROM channels_app_delivery d
 WHERE d.state = 'published' AND d.kind = 'post' AND d.part = 0 AND d.remote_id <> '' AND d.published_at > %(since)s
   AND NOT EXISTS (SELECT 1 FROM metrics_tracked t WHERE t.channel_id = d.channel_id AND t.remote_id = d.remote_id)
UNION ALL
SELECT m.channel_id, m.remote_id, NULL, m.at, GREATEST(m.at + interval '15 minutes', %(now)s), 0
  FROM engagement_message m
 WHERE m.kind = 'post' AND m.ours AND m.delivery_id IS NULL AND m.at > %(since)s AND m.gone_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM metrics_tracked t WHERE t.channel_id = m.channel_id AND t.remote_id = m.remote_id)
ON CONFLICT DO NOTHING
"""


def next_reading(published_at: datetime, now: datetime) -> datetime | None:
    """When something published then is read next: at 15 min, 1 h, 6 h, daily to 30 days, weekly to a year; then never.

    Ages are whole steps from the publication, so readings keep their hour however late one was.
    """
    age = now - published_at
    for step in YOUNG:
        if age < step:
            return published_at + step
    if age < DAILY_UNTIL:
        return published_at + timedelta(days=age // timedelta(days=1) + 1)
    if age < WEEKLY_UNTIL:
        return published_at + timedelta(weeks=age // timedelta(weeks=1) + 1)
    return None


def track_new(now: datetime) -> int:
    """Start tracking channels, deliveries and posts made elsewhere that are not tracked yet. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(TRACK_NEW, {"now": now, "since": now - WEEKLY_UNTIL})
        return int(cursor.rowcount)


def claim(now: datetime, limit: int = BATCH) -> list[Tracked]:
    """Up to `limit` due rows of one channel, put off by ten minutes so that nobody else reads them meanwhile."""
    with transaction.atomic():
        due = Tracked.objects.filter(next_at__lte=now, channel__state__in=Channel.READ).order_by("next_at")
        first = due.select_for_update(skip_locked=True, of=("self",)).first()
        if first is None:
            return []
        rows = list(due.filter(channel=first.channel_id).select_for_update(skip_locked=True, of=("self",))[:limit])
        Tracked.objects.filter(pk__in=[row.pk for row in rows]).update(next_at=now + CLAIM)
    return rows


def collect(now: datetime, batches: int = 20) -> int:
    """Read what is due, in at most `batches` calls. Returns the number of readings written."""
    track_new(now)
    written = note_unreachable(now)
    for _ in range(batches):
        rows = claim(now)
        if not rows:
            break
        written += read(rows, now)
    return written


def note_unreachable(now: datetime, limit: int = 500) -> int:
    """Write, at the ages of a reading, that nobody could read a channel without keys and since when. Returns how many.

    What an archived channel tracked is not read again.
    """
    Tracked.objects.filter(next_at__lte=now, channel__state="archived").update(next_at=None)
    with transaction.atomic():
        dead = Tracked.objects.filter(next_at__lte=now, channel__state__in=("needs_reconnect", "connecting"))
        rows = list(dead.select_for_update(skip_locked=True, of=("self",)).select_related("channel")[:limit])
        why = {one: unreachable(one) for one in {row.channel for row in rows}}
        Reading.objects.bulk_create((_missing(row, why[row.channel], now) for row in rows), ignore_conflicts=True)
        for row in rows:
            row.next_at = _next(row, now)
        Tracked.objects.bulk_update(rows, ["next_at"])
    return len(rows)


def unreachable(channel: Channel) -> str:
    """Why nothing can be read there: "no connection since Tuesday 24 November", on the town's calendar."""
    lost = audit.history_of(channel).filter(act="needs_reconnect").order_by("-at").first()
    if lost is None or channel.state == "connecting":
        return "not connected"
    day = lost.at.astimezone(Town.here().tz)
    return f"no connection since {day:%A} {day.day} {day:%B}"


def read(rows: Sequence[Tracked], now: datetime) -> int:
    """Ask the platform for the numbers of these rows (all of one channel) and append them."""
    channel = Channel.objects.get(pk=rows[0].channel_id)
    platform = platforms.get(channel.platform)
    if "metrics" not in platform.CAN:
        return _tells_none(rows, f"{platform.LABEL} gives no numbers", now)
    try:
        numbers = platform.metrics(connecting.account_of(channel), [row.remote_id for row in rows])
    except (Ending, CannotOpen) as ending:
        return _missed(rows, now, str(ending))
    prices.count_reads(channel, now, own=len(rows))
    readings = [one for row in rows for one in _readings(row, numbers.get(row.remote_id), now)]
    with transaction.atomic():
        Reading.objects.bulk_create(readings, ignore_conflicts=True)
        for row in rows:
            row.next_at, row.failures = _next(row, now), 0
        Tracked.objects.bulk_update(rows, ["next_at", "failures"])
    return len(readings)


def _readings(row: Tracked, numbers: Mapping[str, int | None] | None, now: datetime) -> list[Reading]:
    """What one answer says of one row; a row the answer leaves out is not there any more."""
    known = {name: value for name, value in (numbers or {}).items() if name in MEASURES}
    if not known:
        return [_missing(row, NOT_SHOWN, now)]
    return [
        Reading(tracked=row, measure=name, at=now, value=value, missing="" if value is not None else NOT_GIVEN)
        for name, value in known.items()
    ]


def _missing(row: Tracked, words: str, now: datetime) -> Reading:
    return Reading(tracked=row, measure=_main(row), at=now, value=None, missing=words[:120])


def _tells_none(rows: Sequence[Tracked], words: str, now: datetime) -> int:
    """Say once that there will be no numbers, and ask no more."""
    with transaction.atomic():
        Reading.objects.bulk_create((_missing(row, words, now) for row in rows), ignore_conflicts=True)
        Tracked.objects.filter(pk__in=[row.pk for row in rows]).update(next_at=None)
    return len(rows)


def _next(row: Tracked, now: datetime) -> datetime | None:
    """A profile is read every day for as long as the channel lives; the rest at its ages."""
    return now + timedelta(days=1) if row.remote_id == "" else next_reading(row.published_at, now)


def _missed(rows: Sequence[Tracked], now: datetime, words: str) -> int:
    """Write that the numbers are missing and why, once per failure, and try again later and later, at most daily."""
    with transaction.atomic():
        Reading.objects.bulk_create((_missing(row, words, now) for row in rows), ignore_conflicts=True)
        for row in rows:
            row.failures += 1
            row.next_at = now + min(CLAIM * 2 ** min(row.failures, 8), timedelta(days=1))
        Tracked.objects.bulk_update(rows, ["next_at", "failures"])
    return 0


def _main(row: Tracked) -> str:
    return "followers" if row.remote_id == "" else "likes"
