"""F3: take one guard away, and the same storm finds posts that went out twice; with all of them in place it finds none.

A judge that never finds anything proves nothing. Each weakness here is one change made for the length of a run. The
weather is made for them: answers come slowly, so that publishers die between a post and its answer; some posts are
taken as late as the settle time allows; each publisher stands still once, just before it begins to send, until
another has sent the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from channels_app.models import Delivery
from channels_app.platforms.base import Ending, Outgoing, Receipt, TryLater
from channels_app.publishing import landing, results, sending, timings
from channels_app.publishing.outgoing import platform_of
from channels_app.publishing.publisher import Publisher
from policy.moves import move
from tests.faults.cargo import load
from tests.faults.conftest import FACTOR, WORDS_ALONE, World
from tests.faults.judging import Verdict, judge, nothing_is_forgotten, stories
from tests.faults.storm import Plan, Storm
from tests.faults.workers import until

TARGETS, CHANNELS = 200, 66
SLOW = 12 / FACTOR  # seconds an answer takes
LATE = 180 / FACTOR  # the latest that the settle time, counted from the end of a lease, still covers
PLAN = Plan(blows=3, kills=10, publishers=4, limit=150)
Patch = pytest.MonkeyPatch


def no_intent(patch: Patch) -> None:
    """That a send begins is written down only together with how it ended."""
    real = results.ended
    begun: dict[int, Publisher] = {}

    def intend(me: Publisher, delivery: Delivery) -> bool:
        begun[delivery.pk] = me
        return True

    def ended(delivery: Delivery, ending: Receipt | Ending, now: datetime, *, open_before: bool) -> None:
        if intend_really(begun.pop(delivery.pk), delivery):
            real(delivery, ending, now, open_before=open_before)

    intend_really = sending.intend
    patch.setattr(sending, "intend", intend)
    patch.setattr(results, "ended", ended)


def no_settling(patch: Patch) -> None:
    """What is not there when the lease ends is believed never to come."""
    short = replace(timings.Timings().divided(FACTOR), settle=0, between_reads=0)
    patch.setattr(timings, "_at", lambda factor: short)


def no_fence(patch: Patch) -> None:
    """Whoever had a claim once writes and sends as if it still had it, under a number of its own."""

    def move_anyway(
        thing: Delivery, to: str, *, now: datetime, by: User | None = None, reason: str = "", **changes: Any
    ) -> Delivery:
        del changes["holding"]
        mine = {"state": thing.state, "lease_until": thing.lease_until, "fence": F("fence") + 1}
        Delivery.objects.filter(pk=thing.pk).update(**mine)
        return move(thing, to, now=now, by=by, reason=reason, **changes)

    patch.setattr(landing, "move", move_anyway)


def plain_retry(patch: Patch) -> None:
    """What ended without an answer is simply sent again."""

    def again(delivery: Delivery, ending: Ending, now: datetime) -> None:
        results.later(delivery, TryLater(ending.words, wait=10, code=ending.code), now)

    patch.setattr(results, "uncertain", again)


def standing_still(patch: Patch) -> None:
    """Each publisher's first thing for a platform without a key waits, claimed, until somebody else has sent it.

    Only where sending again would show: to make a container or a video public twice is to have done it once.
    """
    real, first = sending.outgoing, threading.Semaphore(1)

    def outgoing(delivery: Delivery, **how: Any) -> Outgoing:
        shows = delivery.channel.platform in WORDS_ALONE and not platform_of(delivery.channel).KEYED
        if shows and first.acquire(blocking=False):
            out = Delivery.objects.filter(pk=delivery.pk, state="published")
            until(out.exists, seconds=PLAN.limit)
        return real(delivery, **how)

    patch.setattr(sending, "outgoing", outgoing)


WEAKNESSES: list[Callable[[Patch], None]] = [no_intent, no_settling, no_fence, plain_retry]


@dataclass
class Run:
    """The same cargo, weather and blows each time."""

    world: World
    seed: int
    log: Path
    patch: Patch

    def until_out(self) -> Verdict:
        """Until all of it is out, and everything that came late has had its turn."""
        plan = replace(PLAN, least=PLAN.blows + LATE + 1)
        return self._through(plan, lambda: not Delivery.objects.exclude(state="published").exists())

    def until_twice(self) -> Verdict:
        """Until the public has seen something twice."""
        return self._through(PLAN, lambda: bool(self._verdict().twice))

    def _through(self, plan: Plan, enough: Callable[[], bool]) -> Verdict:
        self._weather()
        standing_still(self.patch)

        def watch(over: bool) -> float:
            nothing_is_forgotten()
            return float(enough())

        Storm(plan, self.seed, self.log, watch).run()
        return self._verdict()

    def _verdict(self) -> Verdict:
        return judge(self.world, Delivery.objects.exclude(origin="root").select_related("channel"))

    def _weather(self) -> None:
        emulator = self.world.emulator
        emulator.rules(duplicates=False)
        emulator.call("POST", "faults", {"dice": self.seed})
        posts = {"route": "publish,reply"}
        emulator.fault("late", probability=0.2, times=40, seconds=LATE, answer="drop", **posts)
        emulator.fault("drop_after", probability=0.2, times=40, **posts)
        emulator.fault("delay_after", seconds=SLOW, **posts)


@pytest.fixture
def run(world: World, seed: int, tmp_path: Path, monkeypatch: Patch) -> Run:
    load(world, TARGETS, CHANNELS)  # while all guards are in place
    return Run(world, seed, tmp_path / "publishers.log", monkeypatch)


def test_with_every_guard_in_place_nothing_is_out_twice(run: Run):
    verdict = run.until_out()
    assert (verdict.twice, verdict.never, verdict.untrue) == ([], [], []), stories(verdict.all())


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=lambda weakness: weakness.__name__)
def test_without_one_of_them_the_public_sees_something_twice(
    run: Run, weakness: Callable[[Patch], None], monkeypatch: Patch, record_property: Callable[..., None]
):
    weakness(monkeypatch)
    verdict = run.until_twice()
    record_property(f"F3 {weakness.__name__}", f"{len(verdict.twice)} of {TARGETS} out twice")
    assert verdict.twice, "the harness does not see what this weakness does"
