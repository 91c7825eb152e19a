"""The tables as they were released, made by this project's own migrations, and workers that know no others."""

from __future__ import annotations

import itertools
import os
import signal
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from tests.factories import NOON
from tests.filled import facts, in_order

# The last migration of each of our apps in 0.1.0. Every other app stands as it does now.
RELEASED = {
    "accounts": "0004_words_can_be_searched_by_parts",
    "calendar_app": "0003_posts_can_be_searched",
    "channels_app": "0002_attempts_are_append_only",
    "engagement": "0003_messages_can_be_searched",
    "metrics": "0002_readings_are_append_only",
    "policy": "0003_record_bodies_leave_by_disposal",
}
ONE_ROW = {"accounts.town", "channels_app.instance"}
ADDED_ONLY = {
    "accounts.auditentry", "accounts.auditseal", "calendar_app.postversion", "channels_app.attempt",
    "engagement.clockevent", "engagement.messageversion", "metrics.reading", "policy.record", "policy.recordseal",
    "policy.recordbody",
}  # fmt: skip
# What a row must say besides, for the database to take it.
SPECIAL: dict[str, dict[str, Any]] = {
    "channels_app.channel": {"state": "ok"},
    "channels_app.delivery": {"next_action_at": NOON},
    "engagement.message": {"ours": True},
}
# How 0.1.0 claims a delivery: the columns it knows, word for word.
CLAIM = """
WITH due AS (
  SELECT d.id
    FROM channels_app_delivery d
    JOIN channels_app_channel c ON c.id = d.channel_id
    LEFT JOIN channels_app_delivery f ON f.id = d.follows_id
   WHERE d.state IN ('scheduled', 'retry_wait')
     AND d.next_action_at <= clock_timestamp()
     AND c.state = 'ok'
     AND (c.next_send_at IS NULL OR c.next_send_at <= clock_timestamp()
          OR (d.priority >= 100 AND c.next_send_why = 'pacing'))
     AND (d.follows_id IS NULL OR f.state = 'published')
     AND NOT EXISTS (SELECT 1 FROM channels_app_delivery o
                      WHERE o.channel_id = d.channel_id AND o.state IN ('claimed', 'preparing', 'sending'))
   ORDER BY d.priority DESC, d.next_action_at, d.id
   LIMIT 1
   FOR NO KEY UPDATE OF d, c SKIP LOCKED)
UPDATE channels_app_delivery t
   SET state = 'claimed', fence = t.fence + 1, lease_until = clock_timestamp() + interval '90 s', owner = 'old',
       why = '', why_words = ''
  FROM due WHERE t.id = due.id
RETURNING t.id, t.fence
"""


def targets(executor: MigrationExecutor) -> list[tuple[str, str]]:
    """The released state: where every app stands in it."""
    leaves = executor.loader.graph.leaf_nodes()
    return [(app, RELEASED.get(app, name)) for app, name in leaves]


def make_tables() -> Apps:
    """Migrate an empty database to the released state; returns the models of that time."""
    executor = MigrationExecutor(connection)
    wanted = targets(executor)
    state = executor.migrate(wanted)
    return state.apps


class OldWorker:
    """Writes and reads every table of the release by the release's own models, again and again."""

    def __init__(self, apps: Apps) -> None:
        ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in RELEASED]
        self.models = [model for model in in_order(ours) if model._meta.app_label in RELEASED]
        self.rounds = 0
        self.slowest = 0.0
        self._rows: dict[str, Any] = {}
        self._numbers = itertools.count(os.getpid() * 10**6)

    def work(self, told: Callable[[], bool], write: Callable[[str], object]) -> None:
        """Until told; each finished round and its slowest statement are written down."""
        while not told():
            self.round()
            write(f"{self.rounds} {self.slowest:.3f}\n")
            time.sleep(0.1)

    def round(self) -> None:
        """One of everything: made, read, changed; then a delivery is claimed and taken to its end."""
        for model in self.models:
            began = time.monotonic()
            with transaction.atomic():
                self._rows[model._meta.label_lower] = row = self._made(model)
                list(model._default_manager.filter(pk=row.pk))
                if model._meta.label_lower not in ADDED_ONLY:
                    row.save()
            self.slowest = max(self.slowest, time.monotonic() - began)
        self._publish()
        self.rounds += 1

    def _made(self, model: type[models.Model]) -> models.Model:
        label = model._meta.label_lower
        known = facts(model)
        if label in ONE_ROW:
            return model._default_manager.get_or_create(pk=1, defaults=known)[0]
        for field in model._meta.concrete_fields:
            if field.name in known:
                known[field.name] = self._fresh(field, known[field.name])
        return model._default_manager.create(**known | SPECIAL.get(label, {}))

    def _fresh(self, field: Any, value: Any) -> Any:
        """This round's row of what it points at; another word or number than in the round before."""
        if field.is_relation:
            return self._rows.get(field.related_model._meta.label_lower, value)
        if isinstance(field, models.BigIntegerField):
            return next(self._numbers)
        if isinstance(field, models.CharField) and not field.choices:
            return uuid.uuid4().hex[: field.max_length]
        return value

    def _publish(self) -> None:
        began = time.monotonic()
        delivery = next(model for model in self.models if model._meta.label_lower == "channels_app.delivery")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLAIM)
            pk, fence = cursor.fetchone()
        done = delivery._default_manager.filter(pk=pk, fence=fence, state="claimed").update(
            state="published", lease_until=None, remote_id=uuid.uuid4().hex, next_action_at=None
        )
        assert done == 1
        self.slowest = max(self.slowest, time.monotonic() - began)


def until_told(apps: Apps, path: str) -> None:
    """The job of a process: an old worker, until SIGTERM."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(1))
    with open(path, "w", buffering=1, encoding="utf-8") as file:
        OldWorker(apps).work(lambda: bool(told), file.write)
