"""`manage.py restore`: a backup into an empty database. Afterwards nothing is published until a person resumes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from config.backups import making, restoring
from config.backups.manifest import Manifest
from config.backups.restoring import Done
from config.backups.tools import BackupProblem

NEXT = """
Publishing is off. What the backup did not know to be sent is being looked for on the platforms. Now:
  1. People: whoever was removed since the backup has their rights again. Look at Settings, People first.
  2. Start Parley. The publisher looks for {asked} posts that were due, and sends nothing.
  3. Channels: look at what was found, then press "Resume publishing"."""
WRONG_KEYS = (
    "The key ring in {ring} does not open the tokens of this backup. Put the one that was kept apart there first; "
    "without it every channel must be connected again."
)


class Command(BaseCommand):
    help = "Bring back a backup into an empty database. Publishing stays off until a person resumes it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="the folder of one backup")
        parser.add_argument("--replace", action="store_true", help="throw away everything that is in the database now")
        parser.add_argument("--look", action="store_true", help="check everything, say what would be done, do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["backup"]
        try:
            with restoring.as_owner():
                manifest = restoring.check(folder, options["replace"])
                self.plan(folder, manifest, options["replace"])
                if not options["look"]:
                    self.tell(restoring.restore(folder, manifest))
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{problem.strerror}: {problem.filename}. The database was not changed.") from problem
        except DatabaseError as problem:
            raise CommandError(f"The database refused: {str(problem).strip().splitlines()[0]}") from problem

    def plan(self, folder: Path, manifest: Manifest, replace: bool) -> None:
        """What will be done, before it is."""
        rows, where = sum(manifest.counts.values()), connection.settings_dict
        self.stdout.write(f"The backup of {manifest.at}, made by Parley {manifest.parley}, is whole.")
        name = f"{where['NAME']} at {where['HOST'] or 'this machine'}"
        if replace:
            self.stdout.write(f"Everything in the database {name} is thrown away and replaced by {rows:,} rows.")
        else:
            self.stdout.write(f"The empty database {name} receives {rows:,} rows.")
        self.stdout.write(f"Media folder: {len(manifest.media):,} files of pictures. Publishing will be off.")
        if not restoring.opens(manifest):
            self.stdout.write(self.style.WARNING(WRONG_KEYS.format(ring=making.ring())))
        self.stdout.flush()

    def tell(self, done: Done) -> None:
        self.stdout.write(f"Brought back. {done.opened} of {done.tokens} tokens open with the key ring here.")
        self.stdout.write(NEXT.format(asked=done.asked))
