"""For monitors: whether this process answers, and whether it could serve a page. Neither says anything else."""

from __future__ import annotations

import os
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, its tables are this version's, and media can be written."""
    wrong = not is_migrated() or not can_write_media()
    return HttpResponse("not ready\n" if wrong else "ok\n", status=503 if wrong else 200, content_type="text/plain")


def is_migrated() -> bool:
    try:
        return known_migrations() <= set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return False


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """What this version brings along, read from disk once."""
    return frozenset(MigrationLoader(None).disk_migrations)


def can_write_media() -> bool:
    folder = settings.MEDIA_ROOT
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)
