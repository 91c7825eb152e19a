"""Row `records`: the first page of a search among a million kept things."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median

from django.db import connection

from accounts import clock
from config.bench.asking import bare, heard
from config.bench.figures import Figure, p95
from config.bench.ground import Ground, settle
from policy import records
from policy.records import Wanted

RECORDS = 1_000_000
TIMES = 20
SEED = """
INSERT INTO policy_record (kind, ref, subject, at, kept_at, payload_hash)
SELECT (ARRAY['message','message','message','message','delivery','act'])[1 + g %% 6], md5(g::text),
       (ARRAY['mention','comment','reply','direct'])[1 + g %% 4] || ' by @resident' || (g * 7919::bigint) %% 50000
         || ' on Fernhill ' || g %% 20 || ' on Mastodon',
       %(now)s - (%(many)s - g) * interval '1 minute', %(now)s - (%(many)s - g) * interval '1 minute', repeat(md5(g::text), 2)
  FROM generate_series(1, %(many)s) g
"""


def found(ground: Ground) -> list[Figure]:
    """Each way to search; the slowest counts."""
    now, many = clock.now(), ground.sized(RECORDS)
    name = ground.database()
    seed(many, now)
    settle("policy_record")
    ways = {
        "nothing named": Wanted(),
        "one kind": Wanted(kind="act"),
        "a word in every fourth": Wanted(words="comment"),
        "one resident": Wanted(words="@resident7919 "),
        "a channel and a kind": Wanted(words="Fernhill 7", kind="delivery"),
        "nobody": Wanted(words="@nobody-of-that-name"),
        "a month two years ago": Wanted(since=now - timedelta(days=600), until=now - timedelta(days=570)),
        "a resident in a month": Wanted(words="@resident7919", since=now - timedelta(days=60)),
        "deep down": Wanted(after=(now - timedelta(days=500), 1)),
    }
    slowest = max(((_often(lambda wanted=wanted: records.find(wanted)), way) for way, wanted in ways.items()))  # type: ignore[misc]
    (taken, plain), way = slowest
    ground.drop(name)
    return [
        Figure("records", f"{many:,} records", taken, "ms p95", 300, plain, f"slowest of {len(ways)} searches: {way}")
    ]


def seed(many: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SEED, {"many": many, "now": now})


def _often(search: Callable[[], object]) -> tuple[float, float]:
    """The time of one search, and that of its statement alone."""
    with heard() as said:
        search()
    times, plain = [], []
    for _ in range(TIMES):
        begun = time.perf_counter()
        search()
        times.append((time.perf_counter() - begun) * 1000)
        plain.append(bare(said))
    return p95(times), median(plain)
