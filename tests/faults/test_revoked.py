"""A token is revoked under eight workers: the channel is lost once, nothing is tried again, no other one suffers."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts import clock
from accounts.audit import history_of
from accounts.models import User
from channels_app import connecting, trying
from channels_app.emulator import bsky_ids
from channels_app.emulator.client import Emulator
from channels_app.models import Attempt, Channel, Cursor, Delivery
from engagement import intake
from tests.contract.conftest import secrets_for
from tests.factories import make_user
from tests.faults.cargo import everywhere, needed
from tests.faults.conftest import World, made
from tests.faults.crew import at_work, create, seen
from tests.faults.workers import publish_until_told, until

WAVES, REVOKED, SPARED = 4, 25, 5  # 100 rounds, 25 at a time
FACTOR = 10
WAITING = 2  # posts of each revoked channel
PUBLISHERS = READERS = 4


@pytest.fixture
def world(emulated: Emulator, transactional_db: str, settings: Any, tmp_path: Path) -> Iterator[World]:
    with made(emulated, settings, tmp_path, FACTOR) as world:
        yield world


def publish() -> None:
    """A publisher that is woken rather than always looking: four of them share two cores here."""
    publish_until_told(0.5)


def read_until_told() -> None:
    """A worker that reads an account's streams as soon as they are due; a refused token is found out here as well."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(1))
    while not told:
        for cursor in Cursor.objects.filter(pk__in=intake.due(clock.now()), root=""):
            if not told:
                intake.poll(cursor.pk, clock.now())
        time.sleep(0.2)


def speak(world: World, channels: list[Channel], wave: int, each: int) -> list[Delivery]:
    return [
        create(channel, f"Wave {wave}, notice {n}, {channel.handle}.", **needed(world, channel))
        for channel in channels
        for n in range(each)
    ]


def revoke(world: World, channels: list[Channel]) -> None:
    for channel in channels:
        world.emulator.revoke(account=channel.remote_id)


def pasted(world: World, channel: Channel) -> dict[str, str]:
    """What the platform gives for its form: a token, or a password that opens a session."""
    if channel.platform == "bluesky":
        password = world.emulator.create_token(channel.remote_id, kind="password")
        return {"identifier": bsky_ids.handle(channel.handle), "app_password": password}
    token = world.emulator.create_token(channel.remote_id)
    return {name: one.reveal() for name, one in secrets_for(channel.platform, token).items()}


def reconnect(world: World, channels: list[Channel], by: User) -> None:
    """As a person does it: new keys, which take effect when the platform says whose they are."""
    for channel in channels:
        connecting.reconnect(channel, pasted(world, channel), by=by, now=clock.now())

    def tried() -> bool:
        trying.try_due(clock.now(), limit=len(channels))
        return not Channel.objects.exclude(state="ok").exists()

    until(tried)


def all_are(deliveries: list[Delivery], state: str) -> Callable[[], bool]:
    keys = [one.pk for one in deliveries]
    return lambda: Delivery.objects.filter(pk__in=keys, state=state).count() == len(keys)


def lost(channel: Channel) -> int:
    """How often it was written down that this channel lost its connection."""
    return history_of(channel).filter(act="needs_reconnect").count()


def test_a_channel_is_lost_once_and_comes_back_with_everything(world: World, record_property: Callable[..., None]):
    channels = everywhere(world, REVOKED + SPARED)
    ours, others = channels[:REVOKED], channels[REVOKED:]
    administrator = make_user("administrator")
    intents = Attempt.objects.filter(event="intent", delivery__channel__in=ours)
    with at_work(*[publish] * PUBLISHERS, *[read_until_told] * READERS):
        for wave in range(WAVES):
            known = intents.count()
            revoke(world, ours)
            blocked, fine = speak(world, ours, wave, WAITING), speak(world, others, wave, 1)
            until(all_are(blocked, "blocked"), 60)
            until(all_are(fine, "published"), 60)
            time.sleep(1)  # for whoever tries again
            assert intents.count() - known <= REVOKED, "tried again"
            assert all_are(blocked, "blocked")()
            assert [lost(channel) for channel in ours] == [wave + 1] * REVOKED
            assert {one.state for one in Channel.objects.filter(pk__in=[one.pk for one in others])} == {"ok"}
            reconnect(world, ours, administrator)
            until(all_are(blocked, "published"), 60)
    assert intents.count() <= WAVES * REVOKED * (WAITING + 1)
    assert set(seen(world, channels).values()) == {1}
    assert seen(world, channels).total() == WAVES * (REVOKED * WAITING + SPARED)
    assert not [channel for channel in others if lost(channel)]
    record_property("revoked", f"{WAVES * REVOKED} tokens under {PUBLISHERS + READERS} workers, each lost once")
