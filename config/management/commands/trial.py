"""`manage.py trial`: sets up and starts the whole desk with a fictional town, and prints where to sign in."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from config import homes, running
from config.supervisor import StartProblem, Stopped
from config.unprivileged import ServerProblem

DEFAULT_HOME = os.environ.get("PARLEY_HOME") or homes.ROOT / ".parley"


class Command(BaseCommand):
    help = "Start Parley with a fictional town on this machine. Ctrl-C stops it; its data stay."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8800, help="where to listen on 127.0.0.1 (8800)")
        parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="the folder of its data (.parley)")
        parser.add_argument("--weeks", type=int, default=12, help="how much past a new town gets, 3 to 52 (12)")
        parser.add_argument("--quiet", action="store_true", help="say only where to sign in")

    def handle(self, port: int, home: Path, weeks: int, quiet: bool, **options: object) -> None:
        started = time.monotonic()

        def tell(line: str) -> None:
            if not quiet:
                self.say(f"[{time.monotonic() - started:4.0f} s] {line}")

        desk = running.Trial(home.expanduser().resolve(), port, tell, weeks)
        try:
            running.run(desk, lambda: self.welcome(desk))
        except Stopped:
            tell("Stopped. The data are kept; the same command starts it again.")
        except (homes.TrialProblem, StartProblem, ServerProblem) as problem:
            self.stderr.write(str(problem))
            sys.exit(1)
        except OSError as error:
            self.stderr.write(f"The trial cannot run: {error.strerror or error} ({error.filename or desk.home}).")
            sys.exit(1)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def welcome(self, desk: running.Trial) -> None:
        self.say(f"READY {desk.url}")
        if desk.sign_ins.exists():
            self.say(desk.sign_ins.read_text("utf-8").rstrip())
        self.say(f"What the public sees: {os.environ['EMULATOR_URL']}/")
        self.say("Ctrl-C stops it.")
