"""Row `report`: the weekly report made of a year of readings, opened once it is frozen, and a year of figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection

from accounts import clock
from accounts.models import Town
from config.bench import conversations, planning, town
from config.bench.asking import bare, heard, often, sign_in
from config.bench.figures import Figure, p95
from config.bench.ground import Ground, settle
from config.bench.town import Desk
from config.trial import cast
from metrics import reporting, reports, weekly
from metrics.models import WeeklyReport
from metrics.views import standings
from policy.models import Objective

CHANNELS, POSTS, CONVERSATIONS, READINGS = 10, 5_000, 20_000, 2_000_000
WEEKS = 52
TIMES = 10
TABLES = (*planning.TABLES, "engagement_clockevent", "metrics_tracked", "metrics_reading")
ANSWERED = """
INSERT INTO engagement_clockevent (conversation_id, kind, at, noted_at, reason, message_id)
SELECT conversation_id, 'started', at, at, '', id FROM engagement_message WHERE conversation_id IS NOT NULL
 UNION ALL
SELECT id, 'answered', last_at + (id %% 30) * interval '1 hour', %(now)s, '', NULL FROM engagement_conversation
 WHERE state = 'closed' ORDER BY 1, 3
"""
TRACKED = """
INSERT INTO metrics_tracked (channel_id, remote_id, delivery_id, published_at, failures)
SELECT channel_id, remote_id, id, published_at, 0 FROM channels_app_delivery WHERE state = 'published'
 UNION ALL SELECT id, '', NULL, %(now)s - interval '1 year', 0 FROM channels_app_channel
"""
READ = """
INSERT INTO metrics_reading (tracked_id, measure, at, value, missing)
SELECT t.id, m.name, t.published_at + n * interval '1 day', (n * 13 + t.id) %% 9000, ''
  FROM metrics_tracked t
 CROSS JOIN generate_series(1, %(each)s) n
 CROSS JOIN LATERAL (SELECT unnest(CASE WHEN t.remote_id = '' THEN ARRAY['followers','following','posts','reach']
      ELSE ARRAY['impressions','likes','shares','replies'] END) AS name) m
"""


def report(ground: Ground) -> list[Figure]:
    """The report as it is made on a Monday, the page that shows it, and a year of weekly figures for objectives."""
    now = clock.now()
    name = ground.database()
    desk = town.found(CHANNELS, now)
    readings = _seed(ground, desk, now)
    settle(*TABLES)
    size = f"a year, {CHANNELS} channels, {ground.sized(CONVERSATIONS):,} conversations, {readings:,} readings"
    week = _frozen(now)
    page = often(sign_in(desk.everywhere), f"/reports/{week}/", TIMES)
    figures = [
        _timed(size, "made, with what the last one said compared", lambda: reporting.content(week, now)),
        Figure("report", size, p95(page.times) / 1000, "s p95", 1.5, median(page.bare) / 1000, "opened, once frozen"),
        _timed(size, f"{WEEKS} weeks of every weekly figure, and all objectives", lambda: _year(now)),
    ]
    ground.drop(name)
    return figures


def _timed(size: str, why: str, work: Callable[[], object]) -> Figure:
    times, plain = [], []
    with heard() as said:
        work()
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
        plain.append(bare(said) / 1000)
    return Figure("report", size, p95(times), "s p95", 1.5, median(plain), f"{why}; {len(said)} queries")


def _frozen(now: datetime) -> date:
    """The reports of the last two whole weeks, made as a worker makes them; the Monday of the newer one."""
    for weeks_ago in (1, 0):
        reports.expect(now - weeks_ago * timedelta(weeks=1))
    reports.make_due(now)
    return WeeklyReport.objects.filter(state="made").latest("week").week


def _year(now: datetime) -> None:
    here = Town.here()
    over = weekly.weeks(now, here.tz, WEEKS)
    for measure in weekly.FIGURES:
        weekly.series(measure, over, now)
    standings(now, here)


def _seed(ground: Ground, desk: Desk, now: datetime) -> int:
    """Posts and conversations over the year, and readings of each post and profile; how many readings."""
    year = timedelta(days=364)
    posts = ground.sized(POSTS)
    planning.seed(desk, posts * 2, now - year, now, now, in_view=posts * 2)
    talks = ground.sized(CONVERSATIONS)
    conversations.seed(desk, talks, now, 500, year / talks)
    conversations.seed_words()
    facts: dict[str, Any] = {"now": now, "each": max(1, ground.sized(READINGS) // (posts * 2 + CHANNELS) // 4)}
    with connection.cursor() as cursor:
        for statement in (ANSWERED, TRACKED, READ):
            cursor.execute(statement, facts)
        made = cursor.rowcount
    Objective.objects.bulk_create(
        Objective(
            sentence=aim.sentence,
            family=aim.family,
            owner=desk.everywhere,
            measure=aim.measure,
            baseline=aim.baseline,
            baseline_on=(now - year).date(),
            target=aim.target,
            target_on=cast.target_day(now.date()),
        )
        for aim in cast.AIMS
    )
    return made
