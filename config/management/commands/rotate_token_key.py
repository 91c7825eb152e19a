"""Seal every channel token again under the newest key of the ring, batch by batch."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import keyring
from channels_app import vault


class Command(BaseCommand):
    help = (
        "Seal every channel token again under the newest key. Put the new key on the first line of the key ring "
        "first, restart Parley, run this, and only then take the old key off. It can be stopped and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=100, help="how many tokens at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        try:
            while batch := vault.rotate(options["batch"]):
                done += batch
                self.stdout.write(f"{done} …")
        except keyring.CannotOpen as problem:
            raise CommandError(f"After {done} tokens: {problem}") from problem
        self.stdout.write(f"Sealed {done} tokens under {keyring.newest()}; none is left under an older key.")
