"""Bringing a backup back: into an empty database, or in place of what is there. It ends with publishing off.

Everything is checked before anything is touched, and the rows come in one transaction: a restore that breaks off
leaves the database as it was. In that same transaction the installation is marked as restored, so that no publisher,
not even one still running, sends a thing before a person has looked (see `channels_app/publishing/instance.py`).
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from accounts import clock, keyring
from channels_app import vault
from channels_app.models import Credential, Instance
from channels_app.publishing import instance
from channels_app.publishing.asking import being_looked_for
from config import env
from config.backups import making
from config.backups import manifest as listing
from config.backups.manifest import DUMP, MEDIA, Manifest
from config.backups.tools import BackupProblem, environment, last_words, program, server_version
from config.health import known_migrations

CLEAR = """
SET client_min_messages = warning;
SET lock_timeout = '10s';
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT c.oid::regclass AS name, CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                      WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
               FROM pg_class c
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
                AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i', 'a'))
  LOOP EXECUTE format('DROP %s IF EXISTS %s CASCADE', one.kind, one.name); END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
              WHERE p.pronamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', one.name); END LOOP;
END $$;
"""
# In the transaction that brings the rows: from its first moment on nobody may publish (`instance.AWAY`). A backup of an
# installation that stood still then is taken off anew: somebody may have resumed it since.
MARK = "UPDATE public.channels_app_instance SET host = 'restored', publishing = false, restored = false;"
LETTING_GO = 5.0  # seconds
OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
"""


class Done(NamedTuple):
    """`asked`: how many posts are being looked for. `opened` of `tokens` open with the key ring that is here."""

    asked: int
    tokens: int
    opened: int


@contextmanager
def as_owner() -> Iterator[None]:
    """The connection as the role that owns the tables, where that is another one."""
    before = dict(connection.settings_dict)
    if settings.MIGRATE_DATABASE_URL:
        connection.close()
        connection.settings_dict.update(env.database(settings.MIGRATE_DATABASE_URL))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def check(folder: Path, replace: bool) -> Manifest:
    """The backup's manifest, after everything that would stand against bringing it back has been looked for."""
    manifest = listing.verify(folder)
    fits(manifest)
    if making.tables():
        may_be_replaced(replace)
    for name in ("psql", "pg_restore"):
        program(name)
    return manifest


def fits(manifest: Manifest) -> None:
    """This Parley, its key ring and its database server can take this backup."""
    try:
        keyring.newest()
    except ImproperlyConfigured as problem:
        where = f"Put the key ring that was kept apart at {making.ring()} first"
        raise BackupProblem(f"{problem} {where}; nothing was changed.") from problem
    newer = {(app, name) for app, name in manifest.migrations} - known_migrations()
    if newer:
        raise BackupProblem(f"This backup was made by a newer Parley ({manifest.parley}); install that one first.")
    if int(manifest.postgres) > int(server_version()):
        wanted = f"PostgreSQL {manifest.postgres}"
        raise BackupProblem(f"This backup was made on {wanted}, and this is {server_version()}: it goes into {wanted}.")


def may_be_replaced(replace: bool) -> None:
    if not replace:
        where = connection.settings_dict["NAME"]
        raise BackupProblem(
            f"The database {where} is not empty, and nothing was changed. To put the backup in the place of everything "
            "that is in it, say --replace."
        )
    left = patiently()
    if left:
        raise BackupProblem(f"{left} other programs use this database. Stop Parley first; nothing was changed.")


def patiently() -> int:
    """How many others use the database, after a moment for those that were just stopped to let go of it."""
    ends = time.monotonic() + LETTING_GO
    while (left := others()) and time.monotonic() < ends:
        time.sleep(0.2)
    return left


def others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return int(cursor.fetchone()[0])


def opens(manifest: Manifest) -> bool:
    """Whether the key ring that is here is the one this backup's tokens were sealed with."""
    try:
        return keyring.open_(manifest.key_check, making.KEY_CONTEXT) == making.KEY_CHECK
    except (keyring.CannotOpen, ImproperlyConfigured):
        return False


def restore(folder: Path, manifest: Manifest) -> Done:
    """Pictures, rows, this version's tables, and publishing off. `manifest` is what `check` gave."""
    restore_media(folder, manifest)
    restore_rows(folder)
    different = {table for table, count in making.counts().items() if manifest.counts.get(table, 0) != count}
    if different:
        raise BackupProblem(f"The counts differ in {', '.join(sorted(different))}. Publishing is off; ask for help.")
    call_command("prepare", verbosity=0)
    asked = stand_still(clock.now())
    tokens, opened = tokens_that_open()
    return Done(asked, tokens, opened)


def restore_media(folder: Path, manifest: Manifest) -> None:
    """Each picture's file, unless it is there already. One under its name that differs is damaged, and replaced."""
    for name, said in manifest.media.items():
        to = listing.safe(settings.MEDIA_ROOT, name)
        if to.is_file() and listing.fingerprint(to) == said:
            continue
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = to.with_name(f".{to.name}{making.PART}")
        part.write_bytes((folder / MEDIA / name).read_bytes())
        part.chmod(0o600)
        part.replace(to)


def restore_rows(folder: Path) -> None:
    """Everything in one transaction: what is there goes, the backup comes, and it is marked as restored."""
    connection.close()
    words = [program("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction"]
    words += ["--set=ON_ERROR_STOP=1", "--output", os.devnull, "--file=-"]
    read = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(folder / DUMP)]
    connection.close()
    where = environment()
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=where) as psql:
        assert psql.stdin
        assert psql.stderr
        problem = b""
        try:
            tell(psql, CLEAR)
            done = subprocess.run(read, stdout=psql.stdin, stderr=subprocess.PIPE, check=False, env=where)
            if done.returncode:
                problem = done.stderr
                psql.kill()  # before it hears the end, which it would take for the signal to commit
            else:
                tell(psql, MARK)
            psql.stdin.close()
        except BrokenPipeError:
            pass  # it stopped at an error, which it tells
        said = psql.stderr.read()
    if psql.returncode:
        why = last_words(problem or said)
        raise BackupProblem(f"The backup could not be brought back, and the database is as it was: {why}")


def tell(psql: subprocess.Popen[bytes], sql: str) -> None:
    assert psql.stdin
    psql.stdin.write(sql.encode())
    psql.stdin.flush()


def stand_still(now: datetime) -> int:
    """Publishing off until a person resumes, as in every restored database; how many posts are asked about."""
    instance.check(now)
    row = Instance.objects.get()
    if row.publishing or not row.restored:
        raise BackupProblem("The rows are back, but publishing could not be switched off. Do not start Parley.")
    return being_looked_for()


def tokens_that_open() -> tuple[int, int]:
    """How many of the channels' secrets there are, and how many of them this key ring opens."""
    opened = 0
    secrets = list(Credential.objects.select_related("channel"))
    for row in secrets:
        try:
            vault.open_(row.channel.key, row.field, row.sealed)
        except (keyring.CannotOpen, ImproperlyConfigured):
            continue
        opened += 1
    return len(secrets), opened
