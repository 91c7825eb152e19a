"""Who publishes: one worker's name, the epoch it belongs to, and its clock."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from accounts import clock

Clock = Callable[[], datetime]
CALLS = 16


def _name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True)
class Publisher:
    """`epoch` is the one this process began under: it claims and sends only while the database still has it.

    `time` is the database's clock in live work, and a fixed moment in fast motion and tests. `calls` lets only so many
    of its threads talk to platforms at once; the others get ready meanwhile, or write down what became of theirs.
    """

    epoch: str
    time: Clock = clock.now
    name: str = field(default_factory=_name)
    calls: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(CALLS), compare=False, repr=False)


def at(moment: datetime) -> Clock:
    """A clock that stands still."""
    return lambda: moment
