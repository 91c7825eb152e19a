"""Start an emulator as a process of its own, for tests and for the trial."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY = "EMULATOR "


def command(home: Path | str, port: int = 0, *, town: str = "empty", seed: int = 1, speed: float = 1.0) -> list[str]:
    """The command that runs it; the working directory must be the project's."""
    choices = ["--home", str(home), "--port", str(port), "--town", town, "--seed", str(seed), "--speed", str(speed)]
    return [sys.executable, "-m", "channels_app.emulator", *choices]


def start(home: Path | str, port: int = 0, **choices: object) -> tuple[str, subprocess.Popen[str]]:
    """Start it and wait until it answers: its address and its process, which the caller ends."""
    words = command(home, port, **choices)  # type: ignore[arg-type]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(READY):
            return line.removeprefix(READY).strip(), process
    raise RuntimeError(f"the emulator did not start (status {process.wait()})")
