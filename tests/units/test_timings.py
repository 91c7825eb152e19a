"""The durations of the outbox hold each other up: their order is what keeps a post from going out twice."""

from __future__ import annotations

import pytest

from channels_app.publishing.timings import Timings, nth

LIMIT, SOFT_LIMIT = 75, 70  # seconds of a task of the queue `publish`


@pytest.mark.parametrize("factor", [1, 10, 30, 100])
def test_the_order_of_the_durations_holds_whatever_they_are_divided_by(factor: float):
    t = Timings().divided(factor)
    assert t.call < t.lease_needed < t.lease
    assert t.lease > LIMIT / factor > SOFT_LIMIT / factor > 2 * t.call
    assert t.turn < t.lease - t.lease_needed - t.call
    assert t.settle > t.lease_needed
    assert t.lease + t.settle + 2 * t.between_reads + 2 * t.call < t.give_up
    assert t.lease + t.settle < t.give_up < t.key_good
    assert t.pacing < t.overdue
    assert t.stop == pytest.approx(5 / factor)
    assert list(t.backoff) == pytest.approx([60 / factor, 300 / factor, 900 / factor, 3600 / factor])


def test_a_tolerance_between_clocks_is_not_a_duration_to_divide():
    assert Timings().divided(100).jump == 30


def test_the_last_wait_is_the_one_for_all_that_follow():
    assert [nth((1, 2, 3), n) for n in (0, 1, 2, 3, 9)] == [1, 1, 2, 3, 3]
