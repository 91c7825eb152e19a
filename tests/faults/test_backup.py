"""Backups that are whole or not there at all, and restores that refuse rather than harm."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from accounts import clock
from accounts.models import BackupRun, User, last_good_backup
from channels_app.models import Instance
from config import embedded, probe
from config.backups import making, tools
from config.backups import manifest as listing
from tests.factories import make_delivery, make_user
from tests.faults.cluster import Servers
from tests.faults.workers import until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(transactional_db: str, settings: Any, tmp_path: Path) -> Path:
    """A place for backups, and two files in the media folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PARLEY_INSTANCE_FILE = str(tmp_path / "instance.json")
    for name in ("pictures/a/one.jpg", "originals/b/two"):
        (settings.MEDIA_ROOT / name).parent.mkdir(parents=True)
        (settings.MEDIA_ROOT / name).write_text(name)
    return tmp_path / "backups"


@pytest.fixture
def backup(home: Path) -> Path:
    """One backup of a database with one person."""
    make_user("manager")
    call_command("backup", to=home)
    return making.backups(home)[-1]


@pytest.fixture
def target(servers: Servers, settings: Any, tmp_path: Path) -> Servers:
    """Another server's database, with somebody in it."""
    make_user("officer", name="Was Here")
    settings.MEDIA_ROOT = tmp_path / "other" / "media"
    return servers


def refused(folder: Path, **options: Any) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("restore", folder, **options)
    return str(refusal.value)


def rewrite(folder: Path, **changes: Any) -> None:
    """A manifest that says something else and is whole in itself."""
    facts = json.loads((folder / listing.NAME).read_text()) | changes
    facts.pop("checksum")
    (folder / listing.NAME).write_text(json.dumps(facts | {"checksum": listing.checksum(facts)}))


