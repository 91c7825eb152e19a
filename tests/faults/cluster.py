"""A PostgreSQL and a Valkey of one test's own, to be crashed, frozen, emptied and started again.

`servers` (a fixture) starts both once, and gives each test a fresh migrated database with the roles of every other
one: `migrate` owns it, and Django meets it as `app`. For the length of the test Django's connection, its settings and
the environment of children point at it, and afterwards back at what they pointed at before. A crash loses nothing that
was committed: unlike the run's shared database this one writes its log before it says that something is committed.

Servers are started from the main thread only: they end with the thread that started them.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker
from redis import Redis
from redis.exceptions import RedisError

from config import embedded, env
from config.celery import app
from tests.faults.workers import until

PRISTINE = "pristine"
# What a killed server loses without a sync is only what the operating system loses too, and that stays up.
QUICK = {"fsync": "off", "full_page_writes": "off", "max_connections": "400"}


class Servers:
    """Both servers of one folder. Each method returns when what it says has happened."""

    def __init__(self, home: Path) -> None:
        self.where = embedded.place(home)
        self.log = home / "servers.log"
        self.environment = self.where.environment()
        self.postgres: subprocess.Popen[bytes] | None = None
        self.valkey: subprocess.Popen[bytes] | None = None

    def start_postgres(self) -> None:
        """Start it, and wait until it has recovered from whatever ended it."""
        program = embedded.postgres(self.where)
        quick = [part for name, value in QUICK.items() for part in ("-c", f"{name}={value}")]
        self.postgres = process = self._start(embedded.Program([*program.words, *quick], program.options))
        embedded.wait_until_open(self.where, lambda: process.poll() is None)

    def crash_postgres(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does: every session is cut, and nothing is tidied up."""
        assert self.postgres is not None
        self.postgres.send_signal(signal.SIGQUIT)
        self.postgres.wait(timeout=30)

    def crash_and_restart_postgres(self) -> None:
        self.crash_postgres()
        self.start_postgres()

    def is_open(self) -> bool:
        """Whether somebody new may come in, which takes a moment after a start."""
        try:
            psycopg2.connect(self.environment["DATABASE_URL"]).close()
        except psycopg2.OperationalError:
            return False
        return True

    def start_valkey(self) -> None:
        """Start it, empty, and wait until it answers."""
        self.valkey = self._start(embedded.valkey(self.where, fast=True))
        until(self.valkey_answers)

    def kill_valkey(self) -> None:
        assert self.valkey is not None
        self.valkey.kill()
        self.valkey.wait(timeout=30)

    def freeze_valkey(self) -> None:
        """It keeps its lines open and answers nothing."""
        assert self.valkey is not None
        self.valkey.send_signal(signal.SIGSTOP)

    def thaw_valkey(self) -> None:
        assert self.valkey is not None
        self.valkey.send_signal(signal.SIGCONT)

    def flush_valkey(self) -> None:
        """Every message, delivered or not, is gone."""
        with closing(self._redis()) as redis:
            redis.flushall()

    def valkey_answers(self) -> bool:
        try:
            with closing(self._redis()) as redis:
                return bool(redis.ping())
        except RedisError:
            return False

    def mend(self) -> None:
        """Start or thaw whatever a test left in ruins."""
        if self.postgres is None or self.postgres.poll() is not None:
            self.start_postgres()
        if self.valkey is None or self.valkey.poll() is not None:
            self.start_valkey()
        self.thaw_valkey()

    def stop(self) -> None:
        """Both, however they are."""
        for process, word in ((self.postgres, signal.SIGQUIT), (self.valkey, signal.SIGKILL)):
            if process is not None and process.poll() is None:
                process.send_signal(word)
                process.wait(timeout=30)

    def _redis(self) -> Redis:
        return Redis.from_url(self.environment["REDIS_URL"], socket_timeout=2, socket_connect_timeout=2)

    def _start(self, program: embedded.Program) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(program.words, stdout=log, stderr=log, start_new_session=True, **program.options)


@contextmanager
def running(home: Path) -> Iterator[Servers]:
    """Both servers with an empty database; Django does not know of them yet."""
    servers = Servers(home)
    try:
        servers.start_postgres()
        servers.start_valkey()
        embedded.make_database(servers.where)
        yield servers
    finally:
        servers.stop()


@contextmanager
def database_at(url: str) -> Iterator[None]:
    """Django's connections lead there; those that were open are closed, before and after."""
    here: dict[str, Any] = connection.settings_dict
    there = env.database(url)
    before = {name: here[name] for name in there}
    connections.close_all()
    here.update(there)
    try:
        yield
    finally:
        connections.close_all()
        here.update(before)


@contextmanager
def pointing_at(servers: Servers) -> Iterator[None]:
    """Django, its broker and every child started from here meet these servers instead of the run's."""
    with pytest.MonkeyPatch.context() as patch, database_at(servers.environment["DATABASE_URL"]):
        for name, value in servers.environment.items():
            patch.setitem(os.environ, name, value)
        for name in ("REDIS_URL", "MIGRATE_DATABASE_URL"):
            patch.setattr(settings, name, servers.environment[name])
        broker = app.conf.broker_url
        app.conf.broker_url = servers.environment["REDIS_URL"].replace("unix://", "redis+socket://")
        try:
            yield
        finally:
            app.conf.broker_url = broker


def migrate(servers: Servers) -> None:
    """Make the tables, as the role that owns them, or copy them from where this run has made them."""
    if made := os.environ.get("PARLEY_TABLES"):
        binaries = embedded.postgres_binaries()
        dump = [str(binaries / "pg_dump"), "--no-comments", made]
        load = [str(binaries / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", servers.environment["MIGRATE_DATABASE_URL"]]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
            subprocess.run(load, stdin=dumping.stdout, stdout=subprocess.DEVNULL, check=True)
        assert dumping.returncode == 0
        return
    with database_at(servers.environment["MIGRATE_DATABASE_URL"]):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)


def make_afresh(servers: Servers) -> None:
    """Replace the database by a copy of the migrated one, and forget every message."""
    maintenance = psycopg2.connect(servers.where.database_url("postgres", "postgres"))
    maintenance.autocommit = True
    with closing(maintenance), maintenance.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {embedded.DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {embedded.DATABASE} TEMPLATE {PRISTINE} OWNER migrate")
    servers.flush_valkey()


@pytest.fixture(scope="session")
def started_servers(
    tmp_path_factory: pytest.TempPathFactory, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Servers]:
    """Both servers, with a migrated database to copy from."""
    with running(tmp_path_factory.mktemp("servers")) as found:
        with django_db_blocker.unblock():
            migrate(found)
        maintenance = psycopg2.connect(found.where.database_url("postgres", "postgres"))
        maintenance.autocommit = True
        with closing(maintenance), maintenance.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {embedded.DATABASE} RENAME TO {PRISTINE}")
        yield found


@pytest.fixture
def servers(started_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Servers]:
    """A migrated database and a broker of this test's own, with Django pointing at them."""
    started_servers.mend()
    make_afresh(started_servers)
    with django_db_blocker.unblock(), pointing_at(started_servers):
        yield started_servers
