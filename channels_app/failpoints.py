"""Named places where a test may kill, freeze or break a publisher. Armed once at start, and only in practice.

A specification reads `after_intent=kill` or `mid_body=hang:2, before_result=raise@3`: what happens at which place, and
(after `@`) the how many-th time it is passed. Not armed, a place costs one look into an empty dictionary.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass

from channels_app.platforms import http

NAMES = (
    "after_claim",
    "after_upload",
    "after_container",
    "before_intent",
    "after_intent",
    "after_connect",
    "mid_body",
    "after_body",
    "after_answer",
    "before_result",
    "after_result",
    "in_after",
    "in_sweep",
    "in_reconcile",
)
MODES = ("kill", "hang", "raise")


class Broken(Exception):
    """What a place armed with `raise` raises: an exception that no code foresees."""


@dataclass
class Trap:
    """What happens at a place, and after how many passes."""

    mode: str
    seconds: float
    passes_left: int


_armed: dict[str, Trap] = {}
_counting = threading.Lock()


def hit(name: str) -> None:
    """Pass the place called `name`."""
    if _armed and name in _armed:
        _spring(_armed[name], name)


def arm(specification: str) -> None:
    """Arm the places named; raises ValueError for a place or mode that does not exist."""
    disarm()
    for part in filter(None, (piece.strip() for piece in specification.split(","))):
        name, _, what = part.partition("=")
        what, _, passes = what.partition("@")
        mode, _, seconds = what.partition(":")
        if name not in NAMES or mode not in MODES:
            raise ValueError(f"there is no fail-point {part!r}")
        _armed[name] = Trap(mode, float(seconds or 3600), int(passes or 1))
    http.fail = hit if _armed else _nothing


def disarm() -> None:
    _armed.clear()
    http.fail = _nothing


def _nothing(name: str) -> None:
    """A place in a request that nobody watches."""


def _spring(trap: Trap, name: str) -> None:
    with _counting:
        trap.passes_left -= 1
        if trap.passes_left != 0:
            return
    if trap.mode == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if trap.mode == "raise":
        raise Broken(name)
    time.sleep(trap.seconds)
