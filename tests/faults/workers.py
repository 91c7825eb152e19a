"""Publishers as processes of their own, forked from a parent that has imported everything, to be killed at will."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable

from django.db import connections

from accounts import clock
from channels_app import failpoints, platforms
from channels_app.models import Delivery
from channels_app.publishing import reconcile, rounds, sending, sweep
from channels_app.publishing.claim import claim, whole
from channels_app.publishing.loop import Loop
from config.unprivileged import dies_with_parent

KILLED = -signal.SIGKILL
SETTLED_WITHIN = 60


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to come true; AssertionError when it does not in time."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


def fork(job: Callable[[], object], spec: str = "") -> int:
    """Start a process that does one job with these fail-points armed; its id. It ends with us at the latest."""
    for name in platforms.REGISTRY:
        platforms.get(name)
    connections.close_all()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        dies_with_parent(signal.SIGKILL)()
        failpoints.arm(spec)
        job()
        status = 0
    except BaseException:  # noqa: BLE001 - the process ends here whatever it was
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def ended(pid: int) -> int:
    """How it ended: its exit status, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def work_on_one() -> None:
    """Claim the next delivery and take it as far as the claim goes."""
    me = rounds.publisher(clock.now)
    delivery = claim(me, clock.now())
    if delivery is not None:  # frozen after its claim, it may have lost it
        sending.work(me, delivery)


def sweep_one(pk: int) -> None:
    sweep._one(Delivery.objects.all(), pk, sweep._lease_ended, clock.now())


def look_once(pk: int) -> None:
    Delivery.objects.filter(pk=pk).update(next_action_at=clock.now())
    reconcile.settle(whole(pk), clock.now)


def publish_until_told(every: float = 0.1) -> None:
    """A whole publisher, until SIGTERM."""
    loop = Loop(every)
    signal.signal(signal.SIGTERM, lambda *_: loop.stop())
    loop.run()
    loop.finish()


def settle() -> None:
    """Let a healthy publisher go on until everything is published, or has had long enough to be."""
    pid = fork(publish_until_told)
    try:
        until = time.monotonic() + SETTLED_WITHIN
        while time.monotonic() < until and Delivery.objects.exclude(state="published").exists():
            time.sleep(0.2)
    finally:
        os.kill(pid, signal.SIGTERM)
        ended(pid)
