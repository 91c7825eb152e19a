"""The publisher's own process: sends what is due, settles what is open. It needs PostgreSQL and nothing else."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from channels_app import outbox
from channels_app.publishing.loop import Loop

# Seconds a thread may go on while others wait. Each send asks the database some fifty short questions, and after each
# answer waits for its turn; with the usual 5 ms the waiting would take longer than the platform.
TURN = 0.0005


class Command(BaseCommand):
    help = "Send what is due, and settle what is open, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two looks when nothing wakes it")
        parser.add_argument("--once", action="store_true", help="one round, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{outbox.step()} worked on.")
            return
        sys.setswitchinterval(TURN)
        loop = Loop(options["every"])
        for word in (signal.SIGTERM, signal.SIGINT):
            signal.signal(word, lambda *_: loop.stop())
        self.stdout.write("Publishing.")
        loop.run()
        loop.finish()
        self.stdout.flush()
        os._exit(0)  # a call under way would hold the process for its whole time; its lease will tell
