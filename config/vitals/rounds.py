"""What a worker does twice a minute: look at everything, keep the alarms, count on, walk on along the chains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from accounts import audit
from channels_app import tallies
from channels_app.models import Attempt
from config.vitals import alarms, facts, rules
from policy import records

SETTLED = timedelta(minutes=2)  # an attempt older than this is committed, and none with a smaller number still to come
PIECE = 10_000  # attempts counted in one round
STRETCH = 1_000  # links of a chain walked in one round: a million in a night
BUCKETS = (1, 2, 5, 15, 30, 60, 120, 300, 900, 1800, 3600)  # seconds late
RECONCILED = {"reconciled": "found", "proven_absent": "absent", "resend_is_safe": "resend", "asked": "asked"}
CHAINS: dict[str, Callable[[int, int], tuple[Any, int]]] = {"audit": audit.patrol, "records": records.patrol}


def look(now: datetime) -> None:
    """One round."""
    count(now)
    walk_chains()
    alarms.keep(rules.judge(facts.read(now)), now)


def count(now: datetime) -> int:
    """Add the attempts since the last round to the tallies; how many."""
    after = tallies.get("attempts_counted")
    newer = Attempt.objects.filter(pk__gt=after)
    fresh = newer.filter(at__gt=now - SETTLED).aggregate(first=Min("pk"))["first"]
    rows = newer.filter(pk__lt=fresh) if fresh else newer
    columns = ("pk", "delivery__channel__platform", "event", "at", "delivery__due_at")
    found = list(rows.order_by("pk").values_list(*columns)[:PIECE])
    counts: Counter[tuple[str, str]] = Counter()
    for _, platform, event, at, due_at in found:
        counts[("attempts", f"{platform}:{event}")] += 1
        if event in RECONCILED:
            counts[("reconcile", RECONCILED[event])] += 1
        if event in {"published", "reconciled"}:
            counts.update(_lateness(max((at - due_at).total_seconds(), 0.0)))
    if found:
        counts[("attempts_counted", "")] = found[-1][0] - after
        tallies.add_all(counts)
    return len(found)


def _lateness(seconds: float) -> dict[tuple[str, str], int]:
    bucket = next((str(bound) for bound in BUCKETS if seconds <= bound), "+Inf")
    return {("lateness", bucket): 1, ("lateness_ms", ""): int(seconds * 1000)}


def walk_chains() -> None:
    """A piece of each chain. A walk that finds something begins anew, so one that reaches the end found nothing."""
    for chain, patrol in CHAINS.items():
        after = tallies.get("chain_walked", chain)
        wrong, seen = patrol(after, STRETCH)
        ended = wrong is not None or seen == after
        if ended:
            tallies.put("chain_broken", int(wrong is not None), chain)
        tallies.put("chain_walked", 0 if ended else seen, chain)
