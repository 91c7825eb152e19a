"""For monitors: whether this process answers, and whether it could serve a page. Neither says anything else."""

from __future__ import annotations

import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
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
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def can_write_media() -> bool:
    folder = settings.MEDIA_ROOT
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)
