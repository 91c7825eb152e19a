"""A new version's tables come under the feet of the old version's workers, and none of them stumbles."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from config import embedded, health, upgrading
from tests.faults import cluster, released
from tests.faults.cluster import Servers
from tests.faults.workers import ended, fork, until

WORKERS = 2
PATIENCE = upgrading.LOCK_WAIT + 1  # a lock's wait, and what a busy machine adds
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@dataclass
class Old:
    """Servers of these tests' own, in the released state, and the models of that state."""

    servers: Servers
    apps: Apps


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Old]:
    """The released tables, made once to be copied."""
    with django_db_blocker.unblock(), cluster.running(tmp_path_factory.mktemp("old")) as servers:
        with cluster.database_at(servers.environment["MIGRATE_DATABASE_URL"]):
            apps = released.make_tables()
        maintain(servers, f"ALTER DATABASE {embedded.DATABASE} RENAME TO released")
        yield Old(servers, apps)


@pytest.fixture
def old(made: Old, django_db_blocker: DjangoDbBlocker) -> Iterator[Servers]:
    maintain(made.servers, f"DROP DATABASE IF EXISTS {embedded.DATABASE} WITH (FORCE)")
    maintain(made.servers, f"CREATE DATABASE {embedded.DATABASE} TEMPLATE released OWNER migrate")
    with django_db_blocker.unblock(), cluster.pointing_at(made.servers):
        yield made.servers


def maintain(servers: Servers, sql: str) -> None:
    maintenance = psycopg2.connect(servers.where.database_url("postgres", "postgres"))
    maintenance.autocommit = True
    with closing(maintenance), maintenance.cursor() as cursor:
        cursor.execute(sql)


def prepare(servers: Servers) -> None:
    with cluster.database_at(servers.environment["MIGRATE_DATABASE_URL"]):
        call_command("prepare", verbosity=0)


def told(path: Path) -> tuple[int, float]:
    """How many rounds an old worker has finished, and its slowest statement."""
    lines = path.read_text().splitlines() if path.exists() else []
    return (int(lines[-1].split()[0]), float(lines[-1].split()[1])) if lines else (0, 0.0)


def test_old_workers_go_on_before_during_and_after(old: Servers, made: Old, tmp_path: Path, record_property: Any):
    assert not health.is_migrated()
    files = [tmp_path / f"worker {n}" for n in range(WORKERS)]
    pids = [fork(lambda file=file: released.until_told(made.apps, str(file))) for file in files]
    try:
        until(lambda: all(told(file)[0] >= 5 for file in files))
        before = [told(file)[0] for file in files]
        began = time.monotonic()
        prepare(old)
        took = time.monotonic() - began
        during = [told(file)[0] for file in files]
        until(lambda: all(told(file)[0] >= rounds + 5 for file, rounds in zip(files, during, strict=True)))
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        ends = [ended(pid) for pid in pids]
    slowest = max(told(file)[1] for file in files)
    assert ends == [0] * WORKERS
    assert health.is_migrated()
    assert during > before
    assert slowest < PATIENCE
    words = f"migrated in {took:.1f} s; old workers' rounds {before} before, {during} after; slowest {slowest:.2f} s"
    record_property("upgrade", words)


def test_a_migration_gives_way_to_whoever_holds_a_table_until_it_is_free(old: Servers, monkeypatch: pytest.MonkeyPatch):
    """Someone reads a table in a transaction for longer than anybody should: others must not queue behind us.

    What never becomes free is told in a sentence; what was done by then is whole, and the next try goes on from there.
    """
    holder = psycopg2.connect(old.environment["DATABASE_URL"])
    holder.cursor().execute("SELECT count(*) FROM channels_app_delivery")
    with monkeypatch.context() as patch:
        for name, value in (("LOCK_WAIT", 0.1), ("TRIES", 2), ("PAUSE", 0.1)):
            patch.setattr(upgrading, name, value)
        with pytest.raises(upgrading.CommandError, match="Something holds a table that must change"):
            prepare(old)
    assert not health.is_migrated()
    pid = fork(lambda: prepare(old))
    until(lambda: one(WAITING) == 1)
    began = time.monotonic()
    assert one("SELECT count(*) FROM channels_app_delivery") == 0  # waits behind the migration until it gives way
    assert time.monotonic() - began < PATIENCE
    holder.close()
    assert ended(pid) == 0
    assert health.is_migrated()


def test_an_index_that_was_broken_off_is_built_anew(old: Servers):
    with cluster.database_at(old.environment["MIGRATE_DATABASE_URL"]), connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_scope (kind, name) VALUES ('channel', 'a'), ('channel', 'a')")
        with pytest.raises(Exception, match="could not create unique index"):
            cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY broken_off ON accounts_scope (name)")
        upgrading.drop_broken_off()
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = 'broken_off'")
        assert cursor.fetchone()[0] == 0


def test_the_released_state_is_the_one_named(old: Servers, made: Old):
    leaves = dict(released.targets(MigrationExecutor(connection)))
    assert {app: leaves[app] for app in released.RELEASED} == released.RELEASED
    assert "backuprun" not in {model._meta.model_name for model in made.apps.get_models()}


def one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
