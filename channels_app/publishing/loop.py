"""The publisher's own process: awake when something is due, when somebody writes, and once a second in between.

It rests on PostgreSQL alone. Up to `THREADS` calls are under way at once, one per channel; half as many threads get
the next ones ready and write down what became of the last; a few settle open questions. It outlives a database that
goes away, and when told to stop begins nothing more.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from django.db import close_old_connections, connections

from accounts import clock
from channels_app import watching
from channels_app.models import Delivery
from channels_app.publishing import ahead, rounds, sweep, waking
from channels_app.publishing.claim import claim
from channels_app.publishing.guard import Guard, ticks
from channels_app.publishing.publisher import Publisher
from channels_app.publishing.sending import work
from channels_app.publishing.stopping import publishing_state
from channels_app.publishing.timings import times

log = logging.getLogger(__name__)

THREADS = 16
SETTLERS = 4
EARLY = 2  # at most so many prepare what is not due yet: a thread is always free for what is
GRACE = 1.5
WATCH_EVERY = 30
BACK_OFF = (0.2, 0.5, 1, 2, 5)


class Loop:
    """One publisher process, or a `share` of one's threads in each of several. `run()` returns after `stop()`."""

    def __init__(self, every: float | None = None, share: int = 1) -> None:
        self._every = every or times().nap
        self._threads, settlers = -(-THREADS // share), -(-SETTLERS // share)
        self._stopping = threading.Event()
        self._read, self._written = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._written, False)
        self._calls = threading.Semaphore(self._threads)
        self._threads += self._threads // 2
        self._pool = ThreadPoolExecutor(self._threads + settlers + EARLY, thread_name_prefix="send")
        self._free = threading.Semaphore(self._threads)
        self._settlers = threading.Semaphore(settlers)
        self._early = threading.Semaphore(EARLY)
        self._guard = Guard()
        self._me: Publisher | None = None
        self._looked: datetime | None = None
        self._tended = 0.0
        self._watched = ticks()

    def stop(self) -> None:
        """Begin nothing more; may be called from a signal handler."""
        self._stopping.set()
        self._nudge()

    def run(self) -> None:
        """Work until stopped, through lost connections and whatever else breaks a cycle off."""
        failures = 0
        while not self._stopping.is_set():
            try:
                with waking.listening() as ear:
                    while not self._stopping.is_set():
                        self._cycle()
                        failures = 0
                        self._rest(ear)
            except Exception:  # the process's outermost line: it goes on, and its heartbeat tells that it does not work
                pause = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
                failures += 1
                log.warning("cycle broken off", extra={"pause": pause, "failures": failures}, exc_info=failures == 1)
                connections.close_all()
                self._stopping.wait(pause)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def finish(self, grace: float = GRACE) -> bool:
        """Wait a little for calls under way; False when some are left, whose leases will tell."""
        ends, free = ticks() + grace, 0
        while free < self._threads and self._free.acquire(timeout=max(0.0, ends - ticks())):
            free += 1
        for _ in range(free):
            self._free.release()
        return free == self._threads

    def _cycle(self) -> None:
        """Tend what is there, then begin all that may begin."""
        if ticks() - self._tended >= self._every or self._me is None:
            self._tend()
        me = self._me
        while me is not None and not self._stopping.is_set() and (delivery := self._claimed(me)) is not None:
            self._pool.submit(self._send, me, delivery)

    def _claimed(self, me: Publisher) -> Delivery | None:
        """The next one to work on, and a thread kept for it."""
        delivery = None
        if self._free.acquire(blocking=False):
            try:
                self._looked = self._guard.now()
                delivery = claim(me, self._looked)
            finally:
                if delivery is None:
                    self._free.release()
        return delivery

    def _tend(self) -> None:
        """Once a second: is this our database and its clock right, is anything left lying, who should know."""
        now = self._guard.now()
        self._me = replace(rounds.publisher(clock.now), calls=self._calls)
        sweep.sweep(now)
        if self._settlers.acquire(blocking=False):
            self._pool.submit(self._settle)
        if self._early.acquire(blocking=False):
            self._pool.submit(self._prepare, self._me)
        rounds.seal()
        rounds.beat("publisher", clock.now(), publishing_state().why)
        self._tended = ticks()

    def _send(self, me: Publisher, delivery: Delivery) -> None:
        self._within(lambda: work(me, delivery))
        self._free.release()
        self._nudge()

    def _prepare(self, me: Publisher) -> None:
        def prepare() -> None:
            while not self._stopping.is_set() and ahead.step(me, clock.now()):
                pass

        self._within(prepare)
        self._early.release()

    def _settle(self) -> None:
        def settle() -> None:
            rounds.settle_due(clock.now, self._stopping.is_set)
            rounds.beat("reconciler", clock.now())
            if self._watch_due():
                watching.watch_worker(clock.now())

        self._within(settle)
        self._settlers.release()

    def _watch_due(self) -> bool:
        """Twice a minute."""
        due = ticks() - self._watched >= WATCH_EVERY
        if due:
            self._watched = ticks()
        return due

    def _within(self, job: Callable[[], None]) -> None:
        """A thread's outermost line: what is lost with the database is found again by its lease."""
        try:
            close_old_connections()
            job()
        except Exception:
            log.exception("a publishing thread gave up")
            connections.close_all()

    def _sleep(self) -> float:
        """Until the next delivery is due, and never longer than until the next tending.

        What became due since the last look counts as ahead: it would otherwise fall between look and sleep.
        """
        now = clock.now()
        ahead: datetime | None = rounds.next_moment(self._looked or now)
        due = (ahead - now).total_seconds() if ahead else self._every
        return min(due, max(0.0, self._every - (ticks() - self._tended)))

    def _rest(self, ear: waking.Ear) -> None:
        """Sleep until there is work; what others write meanwhile is sealed every second."""
        ends = ticks() + self._sleep()
        while not ear.wait(min(ends - ticks(), times().nap), self._read) and ticks() < ends:
            rounds.seal()
        self._drain()

    def _nudge(self) -> None:
        try:
            os.write(self._written, b"!")
        except BlockingIOError:
            return  # it has been told often enough

    def _drain(self) -> None:
        try:
            os.read(self._read, 4096)
        except BlockingIOError:
            return  # it was the database or the clock that woke us
