"""Changing the tables while the version before still runs on them.

Whoever waits for a lock makes everybody behind him wait too. So a migration waits less than a second, gives way, and
comes again. An index is built beside those who write, waits for nobody's table, and takes its time; one that was
broken off is removed before it is built anew.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg2.errors
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as django_migrate
from django.db import OperationalError, connection

LOCK_WAIT = 0.8  # seconds; PostgreSQL breaks a deadlock after one, and it is we who give way
TRIES = 60
PAUSE = 0.5
BROKEN_OFF = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid AND NOT indisprimary"


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
            call_command(Migrate(), interactive=False, verbosity=verbosity)
            return
        except OperationalError as problem:
            if not isinstance(problem.__cause__, psycopg2.errors.LockNotAvailable):
                raise
        finally:
            wait_for_locks(0)
        time.sleep(PAUSE)
    raise CommandError("Something holds a table that must change. Nothing is half done; find it, then try again.")


def wait_for_locks(seconds: float) -> None:
    """How long this connection waits for a lock; 0 is however long it takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])


def drop_broken_off() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BROKEN_OFF)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
