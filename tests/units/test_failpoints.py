"""Fail-points cost nothing when not armed, and do exactly what they are armed for."""

from __future__ import annotations

import os
import signal
import time
import timeit
from collections.abc import Iterator

import pytest

from channels_app import failpoints
from channels_app.platforms import http


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints.disarm()


def test_not_armed_they_cost_less_than_a_microsecond():
    runs = 20_000
    taken = timeit.repeat("hit('after_intent')", globals={"hit": failpoints.hit}, number=runs, repeat=20)
    assert min(taken) / runs < 1e-6


@pytest.mark.parametrize("name", failpoints.NAMES)
def test_every_place_can_be_armed(name: str):
    failpoints.arm(f"{name}=raise")
    with pytest.raises(failpoints.Broken, match=name):
        failpoints.hit(name)


def test_a_place_springs_once_and_on_the_pass_it_was_told():
    failpoints.arm("in_sweep=raise@2")
    failpoints.hit("in_sweep")
    with pytest.raises(failpoints.Broken):
        failpoints.hit("in_sweep")
    failpoints.hit("in_sweep")
    failpoints.hit("in_after")


def test_hanging_takes_its_time():
    failpoints.arm("after_claim=hang:0.05")
    begun = time.monotonic()
    failpoints.hit("after_claim")
    assert time.monotonic() - begun >= 0.05


def test_killing_kills():
    child = os.fork()
    if child == 0:
        failpoints.arm("after_claim=kill")
        failpoints.hit("after_claim")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("wrong", ["nowhere=kill", "after_claim=explode", "after_claim"])
def test_a_place_or_way_that_does_not_exist_is_an_error(wrong: str):
    with pytest.raises(ValueError, match="no fail-point"):
        failpoints.arm(wrong)


def test_the_places_within_a_request_are_watched_only_while_armed():
    failpoints.arm("mid_body=raise, after_body=raise")
    with pytest.raises(failpoints.Broken):
        http.fail("mid_body")
    failpoints.disarm()
    http.fail("after_body")
