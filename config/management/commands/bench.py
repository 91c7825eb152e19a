"""`manage.py bench [ROW …] [--json FILE]`: what Parley bears, measured on servers of its own, held to its budgets."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config import embedded, running, testing
from config.homes import ROOT
from config.unprivileged import ServerProblem

ROWS = (
    *("inbox", "growth", "thread", "month", "records", "checks", "intake", "due", "throughput"),
    *("emergency", "report", "resonance", "rest"),
)


class Command(BaseCommand):
    help = "Measure what Parley bears. It makes a home, a database and an emulator of its own and removes them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; without one, all")
        parser.add_argument("--json", type=Path, help="write the figures to this file too")
        parser.add_argument("--seconds", type=float, default=600, help="how long `throughput` runs (600)")
        parser.add_argument("--share", type=float, default=1, help="divide the sizes by this, for a quick look")

    def handle(self, rows: list[str], json: Path | None, seconds: float, share: float, **options: Any) -> None:
        unknown = sorted(set(rows) - set(ROWS))
        if unknown:
            sys.exit(f"There is no row {', '.join(unknown)}; there are {', '.join(ROWS)}.")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        home = Path(tempfile.mkdtemp(prefix="parley-bench-"))
        words = [str(home), *rows, "--seconds", str(seconds), "--share", str(share)]
        words += ["--json", str(json.resolve())] if json else []
        try:
            with embedded.running(home, fast=False) as servers:
                sys.exit(measured(os.environ | servers | testing.environment(home) | running.QUIETER, words))
        except ServerProblem as problem:
            sys.exit(str(problem))
        except KeyboardInterrupt:
            sys.exit("Stopped.")
        finally:
            shutil.rmtree(home, ignore_errors=True)


def measured(environment: dict[str, str], words: list[str]) -> int:
    """Make the tables, then measure in a process that has loaded the settings of these servers; its exit status."""
    owner = environment | {"DATABASE_URL": environment["MIGRATE_DATABASE_URL"]}
    prepare = [*running.manage("prepare").words, "-v", "0"]
    if made := subprocess.run(prepare, cwd=ROOT, env=owner, check=False).returncode:
        return made
    return subprocess.run(
        [sys.executable, "-m", "config.bench", *words], cwd=ROOT, env=environment, check=False
    ).returncode
