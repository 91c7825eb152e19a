"""Turning a page into a PDF, in a child process: what lays out the lines is large, and old when it breaks.

Standard library only. Whoever has not installed the libraries it needs is told which ones.
"""

from __future__ import annotations

import ctypes
import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("printing_child.py")
CHILD_SECONDS = 60
# By the name people know them under: how Linux and macOS call the file, and Debian its package.
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "HarfBuzz subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
}
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


@dataclass(frozen=True)
class Printed:
    """A tagged PDF and on how many sheets it is."""

    data: bytes
    sheets: int


def lacking() -> list[str]:
    """The libraries this machine lacks; without them nothing is printed here."""
    return [name for name, files in LIBRARIES.items() if not any(_loads(file) for file in files)]


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def printed(html: str, css: str, fonts: Mapping[str, Path], address: str = "") -> Printed | None:
    """The page on A4 as its stylesheet says; None where the child failed, which is logged.

    `fonts`: family → file. `address` is put before the links of the page; without one they are left out. Nothing but
    these fonts is read, and nothing is fetched.
    """
    asked = {"html": html, "css": css, "fonts": {name: str(path) for name, path in fonts.items()}, "address": address}
    words = [sys.executable, "-I", "-B", str(CHILD)]
    try:
        done = subprocess.run(
            words, input=json.dumps(asked).encode(), capture_output=True, env={}, timeout=CHILD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        log.error("printing took too long")
        return None
    sheets, _, data = done.stdout.partition(b"\n")
    if done.returncode or not data.startswith(b"%PDF"):
        log.error("printing failed", extra={"status": done.returncode, "said": done.stderr.decode()[-400:]})
        return None
    return Printed(data, int(sheets))