def at(moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups are named after the second they were begun in."""
    monkeypatch.setattr(making, "STAMP", f"parley-{moment}")


def test_it_goes_on_until_told_and_the_health_check_sees_it(home: Path, settings: Any):
    assert not probe.backup()
    environment = os.environ | {"PARLEY_MEDIA": str(settings.MEDIA_ROOT)}
    words = [sys.executable, "-m", "django", "backup", "--to", str(home), "--every", "1", "--keep", "2"]
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    until(lambda: BackupRun.objects.filter(ok=True).count() >= 3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert probe.backup()
    assert len(making.backups(home)) == 2
    BackupRun.objects.update(started_at=clock.now() - timedelta(hours=3))
    assert not probe.backup()


def test_what_did_not_change_is_not_copied_again_and_old_ones_go(home: Path, monkeypatch: pytest.MonkeyPatch):
    for moment in range(1, 5):
        at(moment, monkeypatch)
        call_command("backup", to=home, keep=2)
    assert [one.name for one in making.backups(home)] == ["parley-3", "parley-4"]
    older, newer = (one / "media/pictures/a/one.jpg" for one in making.backups(home))
    assert older.stat().st_ino == newer.stat().st_ino
    assert newer.read_text() == "pictures/a/one.jpg"
    assert {path.name for path in home.iterdir()} == {".lock", "parley-3", "parley-4"}


def test_a_live_file_that_is_damaged_later_leaves_the_backup_whole(backup: Path, settings: Any):
    (settings.MEDIA_ROOT / "originals/b/two").write_text("damaged")
    assert listing.verify(backup).media.keys() == {"pictures/a/one.jpg", "originals/b/two"}


def test_a_half_written_one_is_never_taken_for_one(home: Path, monkeypatch: pytest.MonkeyPatch):
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "sync", crash)
        with pytest.raises(KeyboardInterrupt):
            call_command("backup", to=home)
    assert making.backups(home) == []
    assert last_good_backup() is None
    call_command("backup", to=home)
    assert [path.name for path in home.iterdir() if path.name.endswith(making.PART)] == []
    assert len(making.backups(home)) == 1


def test_a_failed_one_says_why_and_is_remembered_as_failed(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedded, "postgres_binaries", lambda: home)
    monkeypatch.setattr(tools, "DEBIAN", home)
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(CommandError, match="pg_dump is not installed, and the database is PostgreSQL"):
        call_command("backup", to=home)
    run = BackupRun.objects.get()
    assert (run.ok, last_good_backup(), making.backups(home)) == (False, None, [])
    assert run.words.startswith("pg_dump is not installed")


def test_a_pg_dump_of_another_version_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    old = tmp_path / "old" / "pg_dump"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o700)
    monkeypatch.setattr(embedded, "postgres_binaries", lambda: old.parent)
    monkeypatch.setattr(tools, "DEBIAN", home)
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(CommandError, match=r"pg_dump 9 is installed, and the database is PostgreSQL \d+: install"):
        call_command("backup", to=home)


@pytest.mark.parametrize("keys", [".", "keys", ".."])
def test_the_key_ring_is_never_put_with_the_backups(home: Path, keys: str):
    with pytest.raises(CommandError, match="must not lie with the backups"):
        call_command("backup", to=home, keys_to=home / keys)
    assert not home.exists()


def test_the_key_ring_is_left_out_with_a_word_or_put_apart(home: Path, tmp_path: Path, settings: Any):
    said = io.StringIO()
    call_command("backup", to=home, stdout=said)
    assert "The key ring is not in it" in said.getvalue()
    secret = Path(settings.PARLEY_KEYRING).read_text().split()[1].encode()
    for path in home.rglob("*"):
        assert path.is_dir() or secret not in path.read_bytes()
    shutil.rmtree(home)
    call_command("backup", to=home, keys_to=tmp_path / "escrow")
    [kept] = (tmp_path / "escrow").iterdir()
    assert (kept.stat().st_mode & 0o777, kept.read_bytes()) == (0o600, Path(settings.PARLEY_KEYRING).read_bytes())


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder: shutil.rmtree(folder), "is not a backup of Parley"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "is damaged"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "is damaged"),
        (lambda folder: (folder / "media/originals/b/two").unlink(), "media/originals/b/two is missing"),
        (lambda folder: (folder / "media/originals/b/two").write_text("?"), "media/originals/b/two was changed"),
        (lambda folder: (folder / "database.dump").write_bytes(b""), "database.dump was changed"),
        (lambda folder: rewrite(folder, format=2, parley="9.9"), "made by a newer Parley"),
        (lambda folder: rewrite(folder, migrations=[["accounts", "9999_future"]]), "made by a newer Parley"),
        (lambda folder: rewrite(folder, postgres="99"), "made on PostgreSQL 99"),
        (lambda folder: rewrite(folder, files={"../../x": {}}), "which lies outside of it"),
        (lambda folder: None, "is not empty, and nothing was changed"),
    ],
)
def test_a_restore_that_cannot_be_right_is_refused(backup: Path, harm: Any, words: str):
    harm(backup)
    assert words in refused(backup)
    assert User.objects.count() == 1


def test_verify_recomputes_the_checksums(backup: Path):
    said = io.StringIO()
    call_command("backup", verify=backup, stdout=said)
    assert said.getvalue().startswith("Whole: ")
    (backup / "database.dump").write_bytes(b"x")
    with pytest.raises(CommandError, match=r"database.dump was changed"):
        call_command("backup", verify=backup)


def test_looking_changes_nothing(backup: Path, target: Servers, settings: Any):
    said = io.StringIO()
    call_command("restore", backup, replace=True, look=True, stdout=said)
    assert "is thrown away and replaced by" in said.getvalue()
    assert User.objects.get().name == "Was Here"
    assert not settings.MEDIA_ROOT.exists()


def test_another_program_at_work_stands_against_replacing(backup: Path, target: Servers):
    with psycopg2.connect(target.environment["DATABASE_URL"]):
        assert "1 other programs use this database" in refused(backup, replace=True)
    assert User.objects.get().name == "Was Here"


def test_replacing_throws_away_what_is_there(backup: Path, target: Servers, settings: Any):
    call_command("restore", backup, replace=True)
    assert [user.name.split()[0] for user in User.objects.all()] == ["Manager"]
    assert (settings.MEDIA_ROOT / "pictures/a/one.jpg").read_text() == "pictures/a/one.jpg"
    row = Instance.objects.get()
    assert (row.publishing, row.restored) == (False, True)
    make_user("officer")  # the application's role has its rights again


def test_a_dump_that_breaks_off_leaves_the_database_as_it_was(backup: Path, target: Servers):
    """Its list is right about it: it was written by somebody who had no better one."""
    dump = backup / "database.dump"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size * 2 // 3])
    facts = json.loads((backup / listing.NAME).read_text())
    rewrite(backup, files=facts["files"] | {listing.DUMP: listing.fingerprint(dump)})
    assert "the database is as it was" in refused(backup, replace=True)
    assert User.objects.get().name == "Was Here"
    assert not Instance.objects.filter(restored=True).exists()


def test_a_backup_of_one_that_stood_still_stands_still_anew(backup: Path, home: Path, servers: Servers):
    """Somebody resumed it after the backup was made, and posts went out."""
    call_command("restore", backup, replace=True)
    due = make_delivery(due_at=clock.now())
    call_command("backup", to=home / "of the restored")
    [second] = making.backups(home / "of the restored")
    call_command("restore", second, replace=True)
    due.refresh_from_db()
    assert (due.state, due.why) == ("unknown", "restored")
