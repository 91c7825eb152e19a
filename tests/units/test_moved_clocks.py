"""What comes into a conversation or leaves it, as its clock reads it."""

from __future__ import annotations

from datetime import timedelta

from engagement import clocks
from engagement.clocks import Event
from tests.factories import NOON

HOUR = timedelta(hours=1)


def said(message: int, hours: float) -> Event:
    return Event("started", NOON + hours * HOUR, message)


def came(message: int, hours: float, *, owed: bool = True) -> Event:
    return Event("came", NOON + hours * HOUR, message, clocks.OWED if owed else "")


def left(message: int, hours: float) -> Event:
    return Event("left", NOON + hours * HOUR, message)


def test_what_comes_owed_is_owed_from_when_it_was_asked():
    reading = clocks.read([said(1, 2), came(2, 0)])
    assert reading.current.since == NOON
    assert set(reading.owed) == {1, 2}


def test_what_comes_settled_owes_nothing():
    assert clocks.read([came(1, 0, owed=False)]).standing == "none"


def test_what_leaves_is_not_owed_here_any_more_and_ends_no_turn():
    reading = clocks.read([said(1, 0), said(2, 1), left(1, 0)])
    assert reading.owed == [2]
    assert reading.current.since == NOON + HOUR
    assert clocks.read([said(1, 0), left(1, 0)]).turns == []


def test_an_answer_from_before_it_came_does_not_settle_it():
    answered = Event("answered", NOON + 3 * HOUR)
    assert clocks.read([said(1, 0), answered, came(2, 1)]).owed == [2]
    assert clocks.read([said(1, 0), came(2, 1), answered]).owed == ()


def test_what_was_set_aside_and_left_is_not_owed_when_it_is_opened_again():
    settled, opened = Event("no_reply_needed", NOON + HOUR), Event("reopened", NOON + 2 * HOUR)
    assert clocks.read([said(1, 0), said(2, 0), settled, left(1, 0), opened]).owed == [2]
