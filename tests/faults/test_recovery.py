"""Yesterday's database must not send today's posts again: a real dump restored, and a data folder copied."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts import clock
from channels_app import outbox
from channels_app.emulator.client import Emulator
from channels_app.models import Attempt, Channel, Delivery, Heartbeat
from channels_app.publishing import instance
from config.backups import making
from tests.factories import make_user
from tests.faults import cluster
from tests.faults.cargo import everywhere, needed, turn
from tests.faults.cluster import Servers
from tests.faults.conftest import FACTOR, World, made
from tests.faults.crew import at_work, create, seen
from tests.faults.workers import until

POSTS, EARLY = 200, 20
CHANNELS = 20


@pytest.fixture
def town(emulated: Emulator, servers: Servers, settings: Any, tmp_path: Path) -> Iterator[World]:
    """A world in a database that may be thrown away and copied."""
    with made(emulated, settings, tmp_path, FACTOR) as world:
        yield world


@pytest.fixture
def channels(town: World) -> list[Channel]:
    return everywhere(town, CHANNELS)


def speak(town: World, channels: list[Channel], first: int, last: int, in_seconds: float = 0) -> list[Delivery]:
    due = clock.now() + timedelta(seconds=in_seconds)
    where = [(n, turn(channels, n)) for n in range(first, last)]
    return [create(one, f"Notice {n} of the town.", due, **needed(town, one)) for n, one in where]


def send_all() -> None:
    with at_work():
        until(lambda: not Delivery.objects.exclude(state="published").exists(), 60)


def some_cycles(count: int = 5) -> None:
    """A publisher is alive and has looked so many times."""
    for _ in range(count):
        before = Heartbeat.objects.get(role="publisher").at if Heartbeat.objects.exists() else None
        until(lambda was=before: Heartbeat.objects.filter(role="publisher").exclude(at=was).exists())


def found_by_reading() -> int:
    return Delivery.objects.filter(state="published", via="reconcile").count()


def intents() -> int:
    return Attempt.objects.filter(event="intent").count()


def test_a_restored_dump_sends_nothing_and_finds_what_was_sent(
    town: World, channels: list[Channel], tmp_path: Path, record_property: Any
):
    speak(town, channels, 0, POSTS - EARLY)
    early = speak(town, channels, POSTS - EARLY, POSTS, in_seconds=25)
    call_command("backup", to=tmp_path / "backups")
    for one in early:  # after the backup somebody would not wait
        outbox.reschedule(one, clock.now() + timedelta(seconds=1), make_user("publisher"), clock.now(), one.version)
    send_all()
    once = {f"Notice {n} of the town.": 1 for n in range(POSTS)}
    assert seen(town, channels) == once

    call_command("restore", making.newest(tmp_path / "backups"), replace=True)
    assert Delivery.objects.filter(state="published").count() == 0
    began = time.monotonic()
    with at_work():
        some_cycles()
        until(lambda: found_by_reading() >= POSTS - EARLY, 60)
        assert (seen(town, channels), outbox.publishing_state().on, intents()) == (once, False, 0)
        outbox.resume_all(make_user("manager"), clock.now())
        until(lambda: found_by_reading() == POSTS, 60)
        record_property("restored", f"{POSTS} found by reading in {time.monotonic() - began:.1f} s, 0 sent")
        assert intents() == 0
        speak(town, channels, POSTS, POSTS + 1)
        until(lambda: seen(town, channels).total() > POSTS)
    assert seen(town, channels) == once | {f"Notice {POSTS} of the town.": 1}


def test_a_cloned_data_folder_sends_nothing_until_a_person_resumes_it(
    town: World, channels: list[Channel], servers: Servers, tmp_path: Path, settings: Any, monkeypatch: Any
):
    speak(town, channels, 0, 20)
    send_all()
    speak(town, channels, 20, 60, in_seconds=3)
    servers.crash_postgres()
    with_clone = cluster.Servers(tmp_path / "clone")
    shutil.copytree(servers.where.cluster, with_clone.where.cluster, dirs_exist_ok=True)
    servers.start_postgres()
    send_all()  # the original goes on
    once = {f"Notice {n} of the town.": 1 for n in range(60)}
    assert seen(town, channels) == once

    shutil.copy(settings.PARLEY_INSTANCE_FILE, tmp_path / "clone" / "instance.json")
    settings.PARLEY_INSTANCE_FILE = str(tmp_path / "clone" / "instance.json")
    (tmp_path / "machine-id").write_text("another machine")
    monkeypatch.setattr(instance, "MACHINE_ID", tmp_path / "machine-id")
    try:
        with_clone.start_postgres()
        with_clone.start_valkey()
        with cluster.pointing_at(with_clone), at_work():
            some_cycles()
            until(lambda: found_by_reading() == 40, 60)
            assert outbox.publishing_state().why == instance.COPIED
            assert seen(town, channels) == once
            outbox.resume_all(make_user("manager"), clock.now())
            speak(town, channels, 60, 61)
            until(lambda: seen(town, channels).total() > 60)
            some_cycles()
            assert seen(town, channels) == once | {"Notice 60 of the town.": 1}
    finally:
        with_clone.stop()
