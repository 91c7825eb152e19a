"""A storm: publishers that are killed and frozen from outside, a database that crashes, platforms full of faults.

Everything random hangs on one seed. What happened is counted from what happened: a kill is a process that ended by
SIGKILL, a freeze one that stood still for longer than a lease and was thawed, a fault one that the emulator dealt out.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from channels_app.models import Delivery
from channels_app.models.deliveries import LEASED
from channels_app.publishing import loop
from channels_app.publishing.timings import times
from tests.faults.workers import KILLED, ended, fork, publish_until_told

EVERY = 0.4
AHEAD = 5  # seconds by which blows may run ahead of what is out
THREADS, SETTLERS = 6, 2  # of each publisher: several small ones rather than one that owns the machine


@dataclass(frozen=True)
class Plan:
    """What a storm is to reach. `blows` are the seconds over which kills, freezes and crashes are spread.

    It lasts `least` seconds, and is given up after `limit`.
    """

    blows: float
    kills: int = 0
    freezes: int = 0
    crashes: int = 0
    publishers: int = 7  # where there are many freezes, half of them stand still
    least: float = 0
    limit: float = 600


@dataclass
class Toll:
    """What a storm did. `struck` counts the states of deliveries whose publisher was killed over them."""

    kills: int = 0
    freezes: int = 0
    crashes: int = 0
    fallen: list[int] = field(default_factory=list)  # exit statuses of publishers that ended by themselves
    struck: Counter[str] = field(default_factory=Counter)
    seconds: float = 0


class Crew:
    """Publishers, each a whole one, forked from here and replaced when killed."""

    def __init__(self, size: int, dice: random.Random, log: Path) -> None:
        self.dice, self.log, self.toll = dice, log, Toll()
        self.alive: list[int] = []
        self.frozen: dict[int, float] = {}
        gc.freeze()  # what is imported stays shared with the children
        for _ in range(size):
            self.start()

    def start(self) -> None:
        self.alive.append(fork(self._publish))

    def _publish(self) -> None:
        """In the child: what the public sees goes first, so publishers step back for the emulator and the judge."""
        os.nice(5)
        with self.log.open("ab") as log:
            os.dup2(log.fileno(), sys.stdout.fileno())
            os.dup2(log.fileno(), sys.stderr.fileno())
        loop.THREADS, loop.SETTLERS = THREADS, SETTLERS
        publish_until_told(EVERY)

    def kill_one(self) -> None:
        """Any of them, whatever it is doing, frozen or not; another one takes its place."""
        pid = self.dice.choice(self.alive)
        self._bury(pid)
        self.start()

    def _bury(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        status = ended(pid)
        self.alive.remove(pid)
        self.frozen.pop(pid, None)
        if status != KILLED:
            self.toll.fallen.append(status)
            return
        self.toll.kills += 1
        work = Delivery.objects.filter(state__in=LEASED, owner__contains=f":{pid}:")
        self.toll.struck.update(work.values_list("state", flat=True))

    def freeze_one(self) -> None:
        able = [pid for pid in self.alive if pid not in self.frozen]
        if able:
            pid = self.dice.choice(able)
            os.kill(pid, signal.SIGSTOP)
            self.frozen[pid] = time.monotonic()

    def thaw_due(self) -> None:
        """Let go on what has stood still for a lease and a little more.

        One that was forgotten for longer than the settle time covers is killed instead: it would be the residue that
        no fence can help, and no fault of the outbox.
        """
        for pid, since in list(self.frozen.items()):
            still = time.monotonic() - since
            if still > longest_pause():
                self._bury(pid)
                self.start()
            elif still > times().lease * 1.06:
                os.kill(pid, signal.SIGCONT)
                del self.frozen[pid]
                self.toll.freezes += 1

    def stop(self) -> None:
        """Tell all to end, and make sure that they did."""
        for pid in self.alive:
            for word in (signal.SIGCONT, signal.SIGTERM):
                os.kill(pid, word)
        ends = time.monotonic() + 10
        while self.alive and time.monotonic() < ends:
            pid, status = os.waitpid(self.alive[0], os.WNOHANG)
            if pid:
                ending = os.waitstatus_to_exitcode(status)
                self.toll.fallen += [] if ending in {0, -signal.SIGTERM} else [ending]  # some had only just begun
                self.alive.remove(pid)
            time.sleep(0.02)
        for pid in list(self.alive):
            self._bury(pid)


def longest_pause() -> float:
    """The settle time covers the longest pause and the latest acceptance together; this is the share of the pause."""
    return times().lease + times().settle / 5


class Storm:
    """Runs the publishers until all is out and the plan is fulfilled.

    `watch` is called twice a second with whether the blows are over, and says what share of everything is out. The
    blows never run far ahead of that share: on a slow machine they would hit publishers that have not begun to work.
    """

    def __init__(self, plan: Plan, seed: int, log: Path, watch: Callable[[bool], float]) -> None:
        self.plan, self.watch = plan, watch
        self.share, self.age = 0.0, 0.0
        self.dice = random.Random(seed)
        self.crew = Crew(plan.publishers, self.dice, log)
        self.begun = self.last = time.monotonic()
        self.next: dict[str, float] = {}

    def run(self, crash: Callable[[], None] | None = None) -> Toll:
        """`crash` crashes the database and brings it back."""
        toll = self.crew.toll
        try:
            while time.monotonic() - self.begun < self.plan.limit:
                self._blow(crash)
                if self._turn("watch", 0.5):
                    self.share = self.watch(self._over())
                    if self.share == 1 and self._over():
                        break
                time.sleep(0.005)
        finally:
            self.crew.stop()
            toll.seconds = time.monotonic() - self.begun
        return toll

    def _over(self) -> bool:
        toll, plan = self.crew.toll, self.plan
        lasted = time.monotonic() - self.begun >= plan.least
        return lasted and toll.kills >= plan.kills and toll.freezes >= plan.freezes and toll.crashes >= plan.crashes

    def _blow(self, crash: Callable[[], None] | None) -> None:
        toll, plan = self.crew.toll, self.plan
        self._grow_older()
        self.crew.thaw_due()
        if toll.kills < plan.kills and self._chance("kill", plan.kills):
            self.crew.kill_one()
        crash_is_due = crash and toll.crashes < plan.crashes and self.age > self._moment(toll.crashes + 1)
        if crash and crash_is_due and not self.crew.frozen:  # it takes a while, and nobody may stand still too long
            crash()
            toll.crashes += 1
        fewer = toll.freezes + len(self.crew.frozen) < plan.freezes
        if fewer and not crash_is_due and self._chance("freeze", plan.freezes):
            self.crew.freeze_one()

    def _grow_older(self) -> None:
        """Count the seconds of storm, which stand still where too little is out for more of it."""
        now = time.monotonic()
        if self.share == 1 or self.age < self.share * self.plan.blows + AHEAD:
            self.age += now - self.last
        self.last = now

    def _moment(self, n: int) -> float:
        return self.plan.blows * n / (self.plan.crashes + 1)

    def _chance(self, what: str, times_in_all: int) -> bool:
        """Random in time: the pauses between two are drawn, and short ones are the most frequent."""
        due = self.next.setdefault(what, self.dice.expovariate(times_in_all / self.plan.blows))
        if self.age < due:
            return False
        self.next[what] = due + self.dice.expovariate(times_in_all / self.plan.blows)
        return True

    def _turn(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self.next.get(what, 0):
            return False
        self.next[what] = now + every
        return True
