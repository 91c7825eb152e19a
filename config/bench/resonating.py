"""Row `resonance`: what resonates in a year of posts, compared by every part against everything people did."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.urls import reverse

from accounts import clock
from config.bench import planning, town
from config.bench.asking import often, sign_in
from config.bench.figures import Figure, p95
from config.bench.ground import Ground, settle
from config.bench.reporting import READ, TRACKED

CHANNELS, POSTS = 10, 5_000
EACH = 3  # readings of each number: of one, two and three days
TIMES = 10
# Seconds. It takes 1.4 of a processor and 0.25 of the database, on a page that is opened to think over once in a while;
# a half of a second more is for what else the machine does.
BUDGET = 2.0
TABLES = (*planning.TABLES, "metrics_tracked", "metrics_reading")


def resonance(ground: Ground) -> list[Figure]:
    """The page of a year with its lists, comparisons and good hours."""
    now = clock.now()
    name = ground.database()
    desk = town.found(CHANNELS, now)
    posts = ground.sized(POSTS)
    planning.seed(desk, posts, now - timedelta(days=350), now - timedelta(days=4), now, in_view=posts)
    facts: dict[str, Any] = {"now": now, "each": EACH}
    with connection.cursor() as cursor:
        for statement in (TRACKED, READ):
            cursor.execute(statement, facts)
    settle(*TABLES)
    asked = often(sign_in(desk.everywhere), f"{reverse('figures:resonance')}?weeks=52", TIMES)
    ground.drop(name)
    size = f"a year, {CHANNELS} channels, {posts:,} posts"
    why = f"read, compared and shown; {len(asked.statements)} queries; {asked.told} ms"
    return [Figure("resonance", size, p95(asked.times) / 1000, "s p95", BUDGET, median(asked.bare) / 1000, why)]
