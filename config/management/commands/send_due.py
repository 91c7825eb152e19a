"""The publisher's own processes: they send what is due and settle what is open, and need PostgreSQL alone."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_app import outbox, platforms
from channels_app.publishing.loop import Loop
from config.crew import Crew, listen

# Seconds a thread may go on while others wait. Each send asks the database some thirty short questions, and after each
# answer waits for its turn; with the usual 5 ms the waiting would take longer than the platform.
TURN = 0.0005
MOST = 8


class Command(BaseCommand):
    help = "Send what is due, and settle what is open, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two looks when nothing wakes it")
        parser.add_argument("--once", action="store_true", help="one round, then end")
        words = "between how many processes the sends are shared; one for each processor, up to two, unless told"
        parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1), help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{outbox.step()} worked on.")
            return
        if not 1 <= options["processes"] <= MOST:
            raise CommandError(f"--processes is a number from 1 to {MOST}.")
        for name in platforms.REGISTRY:
            platforms.get(name)
        self.stdout.write("Publishing.")
        Crew(options["processes"], lambda: publish(options["every"], options["processes"])).run()


def publish(every: float, share: int) -> None:
    """One process: its part of the sends, until told to stop."""
    sys.setswitchinterval(TURN)
    loop = Loop(every, share)
    listen(loop.stop)
    loop.run()
    loop.finish()
    sys.stdout.flush()
    os._exit(0)  # a call under way would hold the process for its whole time; its lease will tell
