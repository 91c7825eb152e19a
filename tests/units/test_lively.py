"""When a worker that takes nothing is taken for stuck."""

from __future__ import annotations

import pytest

from config.celery import app
from config.lively import Watch

WAITS, EMPTY, HEARS = "waits", "empty", "hears"


@pytest.mark.parametrize(
    ("story", "stuck"),
    [
        ([(0, EMPTY), (400, EMPTY)], False),
        ([(0, WAITS), (299, WAITS)], False),
        ([(0, WAITS), (150, WAITS), (300, WAITS)], True),
        ([(0, WAITS), (150, HEARS), (151, WAITS), (300, WAITS)], False),
        ([(0, WAITS), (150, EMPTY), (200, WAITS), (450, WAITS)], False),
        ([(0, WAITS), (150, EMPTY), (200, WAITS), (500, WAITS)], True),
    ],
)
def test_a_worker_is_stuck_when_messages_wait_for_five_minutes_and_it_takes_none(
    story: list[tuple[float, str]], stuck: bool
):
    watch = Watch(app, ("poll",), 300)
    said = False
    for at, what in story:
        if what == HEARS:
            watch.hear()
        else:
            said = watch.stuck(at, what == WAITS)
    assert said is stuck
