"""The hot questions of the desk find their rows by an index: none walks through a whole large table.

What is asked is what the pages and loops really ask, listened to and explained; nothing is copied here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import audit, clock
from channels_app.models import Delivery
from channels_app.publishing import publisher, reconcile, rounds, sweep
from channels_app.publishing.claim import claim
from config.bench import conversations, inbox, keeping, planning, town
from config.bench.asking import Statement, heard
from config.bench.town import Desk
from engagement import intake, nudges, rechecking
from engagement.models import Conversation
from policy import records
from policy.records import Wanted
from tests.conftest import as_owner

LARGE = {
    "engagement_conversation",
    "engagement_message",
    "engagement_messageversion",
    "engagement_clockevent",
    "engagement_conversation_labels",
    "calendar_app_post",
    "calendar_app_placement",
    "calendar_app_release",
    "channels_app_delivery",
    "policy_approval",
    "policy_record",
    "accounts_notification",
    "accounts_auditentry",
    "accounts_auditseal",
    "policy_recordseal",
}
MANY = 20_000
ACTS = """
INSERT INTO accounts_auditentry (at, actor_words, act, kind, ref, subject, data)
SELECT %(now)s, 'Officer 0', 'labelled', 'conversation', key::text, '', '{"became": ["Roads"]}'
  FROM engagement_conversation
"""
SEALED = """
INSERT INTO accounts_auditseal (entry_id, seq, prev, hash)
SELECT id, id, '', '' FROM accounts_auditentry WHERE id < (SELECT max(id) FROM accounts_auditentry) - 300
"""
KEPT = """
INSERT INTO policy_recordseal (record_id, seq, prev, hash)
SELECT id, id, '', '' FROM policy_record WHERE id < (SELECT max(id) FROM policy_record) - 300
"""
NOTICES = """
INSERT INTO accounts_notification (user_id, at, event, words, url, once, read_at)
SELECT u.id, %(now)s - g * interval '1 minute', 'note', 'Notice ' || g, '', '', CASE WHEN g > 9 THEN %(now)s END
  FROM accounts_user u CROSS JOIN generate_series(1, 3000) g
"""


@dataclass(frozen=True)
class Big:
    """A desk with tens of thousands of everything."""

    desk: Desk
    client: Client
    now: datetime


@pytest.fixture
def big(transactional_db: str, settings: Any, tmp_path: Path) -> Big:
    settings.PARLEY_INSTANCE_FILE = str(tmp_path / "instance.json")
    now = clock.now()
    desk = town.found(10, now)
    conversations.seed(desk, MANY, now, 1_000, timedelta(minutes=30))
    conversations.seed_messages(1)
    planning.seed(desk, MANY, now - timedelta(days=20), now + timedelta(days=20), now, 60)
    keeping.seed(MANY, now)
    with connection.cursor() as cursor:
        for statement in (NOTICES, ACTS, SEALED, KEPT):
            cursor.execute(statement, {"now": now})
    with as_owner(), connection.cursor() as cursor:
        for table in sorted(LARGE):
            cursor.execute(f"VACUUM ANALYZE {table}")
    client = Client()
    client.force_login(desk.everywhere)
    return Big(desk, client, now)


def walks(statement: Statement) -> list[str]:
    """The large tables that this statement reads from end to end."""
    sql, params = statement
    if not sql.lstrip("( \n").upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    found: list[str] = []
    nodes = [entry["Plan"] for entry in (json.loads(plan) if isinstance(plan, str) else plan)]
    while nodes:
        node: dict[str, Any] = nodes.pop()
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE:
            found.append(f"{node['Relation Name']} in {sql.strip()[:300]}")
        nodes += node.get("Plans", [])
    return found


def asked(job: Callable[[], object]) -> list[str]:
    """What the statements of one job walk through."""
    with heard() as said:
        job()
    assert said
    return [table for statement in said for table in walks(statement)]


def test_no_hot_question_reads_a_large_table_from_end_to_end(big: Big):
    now, me = big.now, publisher.Publisher(str(rounds.instance.check(big.now).epoch))
    cursor = intake.Cursor.objects.create(channel=big.desk.channels[0], stream="mentions", next_poll_at=now)
    long = Conversation.objects.filter(state="open").latest("id")
    pages = [*inbox.paths(big.desk), reverse("inbox:conversation", args=[long.key]), reverse("calendar:month")]
    pages += ["/", "/notifications/", "/sign-off/", "/search/?q=bins", "/working/"]
    jobs: dict[str, Callable[[], object]] = {path: lambda path=path: big.client.get(path) for path in pages}
    jobs |= {
        "claim": lambda: claim(me, now),
        "sweep": lambda: sweep.sweep(now),
        "next": lambda: rounds.next_moment(now),
        "settle": lambda: reconcile.take(now),
        "poll": lambda: (intake.due(now), intake.claim(cursor.pk, now)),
        "recheck": lambda: rechecking.due(now),
        "nudge": lambda: nudges.due(now),
        "records": lambda: [records.find(one) for one in (Wanted(), Wanted(words="@resident77"), Wanted(kind="act"))],
        "seal": lambda: (audit.seal(whole=False), records.seal(whole=False)),
    }
    walked = {name: found for name, job in jobs.items() if (found := asked(job))}
    assert walked == {}, "\n".join(f"{name}: {found[0]}" for name, found in walked.items())
    # Where no index helps, the walk is seen: what is said above could have been otherwise.
    assert asked(lambda: list(Conversation.objects.filter(excerpt="x"))) != []
    assert asked(lambda: Delivery.objects.filter(remote_url="x").count()) != []
