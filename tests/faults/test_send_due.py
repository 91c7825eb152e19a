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


def members(process: subprocess.Popen[bytes]) -> set[int]:
    """The processes that do the work for this one."""
    words = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return set(map(int, words.split()))


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_one_of_its_processes_that_is_killed_is_started_again(world: World, publisher):
    process = publisher("--processes", "2")
    until(lambda: len(members(process)) == 2)
    killed = min(members(process))
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(members(process) - {killed}) == 2)
    post = create(world)
    until(lambda: Delivery.objects.filter(pk=post.pk, state="published").exists())


def test_killed_itself_it_leaves_no_process_behind(world: World, publisher):
    process = publisher("--processes", "2")
    until(lambda: Heartbeat.objects.filter(role="publisher").exists() and len(members(process)) == 2)
    left = members(process)
    process.kill()
    until(lambda: all(map(gone, left)))


def test_several_share_what_is_due_and_send_each_once(world: World, publisher):
    publisher("--processes", "2", "--every", "0.5")
    until(lambda: Heartbeat.objects.filter(role="publisher").exists())
    posts = [create(world, platform) for platform in ("mastodon", "x", "facebook")]
    until(lambda: Delivery.objects.filter(state="published").count() == len(posts))
    assert [len(world.public(post.channel)) for post in posts] == [1, 1, 1]


@pytest.mark.parametrize("number", ["0", "9"])
def test_a_number_of_processes_that_makes_no_sense_is_refused(world: World, publisher, number: str):
    assert publisher("--processes", number).wait(30) == 1


def test_once_is_one_round(world: World, publisher):
    post = create(world)
    assert publisher("--once").wait(30) == 0
    post.refresh_from_db()
    assert post.state == "published"
