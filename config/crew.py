"""A few processes doing the same work, forked from one that has loaded everything, so that they share its memory.

The parent only keeps them: one that ends is started again, and when the parent is told to stop, or is killed, all end.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

from config.memory import keep_loaded
from config.unprivileged import dies_with_parent

STOP = (signal.SIGTERM, signal.SIGINT)
PAUSE = 1.0  # seconds before one that ended by itself is started again


class Crew:
    """`size` processes that each run `job` until they are told to stop."""

    def __init__(self, size: int, job: Callable[[], None]) -> None:
        self._size = size
        self._job = job
        self._members: set[int] = set()
        self._stopping = False

    def run(self) -> None:
        """Keep them all at work; returns after SIGTERM or SIGINT, once the last has ended."""
        keep_loaded()
        for word in STOP:
            signal.signal(word, lambda *_: self._stop())
        for _ in range(self._size):
            self._start()
        while self._members:
            pid, _ = os.wait()
            self._members.discard(pid)
            if not self._stopping:
                time.sleep(PAUSE)
                self._start()

    def _stop(self) -> None:
        self._stopping = True
        for pid in self._members:
            os.kill(pid, signal.SIGTERM)

    def _start(self) -> None:
        """Fork one more, with no word to stop coming in between: it would be heard by neither."""
        held = signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
        if not self._stopping:
            sys.stdout.flush()
            keeper = os.getpid()
            pid = os.fork()
            if not pid:
                self._serve(keeper)
            self._members.add(pid)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def _serve(self, keeper: int) -> None:
        dies_with_parent(signal.SIGTERM)()
        if os.getppid() == keeper:
            self._job()
        os._exit(0)


def listen(stop: Callable[[], None]) -> None:
    """In a member: call `stop` when told to, from now on."""
    for word in STOP:
        signal.signal(word, lambda *_: stop())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
