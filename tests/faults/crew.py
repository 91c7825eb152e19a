"""Processes at work for the length of a block, and the posts they are given."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from accounts import clock
from channels_app import outbox
from channels_app.models import Channel, Delivery
from policy.approvals import content_hash, free
from tests.factories import make_payload
from tests.faults.conftest import World
from tests.faults.workers import ended, fork, publish_until_told


@contextmanager
def at_work(*jobs: Callable[[], object]) -> Iterator[list[int]]:
    """One process for each job; at the end each is told to stop, and waited for."""
    pids = [fork(job) for job in jobs or (publish_until_told,)]
    try:
        yield pids
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        for pid in pids:
            ended(pid)


def create(
    channel: Channel, text: str, due_at: datetime | None = None, late_minutes: int | None = None, **parts: Any
) -> Delivery:
    """An approved post; however late it may go out, unless told otherwise. `parts`: what else is in it."""
    now, payload = clock.now(), make_payload(text, **parts)
    approval = free(content_hash(payload, channel.key), "post", asked_by=None, now=now)
    due_at = due_at or now
    return outbox.create(channel, "post", "post", payload, approval, None, due_at, now, late_minutes=late_minutes)


def seen(world: World, channels: list[Channel]) -> Counter[str]:
    """How often the public sees each text."""
    return Counter(one["text"] for channel in channels for one in world.public(channel))


def states(**only: Any) -> Counter[str]:
    return Counter(Delivery.objects.filter(**only).values_list("state", flat=True))
