"""`manage.py send_due` as a process: it publishes, and ends within two seconds when told, whatever is going on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accounts import clock
from channels_app import outbox
from channels_app.models import Delivery, Heartbeat
from policy.approvals import content_hash, free
from tests.factories import make_payload
from tests.faults.conftest import World
from tests.faults.workers import until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def publisher(world: World, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the command in the world's database, at real speed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "EMULATOR_URL": world.emulator.url,
            "PARLEY_INSTANCE_FILE": str(tmp_path / "instance.json"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, "-m", "django", "send_due", *words]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait(10)


def create(world: World, platform: str = "mastodon") -> Delivery:
    now, channel, payload = clock.now(), world.channel(platform), make_payload()
    approval = free(content_hash(payload, channel.key), "post", asked_by=None, now=now)
    return outbox.create(channel, "post", "post", payload, approval, None, now, now)


def test_it_publishes_and_ends_when_told(world: World, publisher):
    process = publisher("--every", "0.5")
    until(lambda: Heartbeat.objects.filter(role="publisher").exists())
    post = create(world)
    until(lambda: Delivery.objects.filter(pk=post.pk, state="published").exists())
    assert len(world.public(post.channel)) == 1
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - begun < 3  # two seconds, and what a busy machine adds


def test_a_call_under_way_does_not_keep_it_from_ending(world: World, publisher):
    process = publisher()
    until(lambda: Heartbeat.objects.filter(role="publisher").exists())
    world.emulator.fault("delay_after", platform="mastodon", method="POST", seconds=20, times=1)
    post = create(world)
    until(lambda: Delivery.objects.filter(pk=post.pk, state="sending").exists())
    until(lambda: len(world.public(post.channel)) == 1)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - begun < 3  # two seconds, and what a busy machine adds
    post.refresh_from_db()
    assert post.state == "sending"


def test_once_is_one_round(world: World, publisher):
    post = create(world)
    assert publisher("--once").wait(30) == 0
    post.refresh_from_db()
    assert post.state == "published"
