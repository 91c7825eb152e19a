"""Whole conversations against a desk that walks minute by minute: several messages, pauses, priorities, withdrawals."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from engagement import clocks
from engagement.clocks import Event, Promise, Turn
from tests.units.test_minute_clock import LENGTH, Case, both, first_reach

CASES = 1500
HOURS = {"": 24.0, "normal": 24.0, "high": 8.0, "urgent": 2.0}


@dataclass
class Desk:
    """A conversation as somebody would keep it on paper: who waits since when, for how long promised, and pauses."""

    case: Case
    owed: dict[int, tuple[int, float]] = field(default_factory=dict)  # message → minute, promised hours
    pauses: list[tuple[int, int]] = field(default_factory=list)
    paused: int | None = None
    turns: list[tuple[int, float, int | None, str]] = field(default_factory=list)

    def due(self, since: int, hours: float) -> datetime | None:
        """By walking: the end of the minute with which the promise is used up."""
        pauses = [*self.pauses, *([(self.paused, LENGTH)] if self.paused is not None else [])]
        walked = Case(**{**vars(self.case), "start": since, "promised": int(hours * 60), "pauses": pauses})
        return first_reach(walked, walked.running())

    def resume(self, at: int) -> None:
        if self.paused is not None and at > self.paused:
            self.pauses.append((self.paused, at))
            self.paused = None

    def end(self, at: int, how: str, settled: list[int]) -> None:
        since, hours = min(self.owed.pop(one) for one in settled)
        if how == "withdrawn" and self.owed:
            return
        self.resume(at)
        self.turns.append((since, hours, max(at, since), how))

    def prioritise(self, at: int, hours: float) -> None:
        for one, (since, promised) in list(self.owed.items()):
            due = self.due(since, promised)
            if due is None or due > self.case.at(at) or hours < promised:
                self.owed[one] = (since, hours)


def run(dice: random.Random, case: Case) -> tuple[list[Event], Desk]:
    """Draw what happens to a conversation over some days, as events and on paper."""
    hours = case.hours()
    desk, events, at, hours_now, count = Desk(case), [], case.start % 4000, 24.0, 0

    def add(kind: str, reason: str = "", message: int | None = None, promised: float = 24.0) -> None:
        events.append(Event(kind, case.at(at), message, reason, Promise(promised, 8, hours)))

    for _ in range(dice.randrange(2, 12)):
        at += dice.randrange(1, 500)
        what = dice.choice(["write", "write", "pause", "priority", "answer", "withdraw", "resume"])
        if what == "write":
            count += 1
            desk.owed[count] = (at, hours_now)
            desk.resume(at)
            add("started", message=count, promised=hours_now)
        elif what == "priority":
            priority = dice.choice(["normal", "high", "urgent"])
            hours_now = HOURS[priority]
            desk.prioritise(at, hours_now)
            add("prioritised", priority, promised=hours_now)
        elif what == "pause" and desk.owed and desk.paused is None:
            desk.paused = at
            add("paused", "waiting_for_resident")
        elif what == "resume" and desk.paused is not None:
            desk.resume(at)
            add("resumed")
        elif what == "answer" and desk.owed:
            desk.end(at, "answered", list(desk.owed))
            add("answered")
        elif what == "withdraw" and desk.owed:
            gone = dice.choice(list(desk.owed))
            desk.end(at, "withdrawn", [gone])
            add("withdrawn", message=gone)
    return events, desk


def check(turn: Turn, since: int, hours: float, desk: Desk) -> None:
    case = desk.case
    assert (turn.since, turn.promise.hours) == (case.at(since), hours), case
    walked = desk.due(since, hours)
    found = turn.due()
    assert found == walked if walked else found is None or found > case.at(LENGTH), case


def test_every_conversation_owes_what_walking_through_it_owes(seed: int, long: bool) -> None:
    dice = random.Random(seed)
    for _ in range(CASES * (10 if long else 1)):
        case = Case.drawn(dice)
        events, desk = run(dice, case)
        reading = clocks.read(events)
        ended = [turn for turn in reading.turns if turn.ended_at]
        assert [(t.since, t.promise.hours, t.ended_at, t.how) for t in ended] == [
            (case.at(since), hours, case.at(end), how) for since, hours, end, how in desk.turns if end is not None
        ], case
        assert (reading.current is None) == (not desk.owed), case
        if reading.current:
            since, hours = min(desk.owed.values())
            check(reading.current, since, hours, desk)
            served = Case(**{**vars(case), "start": since, "promised": 480, "pauses": desk.pauses})
            if desk.paused is None:
                walked = first_reach(served, both(served.serves(), served.running()))
                due = reading.current.service_due()
                assert due == walked if walked else due is None or due > case.at(LENGTH), case


NOON = datetime.fromisoformat("2026-11-18T12:00+00:00")
HOUR = timedelta(hours=1)


def said(kind: str, hours: float, promised: float = 24, message: int | None = None, reason: str = "") -> Event:
    return Event(kind, NOON + hours * HOUR, message, reason, Promise(promised))


@pytest.mark.parametrize(
    ("story", "due"),
    [
        ([said("started", 0, message=1)], 24),
        ([said("started", 0, message=1), said("prioritised", 3, 4)], 4),  # raised: from when it was written
        ([said("started", 0, message=1), said("prioritised", 6, 4)], 4),  # raised too late: it is overdue at once
        ([said("started", 0, 4, message=1), said("prioritised", 3, 24)], 24),  # lowered in time
        ([said("started", 0, 4, message=1), said("prioritised", 5, 24)], 4),  # lowering cannot make up for a miss
        ([said("started", 0, message=1), said("prioritised", 1, 4), said("started", 2, 4, message=2)], 4),
        (
            [said("started", 0, message=1), said("paused", 1), said("prioritised", 3, 4), said("resumed", 5)],
            8,
        ),  # pauses count for the raised promise as well
        (
            [said("started", 0, message=1), said("no_reply_needed", 1), said("prioritised", 2, 4), said("reopened", 3)],
            4,
        ),
        ([said("started", 0, message=1), said("started", 1, 4, message=2), said("withdrawn", 2, message=1)], 5),
    ],
)
def test_a_priority_counts_from_when_the_resident_wrote(story: list[Event], due: float):
    current = clocks.read(story).current
    assert current
    assert current.due() == NOON + due * HOUR


def test_two_conversations_made_one_owe_what_was_asked_first():
    one, two = [said("started", 3, 24, message=1)], [said("started", 0, 48, message=2), said("paused", 4)]
    current = clocks.read([*one, *two]).current
    assert current
    assert (current.since, current.promise.hours) == (NOON, 48)
