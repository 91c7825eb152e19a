"""The one clock. Views and workers read it once and pass `now` down; domain code never asks the time."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The database's wall clock, aware, in UTC: the same for every process that shares the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]
