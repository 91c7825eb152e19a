"""Making a backup: the database and the pictures in one folder, which gets its name only when it is whole.

What is counted and what is dumped are one snapshot. The key ring is never in it: whoever finds a backup must not find
with it what opens the channels' tokens. Sessions and counters stay out: nobody is signed in after a restore.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg2 import sql

from accounts import keyring
from accounts.models import AuditSeal
from channels_app.models import Attempt
from channels_app.publishing.stopping import locked
from config.backups import manifest as listing
from config.backups.manifest import DUMP, MEDIA, Manifest
from config.backups.tools import BackupProblem, environment, last_words, program, server_version
from policy.models import RecordSeal

PREFIX = "parley-"
STAMP = f"{PREFIX}%Y%m%dT%H%M%SZ"
PART = ".part"
LEFT_OUT = ("cache_rows", "django_session", "usersessions_usersession")
KEY_CHECK = "opens backups"
KEY_CONTEXT = "v1|backup|key check"


def make(to: Path, now: datetime, keep: int = 0) -> tuple[Path, Manifest]:
    """A new backup below `to`, and its manifest; with `keep`, older ones beyond that number are removed."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(to):
        clear_unfinished(to)
        done = to / now.strftime(STAMP)
        if done.exists():
            raise BackupProblem(f"{done} is there already; wait a second.")
        part = to / f".{done.name}{PART}"
        (part / MEDIA).mkdir(mode=0o700, parents=True)
        with snapshot() as name:
            manifest = describe(now)
            dump(part / DUMP, name)
        manifest.files = {DUMP: listing.fingerprint(part / DUMP), **copy_media(part / MEDIA, newest(to))}
        listing.write(manifest, part)
        sync(part)
        part.rename(done)
        if keep:
            forget(to, keep)
    return done, manifest


@contextmanager
def alone(to: Path) -> Iterator[None]:
    """One backup at a time in a folder."""
    descriptor = os.open(to / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BackupProblem(f"Another backup into {to} is under way.") from error
    finally:
        os.close(descriptor)


def clear_unfinished(to: Path) -> None:
    for left in to.glob(f".{PREFIX}*{PART}"):
        shutil.rmtree(left)


@contextmanager
def snapshot() -> Iterator[str]:
    """One moment of the database, for this connection and, by its name, for pg_dump."""
    with transaction.atomic():
        locked()  # the row a restore marks as restored is in every backup
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def describe(now: datetime) -> Manifest:
    """Everything a restore is held against, read in the snapshot."""
    applied = sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())
    return Manifest(
        parley=settings.VERSION,
        at=now.isoformat(),
        postgres=server_version(),
        epoch=epoch(),
        highest_attempt=Attempt.objects.order_by("-id").values_list("id", flat=True).first() or 0,
        heads={"audit": head(AuditSeal), "record": head(RecordSeal)},
        migrations=applied,
        counts=counts(),
        left_out=list(LEFT_OUT),
        key_check=key_check(),
    )


def epoch() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT epoch FROM channels_app_instance")
        return str(cursor.fetchone()[0])


def head(seals: type[AuditSeal] | type[RecordSeal]) -> dict[str, Any]:
    """The last seal of a chain: kept outside, it shows when the chain's end was cut off."""
    last = seals._default_manager.order_by("-seq").values("seq", "hash").first()
    return dict(last) if last else {"seq": 0, "hash": ""}


def counts() -> dict[str, int]:
    """Rows of every table whose rows are in the backup."""
    found = {}
    for table in tables():
        if table not in LEFT_OUT:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
                found[table] = cursor.fetchone()[0]
    return found


def tables() -> list[str]:
    """Every table there is: none in an empty database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def key_check() -> str:
    """Known words under the newest key, so that a restore can say beforehand whether its key ring is the right one."""
    try:
        return keyring.seal(KEY_CHECK, KEY_CONTEXT)
    except ImproperlyConfigured:
        return ""


def dump(path: Path, name: str) -> None:
    words = [program("pg_dump"), "--format=custom", "--no-password", f"--snapshot={name}", f"--file={path}"]
    words += [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
    done = subprocess.run(words, capture_output=True, check=False, env=environment())
    if done.returncode:
        raise BackupProblem(f"The database could not be read: {last_words(done.stderr)}.")


def copy_media(to: Path, before: Path | None) -> dict[str, dict[str, Any]]:
    """Every picture's file. What the backup before has already is linked from there: a file is never changed.

    Files are read after the database, so that every picture it names is there; one removed meanwhile is left out.
    """
    known = listing.read(before).media if before else {}
    found = {}
    for path in sorted(settings.MEDIA_ROOT.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != ".upload":  # those are still coming in
            name = path.relative_to(settings.MEDIA_ROOT).as_posix()
            if one := copy_one(path, to / name, before / MEDIA / name if before else None, known.get(name)):
                found[f"{MEDIA}/{name}"] = one
    return found


def copy_one(path: Path, to: Path, before: Path | None, known: dict[str, Any] | None) -> dict[str, Any] | None:
    """A second place on the disk is never shared with the live file, which something may still damage."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if known and before and alike(path, before):
            os.link(before, to)
            return known
        shutil.copy2(path, to)
    except FileNotFoundError:
        return None
    return listing.fingerprint(to)


def alike(one: Path, other: Path) -> bool:
    """The same size and, as a copy keeps it, the same time of writing."""
    here, there = one.stat(), other.stat()
    return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)


def sync(folder: Path) -> None:
    """On the disk before it has its name."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def backups(to: Path) -> list[Path]:
    """Whole ones, oldest first."""
    return sorted(path for path in to.glob(f"{PREFIX}*") if (path / listing.NAME).is_file())


def newest(to: Path) -> Path | None:
    return next(reversed(backups(to)), None)


def forget(to: Path, keep: int) -> None:
    """Remove the oldest beyond this many; each loses its name first, so that none is met half removed."""
    for old in backups(to)[:-keep]:
        gone = old.rename(to / f".{old.name}{PART}")
        shutil.rmtree(gone)


def keep_keys(to: Path, backups: Path, now: datetime) -> Path:
    """A copy of the key ring, in a place that is neither the backups' nor inside it nor around it."""
    keys, data = to.resolve(), backups.resolve()
    if keys == data or keys in data.parents or data in keys.parents:
        raise BackupProblem("The key ring must not lie with the backups: give --keys-to a folder apart from --to.")
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = keys / now.strftime("keyring-%Y%m%dT%H%M%SZ")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(ring().read_bytes())
    return path


def ring() -> Path:
    return Path(settings.PARLEY_KEYRING)
