"""One process in the foreground that starts the servers and the application, keeps them running and stops them.

Everything a child says goes, with its name before it, into one log file. Nothing outlives this process: a child
whose parent is killed is stopped by the system, and Ctrl-C stops the application first and its servers last.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from config.embedded import Program
from config.unprivileged import dies_with_parent

WARM = 2.0  # seconds the application gets to finish what it has begun
ALL = 2.9  # seconds until the database and the broker, which stop after it, must have stopped too
STEADY = 60.0  # a child that ran this long starts again at once
LONGEST_WAIT = 30.0
LOG_LIMIT = 20_000_000


class Stopped(Exception):
    """Ctrl-C or SIGTERM was received."""


class StartProblem(Exception):
    """One sentence on what did not start."""


@dataclass
class Child:
    """A program that is to be running; `server` marks the ones the others need until the end."""

    name: str
    make: Callable[[], Program]
    server: bool = False
    goodbye: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    crashes: int = 0
    heard: Callable[[str], None] | None = None  # meets every line it says, besides the log
    rest: bytes = b""

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """The children by start order, and their common log."""

    log_path: Path
    tell: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log = self.log_path.open("ab", buffering=0)
        self.lines = selectors.DefaultSelector()
        for word in (signal.SIGINT, signal.SIGTERM):
            signal.signal(word, self.stop_asked)

    def stop_asked(self, number: int, frame: FrameType | None) -> None:
        for word in (signal.SIGINT, signal.SIGTERM):
            signal.signal(word, signal.SIG_IGN)
        raise Stopped

    def start(self, child: Child) -> Child:
        """Start it in a session of its own, so that Ctrl-C reaches this process alone."""
        program = child.make()
        options: dict[str, Any] = {"preexec_fn": dies_with_parent(child.goodbye)} | program.options
        process: subprocess.Popen[bytes] = subprocess.Popen(
            program.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
        child.process, child.started_at = process, time.monotonic()
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self.lines.register(process.stdout, selectors.EVENT_READ, child)
        if child not in self.children:
            self.children.append(child)
        return child

    def pump(self, seconds: float) -> None:
        """Move what the children said into the log, for at most this long while nothing is said."""
        for key, _ in self.lines.select(seconds):
            said = b""
            with contextlib.suppress(OSError):
                said = os.read(key.fd, 65536)
            if not said:
                self.lines.unregister(key.fileobj)
                continue
            self.write_down(key.data, said)
        if self.log.tell() > LOG_LIMIT:
            self.log.close()
            self.log_path.replace(self.log_path.with_suffix(".old.log"))
            self.log = self.log_path.open("ab", buffering=0)

    def write_down(self, child: Child, said: bytes) -> None:
        *lines, child.rest = (child.rest + said).split(b"\n")
        self.log.write(b"".join(b"%-9s| %s\n" % (child.name.encode(), line) for line in lines))
        if child.heard:
            for line in lines:
                child.heard(line.decode(errors="replace"))

    def run(self, child: Child) -> int:
        """Start it, wait for its end while the others go on talking, and return its exit status."""
        self.start(child)
        while child.running():
            self.pump(0.2)
        self.pump(0)
        self.children.remove(child)
        return child.process.returncode if child.process else 1

    def wait_for(self, happened: Callable[[], bool], child: Child, seconds: float) -> None:
        """Return once it has happened; a child that dies before is a StartProblem."""
        end = time.monotonic() + seconds
        while not happened():
            self.pump(0.05)
            if not child.running() or time.monotonic() > end:
                self.pump(0)
                raise StartProblem(f"The {child.name} process did not start; {self.log_path} says why.")

    def watch(self) -> None:
        """Keep everything running until Stopped."""
        while True:
            self.pump(0.5)
            for child in self.children:
                if not child.running():
                    self.revive(child)

    def revive(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            child.crashes = 1 if now - child.started_at > STEADY else child.crashes + 1
            wait = min(2.0 ** (child.crashes - 1), LONGEST_WAIT)
            child.start_at = now + wait
            signal_group(child, signal.SIGKILL)
            self.tell(f"{child.name} stopped ({ending(child.process.returncode)}); starting it again in {wait:.0f} s.")
            child.process = None
        elif now >= child.start_at:
            self.start(child)

    def stop(self) -> None:
        """The application first, all at once and gently; then its servers; whoever is left is made to."""
        asked = time.monotonic()
        for servers, seconds in ((False, WARM), (True, ALL)):
            group = [child for child in self.children if child.server is servers and child.running()]
            for child in group:
                signal_group(child, child.goodbye)
            while any(child.running() for child in group) and time.monotonic() < asked + seconds:
                self.pump(0.02)
            for child in group:
                signal_group(child, signal.SIGKILL)
                if child.process:
                    child.process.wait()
        self.pump(0)
        self.log.close()


def signal_group(child: Child, word: signal.Signals) -> None:
    """To the program itself when it is asked to stop; to all it has started when it is made to."""
    if child.process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if word == signal.SIGKILL:
            os.killpg(child.process.pid, word)
        else:
            child.process.send_signal(word)


def ending(code: int) -> str:
    return f"exit status {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


@contextlib.contextmanager
def supervising(log_path: Path, tell: Callable[[str], None]) -> Iterator[Supervisor]:
    """A supervisor that has stopped everything when the block is left, however it is left."""
    supervisor = Supervisor(log_path, tell)
    try:
        yield supervisor
    finally:
        for word in (signal.SIGINT, signal.SIGTERM):
            signal.signal(word, signal.SIG_IGN)
        supervisor.stop()
