"""Changing the tables while the version before still runs on them.

Whoever waits for a lock makes everybody behind him wait too. So a migration waits less than a second, gives way, and
comes again; and it takes no lock before all its statements are worked out. An index is built beside those who write,
waits for nobody's table, and takes its time; one that was broken off is removed before it is built anew.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.errors
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as django_migrate
from django.db import OperationalError, connection
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from config.rendering import sparing

LOCK_WAIT = 0.8  # seconds; PostgreSQL breaks a deadlock after one, and it is we who give way
TRIES = 60
PAUSE = 0.5
BROKEN_OFF = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid AND NOT indisprimary"


class AllAtOnce(DatabaseSchemaEditor):
    """Gathers the statements of a migration and runs them together: milliseconds, where they stand close.

    Between two of them Django makes the models of the next state, for tens of milliseconds each time, and all the
    while the tables changed so far would be closed to everybody.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._waiting: list[tuple[str, Any]] = []
        self._gathers = self.atomic_migration

    def execute(self, sql: Any, params: Any = ()) -> None:
        if self._gathers:
            self._waiting.append((str(sql), params))
        else:
            super().execute(sql, params)

    def __enter__(self) -> AllAtOnce:
        super().__enter__()
        self._watch = self.connection.execute_wrapper(self._before)
        self._watch.__enter__()
        return self

    def __exit__(self, kind: Any, problem: Any, trace: Any) -> None:
        self._gathers = False
        try:
            if kind is None:
                self._run()
                self._run_deferred()
        except BaseException:
            super().__exit__(*sys.exc_info())  # Django's own would leave the transaction open
            raise
        else:
            super().__exit__(kind, problem, trace)
        finally:
            self._watch.__exit__(None, None, None)

    def _before(self, execute: Callable[..., Any], *words: Any) -> Any:
        """Whatever else is asked of the database must find it as the statements so far leave it."""
        self._run()
        return execute(*words)

    def _run(self) -> None:
        waiting, self._waiting = self._waiting, []
        for sql, params in waiting:
            super().execute(sql, params)

    def _run_deferred(self) -> None:
        deferred, self.deferred_sql = self.deferred_sql, []
        for sql in deferred:
            super().execute(sql, None)


class Migrate(django_migrate.Command):
    """Django's own, with a limit on waiting for each migration that holds what it has locked."""

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_start":
            wait_for_locks(LOCK_WAIT if migration.atomic else 0)
        super().migration_progress_callback(action, migration, fake)


def migrate(verbosity: int) -> None:
    """Every migration that is missing. CommandError when somebody holds a table for too long; those done stay done."""
    for _ in range(TRIES):
        drop_broken_off()
        try:
            with gathering(), sparing():
                call_command(Migrate(), interactive=False, verbosity=verbosity)
            return
        except OperationalError as problem:
            if not isinstance(problem.__cause__, psycopg2.errors.LockNotAvailable):
                raise
        finally:
            wait_for_locks(0)
        time.sleep(PAUSE)
    raise CommandError("Something holds a table that must change. Nothing is half done; find it, then try again.")


@contextmanager
def gathering() -> Iterator[None]:
    """Migrations run their statements all at once."""
    known = connection.SchemaEditorClass
    connection.SchemaEditorClass = AllAtOnce
    try:
        yield
    finally:
        connection.SchemaEditorClass = known


def wait_for_locks(seconds: float) -> None:
    """How long this connection waits for a lock; 0 is however long it takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])


def drop_broken_off() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BROKEN_OFF)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
