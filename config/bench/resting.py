"""Row `rest`: the memory of the whole trial when nobody does anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from config.bench.figures import Figure
from config.bench.ground import Ground
from config.homes import ROOT, free_port

WEEKS = 3
QUIET = 30  # seconds from being ready to being measured
OWN = (
    "DATABASE_URL",
    "MIGRATE_DATABASE_URL",
    "REDIS_URL",
    "EMULATOR_URL",
    "PARLEY_HOME",
    "PARLEY_KEYRING",
    "SECRET_KEY",
)


def rest(ground: Ground) -> list[Figure]:
    """Web, workers, beat, publisher, database, broker and emulator: what their pages weigh, shared ones once."""
    ground.tell("starting a trial")
    words = [sys.executable, str(ROOT / "manage.py"), "trial", "--quiet", "--weeks", str(WEEKS)]
    words += ["--home", str(ground.home / "trial"), "--port", str(free_port())]
    environment = {key: value for key, value in os.environ.items() if key not in OWN}
    trial = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        if trial.stdout is None or not any(line.startswith("READY") for line in trial.stdout):
            raise RuntimeError("The trial did not start.")
        time.sleep(QUIET)
        family = _family(trial.pid)
        weights = [_weight(pid) for pid in family]
    finally:
        trial.send_signal(signal.SIGINT)
        trial.wait(60)
    return [
        Figure("rest", f"{len(family)} processes", sum(weights), "MB", 600, max(weights), "PSS; beside it the heaviest")
    ]


def _family(pid: int) -> list[int]:
    """This process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended meanwhile
    family = [pid]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return family


def _weight(pid: int) -> float:
    """Its share of memory in MB: its own pages, and of those it shares its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
