"""F1: through a storm of kills, freezes, database crashes and platform faults everything is published exactly once.

What comes to a person in the storm is decided as a person would, by looking at the platform, and the storm goes on
until all of it is out: nothing is left open for the judge to be lenient about.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from accounts import audit
from channels_app import platforms
from channels_app.emulator.client import Emulator
from channels_app.models import Delivery
from channels_app.publishing.timings import times
from policy import records
from tests.factories import make_user
from tests.faults import weather
from tests.faults.cargo import load
from tests.faults.cluster import Servers
from tests.faults.conftest import World, made
from tests.faults.judging import (
    Person,
    between_two_intents_stands_a_proof,
    judge,
    nothing_is_forgotten,
    stories,
)
from tests.faults.storm import Plan, Storm


@dataclass(frozen=True)
class Size:
    """How much of everything, and what durations are divided by."""

    targets: int
    channels: int
    factor: float
    faults: int
    plan: Plan


CI = Size(2000, 60, 30, 750, Plan(blows=85, kills=455, freezes=72, crashes=2))
LONG = Size(6000, 90, 10, 2200, Plan(blows=700, kills=1400, freezes=220, crashes=6, publishers=9, limit=3000))


@pytest.fixture
def size(long: bool) -> Size:
    return LONG if long else CI


@pytest.fixture
def world(servers: Servers, emulated: Emulator, settings: Any, tmp_path: Path, size: Size) -> Iterator[World]:
    """In servers of its own, which the storm may crash."""
    with made(emulated, settings, tmp_path, size.factor) as world:
        yield world


def test_through_a_storm_everything_is_published_exactly_once(
    world: World, servers: Servers, tmp_path: Path, seed: int, size: Size, record_property: Callable[..., None]
):
    load(world, size.targets, size.channels)
    weather.begin(world.emulator, seed)
    person = Person(world, make_user("publisher"))

    def crash() -> None:
        servers.crash_and_restart_postgres()
        connections.close_all()

    def watch(over: bool) -> float:
        nothing_is_forgotten()
        person.decide_all()
        if over and weather.hits(world.emulator) >= size.faults <= weather.dealt_out(world.emulator):
            weather.clear(world.emulator)
        return Delivery.objects.filter(state="published").count() / Delivery.objects.count()

    toll = Storm(size.plan, seed, tmp_path / "publishers.log", watch).run(crash)
    faults = weather.dealt_out(world.emulator)
    time.sleep(40 / times().factor)  # what a platform takes late would come now
    deliveries = list(Delivery.objects.exclude(origin="root").select_related("channel"))
    verdict = judge(world, deliveries)
    by = {via: sum(one.via == via for one in deliveries) for via in ("answer", "reconcile", "person")}
    record_property("F1", f"{len(deliveries)} targets, {toll}, {faults} faults, {by}, people said {dict(person.said)}")

    assert (verdict.twice, verdict.never, verdict.untrue) == ([], [], []), stories(verdict.all())
    assert toll.fallen == []
    between_two_intents_stands_a_proof()
    assert audit.verify() is None
    assert records.verify() is None
    assert len(deliveries) >= size.targets
    assert {one.channel.platform for one in deliveries} == set(platforms.SENT_TO)
    assert toll.kills >= size.plan.kills
    assert toll.freezes >= size.plan.freezes
    assert toll.crashes >= size.plan.crashes
    assert toll.struck["sending"] >= size.plan.kills / 10  # they hit work, not idle publishers
    assert faults >= size.faults
