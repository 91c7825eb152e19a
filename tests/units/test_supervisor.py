"""The supervisor: a crashed child comes back, everything stops in time and in order, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import os, sys
from pathlib import Path
from config.embedded import Program
from config.supervisor import Child, Stopped, supervising

def python(code):
    return lambda: Program([sys.executable, "-u", "-c", code])

home = Path(sys.argv[1])
with supervising(home / "log", lambda line: print(line, flush=True)) as supervisor:
    try:
        {children}
        print("STARTED", flush=True)
        supervisor.watch()
    except Stopped:
        print("STOPPING", flush=True)
"""
POLITE = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit())); "
    "print('hello'); time.sleep(60)"
)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('no'); time.sleep(60)"
CRASHING = "import sys; print('oh dear'); sys.exit(3)"


def supervise(home: Path, **children: str) -> subprocess.Popen[str]:
    """A supervisor in a process of its own; a name that starts with `server` is a server."""
    lines = [
        f'supervisor.start(Child("{name}", python({code!r}), server={name.startswith("server")}))'
        for name, code in children.items()
    ]
    script = textwrap.dedent(SCRIPT).format(children="\n        ".join(lines))
    words = [sys.executable, "-c", script, str(home)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def hear(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout
    for line in process.stdout:
        if word in line:
            return line
    raise AssertionError(f"{word!r} was never said")


def log_when(home: Path, word: str) -> str:
    end = time.monotonic() + 10
    while word not in (text := (home / "log").read_text("utf-8")):
        assert time.monotonic() < end, text
        time.sleep(0.02)
    return text


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(word) for word in listed.split()]


def gone(pids: list[int], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_ctrl_c_stops_the_application_first_and_its_servers_last(tmp_path: Path) -> None:
    process = supervise(tmp_path, server=POLITE, web=POLITE)
    hear(process, "STARTED")
    log_when(tmp_path, "web      | hello")
    log_when(tmp_path, "server   | hello")
    process.send_signal(signal.SIGINT)
    hear(process, "STOPPING")
    assert process.wait(3) == 0
    log = (tmp_path / "log").read_text("utf-8")
    assert log.index("web      | bye") < log.index("server   | bye")


def test_whoever_does_not_stop_is_made_to_within_three_seconds(tmp_path: Path) -> None:
    process = supervise(tmp_path, server=STUBBORN, web=STUBBORN)
    hear(process, "STARTED")
    log_when(tmp_path, "web      | no")
    log_when(tmp_path, "server   | no")
    children = children_of(process.pid)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(4) == 0
    assert time.monotonic() - started < 3.2
    assert gone(children, 0.5)


def test_a_crashed_child_is_started_again_later_each_time_and_said_so(tmp_path: Path) -> None:
    process = supervise(tmp_path, worker=CRASHING)
    assert "worker stopped (exit status 3); starting it again in 1 s." in hear(process, "worker stopped")
    assert "again in 2 s." in hear(process, "worker stopped")
    process.send_signal(signal.SIGINT)
    assert process.wait(3) == 0
    assert (tmp_path / "log").read_text("utf-8").count("worker   | oh dear") == 2


def test_a_killed_child_is_named_by_its_signal(tmp_path: Path) -> None:
    process = supervise(tmp_path, worker=POLITE)
    hear(process, "STARTED")
    log_when(tmp_path, "worker   | hello")
    os.kill(children_of(process.pid)[0], signal.SIGKILL)
    assert "signal SIGKILL" in hear(process, "worker stopped")
    process.send_signal(signal.SIGINT)
    assert process.wait(3) == 0


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    process = supervise(tmp_path, server=POLITE, web=POLITE)
    hear(process, "STARTED")
    log_when(tmp_path, "web      | hello")
    log_when(tmp_path, "server   | hello")
    children = children_of(process.pid)
    process.kill()
    process.wait()
    assert len(children) == 2
    assert gone(children, 3)
