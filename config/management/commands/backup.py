"""`manage.py backup`: the database and the pictures in one folder, the key ring in another or not at all."""

from __future__ import annotations

import signal
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections

from accounts import clock
from accounts.models import BackupRun, last_good_backup
from config.backups import making
from config.backups import manifest as listing
from config.backups.tools import BackupProblem

AGAIN = 60  # seconds after a backup that failed
ESCROW = (
    "The key ring is not in it, and without it no channel's token can be opened: keep a copy of {ring} somewhere else."
)


class Command(BaseCommand):
    help = "Back up the database and the pictures. What opens the channels' tokens is kept apart from them."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--to", type=Path, metavar="DIR", help="where the backups are kept, each in its own folder")
        what.add_argument("--verify", type=Path, metavar="BACKUP", help="recompute the checksums of one backup")
        parser.add_argument("--keys-to", type=Path, metavar="DIR", help="also copy the key ring, to another place")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="remove all but the newest N")
        parser.add_argument("--every", type=float, default=0, metavar="SECONDS", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 0 or options["every"] < 0:
            raise CommandError("--keep and --every take a number above 0.")
        if options["verify"]:
            self.verify(options["verify"])
        elif options["every"]:
            self.go_on(options)
        else:
            self.one(options)

    def verify(self, folder: Path) -> None:
        try:
            manifest = listing.verify(folder)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        rows = sum(manifest.counts.values())
        self.stdout.write(f"Whole: {rows:,} rows and {len(manifest.media):,} files of pictures, of {manifest.at}.")

    def go_on(self, options: dict[str, Any]) -> None:
        """One now, unless the last is fresh enough, then at each interval; one that fails is tried again soon."""
        told = threading.Event()
        for word in (signal.SIGTERM, signal.SIGINT):
            signal.signal(word, lambda *_: told.set())
        while not told.is_set():
            wait = self.until_due(options["every"])
            if wait <= 0:
                wait = self.try_one(options)
            told.wait(wait)

    def until_due(self, every: float) -> float:
        """Seconds; now, where nobody can say."""
        try:
            last = last_good_backup()
            return (last + timedelta(seconds=every) - clock.now()).total_seconds() if last else 0.0
        except DatabaseError:
            connections.close_all()
            return 0.0

    def try_one(self, options: dict[str, Any]) -> float:
        """How long to wait afterwards."""
        try:
            self.one(options)
        except (CommandError, DatabaseError) as problem:
            self.stderr.write(f"No backup: {problem}")
            connections.close_all()
            return min(AGAIN, float(options["every"]))
        return 0.0

    def one(self, options: dict[str, Any]) -> None:
        now = clock.now()
        try:
            keys = making.keep_keys(options["keys_to"], options["to"], now) if options["keys_to"] else None
            folder, manifest = making.make(options["to"], now, options["keep"])
        except (BackupProblem, OSError) as problem:
            words = f"{problem.strerror}: {problem.filename}." if isinstance(problem, OSError) else str(problem)
            self.remember(now, ok=False, words=words)
            raise CommandError(words) from problem
        self.remember(now, ok=True, words=f"{folder}", bytes=manifest.bytes, counts=manifest.counts)
        rows, megabytes = sum(manifest.counts.values()), manifest.bytes / 1e6
        self.stdout.write(f"{folder}: {rows:,} rows, {len(manifest.media):,} files of pictures, {megabytes:,.1f} MB.")
        self.stdout.write(f"The key ring is in {keys}." if keys else ESCROW.format(ring=making.ring()))

    def remember(self, started: datetime, *, ok: bool, words: str, **facts: Any) -> None:
        """For the desk, which says when its newest backup is too old."""
        BackupRun.objects.create(started_at=started, finished_at=clock.now(), ok=ok, words=words[:300], **facts)
