"""The broker is killed, frozen and emptied under load: posts go out on time, and nothing that came in is lost.

A worker that afterwards runs and answers, but takes no more messages, makes room for a fresh one.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models import F

from accounts import clock
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Cursor, Delivery, Heartbeat
from config.celery import app
from config.lively import EXIT
from engagement.models import Message
from tests.faults.cluster import Servers
from tests.faults.conftest import World, made
from tests.faults.crew import at_work, create, seen
from tests.faults.ticking import QUEUES, Celery, celery
from tests.faults.workers import until

PLATFORMS = ("mastodon", "facebook", "mastodon", "x")
HEARD_ON = {"mastodon", "facebook"}  # where residents' mentions are read without a quota
LATE = 15.0  # seconds, for 95 in 100


@dataclass(frozen=True)
class Size:
    posts: int
    items: int
    blows: int
    seconds: float  # over which the posts are due, and residents write
    channels: int = 20


CI = Size(500, 2_000, 20, 20)
LONG = Size(5_000, 20_000, 200, 240)


@pytest.fixture
def size(long: bool) -> Size:
    return LONG if long else CI


@pytest.fixture
def world(servers: Servers, emulated: Emulator, settings: Any, tmp_path: Path) -> Iterator[World]:
    """With real durations: how late a post is counts here."""
    with made(emulated, settings, tmp_path, 1) as world:
        yield world


def speak(channels: list[Channel], size: Size) -> None:
    """Posts that become due one after another, from a moment on when all of them are there."""
    first = clock.now() + timedelta(seconds=2 + size.posts / 60)
    for n in range(size.posts):
        due = first + timedelta(seconds=size.seconds * n / size.posts)
        create(channels[n % size.channels], f"Notice {n} of the town.", due)


def write_in(world: World, channels: list[Channel], size: Size) -> None:
    """Residents write, at about the same pace."""
    heard = [channel for channel in channels if channel.platform in HEARD_ON]
    began = time.monotonic()
    for n in range(size.items):
        channel = heard[n % len(heard)]
        world.emulator.say(
            channel.platform, f"Question {n} for {channel.handle}", to=channel.remote_id, by=f"r{n % 97}"
        )
        ahead = began + size.seconds * n / size.items - time.monotonic()
        time.sleep(max(0.0, ahead))


def strike(servers: Servers, dice: random.Random) -> str:
    """One blow, and back to life."""
    blow = dice.choice(["kill", "freeze", "flush"])
    if blow == "kill":
        servers.kill_valkey()
        time.sleep(dice.uniform(0.1, 1.5))
        servers.start_valkey()
    elif blow == "freeze":
        servers.freeze_valkey()
        time.sleep(dice.uniform(0.3, 2.5))
        servers.thaw_valkey()
    else:
        servers.flush_valkey()
    return blow


def read_now() -> None:
    """The streams residents write in are due, as if their time had come."""
    streams = Cursor.objects.filter(root="", channel__platform__in=HEARD_ON, next_poll_at__gt=clock.now())
    streams.update(next_poll_at=clock.now())


def questions() -> Counter[str]:
    return Counter(Message.objects.filter(text__contains="Question").values_list("text", flat=True))


def everything_was_heard(workers: Celery, size: Size) -> bool:
    workers.look_after()
    read_now()
    time.sleep(1)
    return len(questions()) == size.items


def lateness() -> list[float]:
    rows = Delivery.objects.annotate(late_by=F("published_at") - F("due_at")).values_list("late_by", flat=True)
    return sorted(one.total_seconds() for one in rows if one is not None)


def test_without_a_broker_posts_are_on_time_and_nothing_that_came_in_is_lost(
    world: World, servers: Servers, tmp_path: Path, seed: int, size: Size, record_property: Callable[..., None]
):
    dice = random.Random(seed)
    channels = [world.channel(PLATFORMS[n % len(PLATFORMS)]) for n in range(size.channels)]
    blows: Counter[str] = Counter()
    with at_work(), celery(world, tmp_path) as workers, at_work(lambda: write_in(world, channels, size)):
        connections.close_all()
        speak(channels, size)
        for _ in range(size.blows):
            blows[strike(servers, dice)] += 1
            workers.look_after()
            read_now()
            time.sleep(dice.uniform(0.2, 2 * size.seconds / size.blows - 1))
        until(lambda: Delivery.objects.filter(state="published").count() == size.posts, 60)
        until(lambda: everything_was_heard(workers, size), 90)
    late = lateness()
    p95 = late[len(late) * 95 // 100]
    assert seen(world, channels) == {f"Notice {n} of the town.": 1 for n in range(size.posts)}
    assert set(questions().values()) == {1}
    assert len(questions()) == size.items
    assert p95 <= LATE
    began = f"{dict(blows)}, {workers.begun_again} workers begun again"
    record_property(
        "broker", f"{began}; {size.posts} posts, p95 {p95:.1f} s late, worst {late[-1]:.1f} s; {size.items} items"
    )


def test_a_worker_that_takes_nothing_ends_and_the_next_one_goes_on(
    world: World, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PARLEY_WORKER_SILENCE", "3")
    with celery(world, tmp_path) as workers:
        deaf = workers.processes[workers.WORKER]
        with app.connection_for_write() as broker:
            for queue in QUEUES.split(","):
                app.control.cancel_consumer(queue, connection=broker)
        until(lambda: deaf.poll() is not None, 30)
        assert deaf.returncode == EXIT
        ended = clock.now()
        workers.look_after()
        until(lambda: Heartbeat.objects.filter(role="poller", at__gt=ended).exists(), 60)
        assert workers.begun_again == 1
