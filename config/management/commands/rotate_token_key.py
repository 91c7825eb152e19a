"""Seal everything that rests under the key ring again, under its newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import keyring, resealing
from channels_app import app_keys, vault


class Command(BaseCommand):
    help = (
        "Seal every channel token and second factor again under the newest key. Put the new key on the first line of "
        "the key ring first, restart Parley, run this, and only then take the old key off. It can be stopped and run "
        "again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=100, help="how many tokens at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        try:
            while batch := vault.rotate(options["batch"]):
                done += batch
                self.stdout.write(f"{done} …")
            while batch := app_keys.rotate(options["batch"]):
                done += batch
            seeds = resealing.reseal_seeds()
        except keyring.CannotOpen as problem:
            raise CommandError(f"After {done} tokens: {problem}") from problem
        self.stdout.write(f"Sealed {done} tokens and {seeds} second factors under {keyring.newest()}.")
        waiting = resealing.mails_under_older_keys()
        if waiting:
            self.stdout.write(f"{waiting} mails still need an older key: leave it on the ring until they are out.")
        else:
            self.stdout.write("Nothing needs an older key any more.")
