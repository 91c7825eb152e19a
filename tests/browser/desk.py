"""The running desk of the browser tests: a trial of their own with a short past, started as a person would start it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from channels_app.emulator.client import Emulator
from config import homes

WEEKS = 3
PATIENCE = 420  # seconds for everything until it is ready, on a busy machine
STOPPED = 10  # the same until everything has ended; on an idle machine it takes two, and the trial's own test says so
TIME_FACTOR = "4"  # the outbox waits a quarter as long
FROM_THE_RUN = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "EMULATOR_URL", "PARLEY_HOME")


@dataclass(frozen=True)
class Desk:
    """Where it answers, where its data are, and who may sign in: address and password by role."""

    url: str
    home: Path
    people: dict[str, tuple[str, str]]
    environment: dict[str, str]

    @property
    def emulator(self) -> Emulator:
        return Emulator(self.environment["EMULATOR_URL"])

    def one(self, question: str, *values: object) -> Any:
        """The first column of the first row of its database, None without one."""
        with closing(psycopg2.connect(self.environment["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute(question, values or None)
            row = cursor.fetchone()
        return row[0] if row else None


def start(home: Path) -> subprocess.Popen[bytes]:
    port = homes.free_port()
    words = ["trial", "--port", str(port), "--home", str(home), "--weeks", str(WEEKS), "--quiet"]
    kept = {name: value for name, value in os.environ.items() if name not in FROM_THE_RUN}
    environment = kept | {"PARLEY_TIME_FACTOR": TIME_FACTOR, "PARLEY_PLAIN_STATIC": "1"}
    with (home.parent / "said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "manage.py", *words], cwd=homes.ROOT, env=environment, stdout=said, stderr=said
        )


def wait_until_ready(home: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    said = home.parent / "said"
    while "READY" not in said.read_text("utf-8"):
        assert process.poll() is None, f"the trial ended: {said.read_text('utf-8')}"
        assert time.monotonic() < end, f"the trial is not ready: {said.read_text('utf-8')}"
        time.sleep(0.2)


@contextmanager
def running(home: Path) -> Iterator[Desk]:
    """A desk of one's own for as long as it lasts; it has to end well, too."""
    process = start(home)
    try:
        wait_until_ready(home, process)
        yield met(home)
        stop(home, process)
    finally:
        process.kill()


def met(home: Path) -> Desk:
    """The desk that runs on this home."""
    return Desk(
        url=(home / "lock").read_text("utf-8").rstrip("/"),
        home=home,
        people=sign_ins((home / "sign-ins.txt").read_text("utf-8")),
        environment=json.loads((home / "environment.json").read_text("utf-8")),
    )


def sign_ins(lines: str) -> dict[str, tuple[str, str]]:
    """By role; of two people with one role the one who is named by it alone."""
    found: dict[str, tuple[str, str]] = {}
    for line in lines.splitlines():
        address, password, rest = line.split(maxsplit=2)
        roles = ["untrained"] if "run out" in rest else rest.partition(":")[0].split(" and ")
        for role in roles:
            if role not in found or len(roles) == 1:
                found[role] = (address, password)
    return found


def stop(home: Path, process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C ends everything it started, soon and without a complaint."""
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    status = process.wait(30)
    took = time.monotonic() - asked
    assert status == 0, (home.parent / "said").read_text("utf-8")
    assert took < STOPPED, f"stopping took {took:.1f} s"
    assert left_of(home) == []


def left_of(home: Path) -> list[str]:
    """Living processes that still have to do with this home."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in words and int(entry.name) != os.getpid():
            found.append(words[:200].decode("utf-8", "replace"))
    return found
