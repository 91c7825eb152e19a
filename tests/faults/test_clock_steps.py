"""The database's clock leaps by hours and days under two publishers and two beats: nothing early, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from accounts import clock
from accounts.models import User
from channels_app import outbox
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Heartbeat
from tests.factories import make_user
from tests.faults.cargo import everywhere, needed, turn
from tests.faults.cluster import Servers
from tests.faults.conftest import World, made
from tests.faults.crew import at_work, create, seen, states
from tests.faults.ticking import celery
from tests.faults.workers import publish_until_told, until

CHANNELS = 15
SOON, IN_HALF_AN_HOUR, TOMORROW = 200, 50, 50
HOUR, DAY = 3600, 86_400
# Named before PostgreSQL's own, this clock is the one that everybody asks in this database.
STEPPED = """
CREATE SCHEMA stepped;
CREATE TABLE stepped.by (seconds double precision);
INSERT INTO stepped.by VALUES (0);
CREATE FUNCTION stepped.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
  'SELECT pg_catalog.clock_timestamp() + make_interval(secs => (SELECT seconds FROM stepped.by))';
GRANT USAGE ON SCHEMA stepped TO app;
GRANT SELECT ON stepped.by TO app;
ALTER DATABASE parley SET search_path = stepped, public, pg_catalog;
"""


@pytest.fixture
def world(servers: Servers, emulated: Emulator, settings: Any, tmp_path: Path) -> Iterator[World]:
    as_owner(servers, STEPPED)
    with made(emulated, settings, tmp_path, 1) as world:
        yield world


def as_owner(servers: Servers, sql: str) -> None:
    with closing(psycopg2.connect(servers.environment["MIGRATE_DATABASE_URL"])) as line, line, line.cursor() as cursor:
        cursor.execute(sql)


def step(servers: Servers, seconds: float) -> None:
    """Now, and for everybody, the clock is this far off."""
    as_owner(servers, f"UPDATE stepped.by SET seconds = {seconds}")


def someone_looked(times: int = 3) -> None:
    """A publisher has finished so many cycles."""
    for _ in range(times):
        at = Heartbeat.objects.get(role="publisher").at
        until(lambda was=at: Heartbeat.objects.get(role="publisher").at != was)


def speak(world: World, channels: list[Channel]) -> None:
    def say(number: int, text: str, due_at: datetime) -> None:
        channel = turn(channels, number)
        create(channel, text, due_at, **needed(world, channel))

    start = clock.now() + timedelta(seconds=3)
    for n in range(SOON):
        say(n, f"Notice {n} of the town.", start + timedelta(seconds=n / 10))
    for n in range(IN_HALF_AN_HOUR):
        say(n, f"Later {n}.", start + timedelta(minutes=30))
    for n in range(TOMORROW):
        say(n, f"Tomorrow {n}.", start + timedelta(hours=20))


def resume(manager: User) -> int:
    """A person has put the clock right, and lets publishing go on where it is off."""
    if outbox.publishing_state().on:
        return 0
    outbox.resume_all(manager, clock.now())
    return 1


def test_nothing_is_early_and_nothing_twice(world: World, servers: Servers, tmp_path: Path, record_property: Any):
    channels = everywhere(world, CHANNELS)
    manager, resumed = make_user("manager"), 0
    with at_work(publish_until_told, publish_until_told), celery(world, tmp_path, beats=2):
        speak(world, channels)
        for leap in (HOUR, -HOUR, DAY, -DAY):
            until(lambda: bool(seen(world, channels)))
            step(servers, leap)
            until(lambda: not outbox.publishing_state().on)
            someone_looked()
            assert not [text for text in seen(world, channels) if not text.startswith("Notice")], "sent early"
            step(servers, 0)
            someone_looked()
            resumed += resume(manager)
        ends = time.monotonic() + 60
        while seen(world, channels).total() < SOON and time.monotonic() < ends:
            time.sleep(0.5)
            resumed += resume(manager)  # a worker that looks late finds out late, and stops it once more
        someone_looked()
    assert states(payload__text__startswith="Notice") == {"published": SOON}
    assert seen(world, channels) == {f"Notice {n} of the town.": 1 for n in range(SOON)}
    record_property("clock steps", f"{SOON} once, {IN_HALF_AN_HOUR + TOMORROW} not early; resumed {resumed} times")
