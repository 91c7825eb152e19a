"""Celery as it runs for real: a worker on every queue and beats, as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from channels_app.models import Heartbeat
from tests.faults.conftest import World
from tests.faults.workers import until
from tests.served import address

ROOT = Path(__file__).resolve().parents[2]
QUEUES = "publish,poll,media,metrics,mail"


class Celery:
    """One that ends is started again, as it is wherever Parley runs: a broker that is lost while a worker gives back
    its messages ends that worker."""

    WORKER = ("config.celery", "worker", "-Q", QUEUES, "-c", "3", "--without-gossip", "--without-mingle")
    BEAT = ("config.beat", "beat", "--pidfile=", "-s")

    def __init__(self, world: World, folder: Path, beats: int = 1) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "EMULATOR_URL": world.emulator.url,
            "PRACTICE_URL": address(),
            "PARLEY_INSTANCE_FILE": str(folder / "instance.json"),
            "PARLEY_MEDIA": str(folder / "media"),
            "PYTHONPATH": str(ROOT),
        }
        self.begun_again = 0
        everyone = [(*self.BEAT, f"schedule-{n}") for n in range(beats)]
        self.processes = {words: self._start(words) for words in (self.WORKER, *everyone)}

    def _start(self, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", *words]
        with (self.folder / "celery.log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)

    def look_after(self) -> None:
        for words, process in self.processes.items():
            if process.poll() is not None:
                self.begun_again += 1
                self.processes[words] = self._start(words)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def celery(world: World, folder: Path, beats: int = 1) -> Iterator[Celery]:
    at_it = Celery(world, folder, beats)
    try:
        until(lambda: Heartbeat.objects.filter(role="poller").exists(), 60)
        yield at_it
    finally:
        at_it.stop()
