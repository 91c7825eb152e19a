"""The home folder of a trial: one start at a time, room enough, nothing half made, and a port to listen on."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
ROOM = 300  # MB free
MADE_FROM = ("*/migrations/*.py", "static/**/*", "config/vendorfiles.py", "config/deploy/requirements.txt")
UNFINISHED = ("media", "mail", "emulator", "sign-ins.txt", "instance.json", "prepared")  # left by a broken-off start


class TrialProblem(Exception):
    """One sentence on why the trial cannot run."""


@contextmanager
def held(home: Path, url: str) -> Iterator[None]:
    """Hold the home; a second trial on it is told where the first one is."""
    path = home / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            where = path.read_text("utf-8")
            raise TrialProblem(f"A trial already runs at {where} with the data in {home}.") from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, url.encode())
        try:
            yield
        finally:
            leave_nothing(home)
    finally:
        os.close(descriptor)


def leave_nothing(home: Path) -> None:
    """A server that had to be killed may have helpers that outlive it; and no command finds a database any more."""
    for folder in ("postgres", "valkey"):
        embedded.clear_leftovers(home / folder, patience=0.2)
    (home / "environment.json").unlink(missing_ok=True)


def check_room(home: Path) -> None:
    free = shutil.disk_usage(home).free // 1_000_000
    if free < ROOM:
        raise TrialProblem(f"The disk is too full for the trial: {free} MB are free in {home}, {ROOM} MB are needed.")


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise TrialProblem(
                f"Port {port} is taken by another program ({error.strerror}); choose one with --port."
            ) from error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def forget_unfinished(home: Path) -> None:
    """A seeding that did not finish is not continued: what it left is taken away."""
    for pattern in UNFINISHED:
        for left in home.glob(pattern):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()


def fingerprint() -> str:
    """Changes whenever a migration or a static file does."""
    seen = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                seen.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return seen.hexdigest()
