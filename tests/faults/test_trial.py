"""The trial says in one sentence why it cannot start, and stops without leaving anything behind."""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import homes, running
from config.homes import TrialProblem
from config.running import Trial

ROOT = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")
TEST_ONLY = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "EMULATOR_URL", "PARLEY_HOME")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def start(home: Path, port: int) -> subprocess.Popen[str]:
    """`manage.py trial` as a person would start it, without what the test run itself has set."""
    words = [sys.executable, "manage.py", "trial", "--home", str(home), "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name not in TEST_ONLY}
    pipe = subprocess.PIPE
    return subprocess.Popen(words, cwd=ROOT, env=environment, text=True, stdout=pipe, stderr=pipe)


def refusal(home: Path, port: int) -> str:
    process = start(home, port)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert len(said.strip().splitlines()) == 1
    return said.strip()


def test_a_taken_port_names_itself(tmp_path: Path, taken_port: int) -> None:
    said = refusal(tmp_path, taken_port)
    assert said.startswith(f"Port {taken_port} is taken by another program")
    assert "--port" in said


def test_a_second_start_says_where_the_first_one_is(tmp_path: Path, taken_port: int) -> None:
    with (tmp_path / "lock").open("w") as first:
        first.write("http://127.0.0.1:8800/")
        first.flush()
        fcntl.flock(first, fcntl.LOCK_EX)
        said = refusal(tmp_path, taken_port)
    assert said == f"A trial already runs at http://127.0.0.1:8800/ with the data in {tmp_path}."


def test_a_full_disk_is_said_before_anything_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes.shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 3_000_000))
    with pytest.raises(TrialProblem, match="too full for the trial: 3 MB are free"):
        running.run(Trial(tmp_path, 0, print), lambda: None)


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in refusal(tmp_path / "file", 0)


def processes_of(home: Path) -> list[str]:
    """Command lines of every living process that has to do with this home."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in words and int(entry.name) != os.getpid():
            found.append((entry / "comm").read_text("utf-8").strip())
    return found


def test_ctrl_c_stops_everything_in_three_seconds_and_a_killed_one_starts_again(tmp_path: Path) -> None:
    (tmp_path / "seeded").touch()  # the town is a story of its own
    process = start(tmp_path, port := homes.free_port())
    ready(process, port)
    pid = process.pid
    os.kill(pid, signal.SIGKILL)
    process.wait()
    end = time.monotonic() + 10
    while left := processes_of(tmp_path):
        assert time.monotonic() < end, left
        time.sleep(0.1)

    process = start(tmp_path, port)
    ready(process, port)
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert time.monotonic() - asked < 3.5
    assert processes_of(tmp_path) == []


def ready(process: subprocess.Popen[str], port: int) -> None:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("READY"):
            assert line.strip() == f"READY http://127.0.0.1:{port}/"
            break
    else:
        pytest.fail(f"it never was ready: {process.stderr and process.stderr.read()}")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/account/login/")
    assert connection.getresponse().status == 200
    connection.close()
