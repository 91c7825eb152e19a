"""How the clock of a conversation stands: a pure reading of its events.

Nothing counts up in a column. `read` walks the events in the order Parley learned of them and gives the turns: each
turn runs from a resident's message that waits for an answer to whatever settled it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from policy import clocks
from policy.clocks import Hours, Span

THRESHOLDS = (50, 75, 90, 100)  # percent of the promised time
PAUSE_CAP = timedelta(days=14)  # a pause counts for this long at most
OWED = "owed"  # reason of a message that came from another conversation and still waits for an answer
MOVED = "moved"  # reason of events that go with what is owed into another conversation
OUTSIDE = "outside"  # reason of an answer that was not sent by Parley

Standing = Literal["none", "running", "paused", "answered", "outside", "settled", "withdrawn"]


@dataclass(frozen=True)
class Promise:
    """What was promised when the message came, and the calendar its service hours are counted by."""

    hours: float = 24
    service_hours: float = 8
    calendar: Hours | None = None


@dataclass(frozen=True)
class Event:
    """One clock event as plain data. `message` is set where the event is about one message."""

    kind: str
    at: datetime
    message: int | None = None
    reason: str = ""
    promise: Promise = field(default_factory=Promise)


@dataclass(frozen=True)
class Figures:
    """One way of counting: when it is due, how much has passed, how much is left (negative: late)."""

    due: datetime | None
    spent: timedelta
    left: timedelta | None

    @property
    def late(self) -> bool:
        return self.left is not None and self.left < timedelta(0)


@dataclass
class Turn:
    """From the earliest message waiting (`since`) to its settlement; `how` and `ended_at` are empty while it runs.

    `reason` is the code of what settled it without an answer.
    """

    since: datetime
    promise: Promise
    pauses: list[Span] = field(default_factory=list)
    ended_at: datetime | None = None
    how: str = ""
    reason: str = ""

    def due(self, percent: int = 100) -> datetime | None:
        promised = timedelta(hours=self.promise.hours) * percent / 100
        return clocks.due_with_pauses(self.since, promised, self.pauses)

    def service_due(self) -> datetime | None:
        if self.promise.calendar is None:
            return None
        promised = timedelta(hours=self.promise.service_hours)
        return clocks.due_with_pauses(self.since, promised, self.pauses, self.promise.calendar)

    def elapsed(self, now: datetime) -> Figures:
        return self._figures(self.due(), None, now)

    def service(self, now: datetime) -> Figures:
        return self._figures(self.service_due(), self.promise.calendar, now)

    def _figures(self, due: datetime | None, hours: Hours | None, now: datetime) -> Figures:
        end = self.ended_at or now
        running = clocks.without(self.since, max(self.since, end), self.pauses)
        spent = sum((clocks.elapsed(start, stop, hours) for start, stop in running), timedelta(0))
        return Figures(due, spent, clocks.left(due, end, hours) if due else None)


@dataclass
class Reading:
    """All turns of a conversation, oldest first, and how the clock stands after the last event."""

    turns: list[Turn]
    standing: Standing
    paused_at: datetime | None = None
    owed: Sequence[int] = ()  # the messages that wait for an answer

    @property
    def current(self) -> Turn | None:
        """The turn that still waits for an answer."""
        return self.turns[-1] if self.turns and self.turns[-1].ended_at is None else None

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None


class _Walk:
    """What is owed while the events are walked."""

    def __init__(self) -> None:
        self.owed: dict[int, Event] = {}
        self.set_aside: dict[int, Event] = {}
        self.turns: list[Turn] = []
        self.pauses: list[Span] = []
        self.paused_at: datetime | None = None
        self.how: Standing = "none"

    def take(self, event: Event) -> None:
        if event.kind in {"started", "reopened"}:
            self.start(event)
        elif event.kind == "answered":
            settled = [key for key, owed in self.owed.items() if owed.at <= event.at]
            self.settle(settled, event.at, "outside" if event.reason == OUTSIDE else "answered")
        elif event.kind == "withdrawn" and event.message in self.owed:
            self.settle([event.message], event.at, "withdrawn")
        elif event.kind == "no_reply_needed":
            self.set_aside = dict(self.owed)
            self.settle(list(self.owed), event.at, "settled", event.reason)
        elif event.kind == "prioritised":
            self.prioritise(event)
        elif event.kind == "paused" and self.paused_at is None:
            self.paused_at = event.at
        elif event.kind == "resumed":
            self.resume(event.at)
        elif event.kind in {"came", "left"} and event.message is not None:
            self.rehouse(event, event.message)

    def rehouse(self, event: Event, message: int) -> None:
        """A message of another conversation came here, owed an answer or not; or one of ours went there."""
        if event.kind == "came" and event.reason == OWED:
            self.owed[message] = event
        elif event.kind == "left":
            self.owed.pop(message, None)
            self.set_aside.pop(message, None)

    def start(self, event: Event) -> None:
        if event.message is not None:
            self.owed[event.message] = event
        else:
            self.owed |= self.set_aside
            self.set_aside = {}
        self.resume(event.at)

    def resume(self, at: datetime) -> None:
        if self.paused_at is not None and at > self.paused_at:
            self.pauses.append((self.paused_at, min(at, self.paused_at + PAUSE_CAP)))
            self.paused_at = None

    def prioritise(self, event: Event) -> None:
        """What is owed is promised anew, still from when it was asked. A promise that has run out by then stays as it
        was: a lower priority cannot make up for it.
        """
        for held in (self.owed, self.set_aside):
            for key, owed in held.items():
                due = Turn(owed.at, owed.promise, self._all_pauses()).due()
                if due is None or due > event.at or event.promise.hours < owed.promise.hours:
                    held[key] = replace(owed, promise=replace(event.promise, calendar=owed.promise.calendar))

    def _all_pauses(self) -> list[Span]:
        standing = [(self.paused_at, self.paused_at + PAUSE_CAP)] if self.paused_at is not None else []
        return [*self.pauses, *standing]

    def settle(self, keys: Iterable[int], at: datetime, how: Standing, reason: str = "") -> None:
        settled = [self.owed.pop(key) for key in keys]
        if not settled:
            return
        self.how = how
        if how == "withdrawn" and self.owed:
            return
        self.resume(at)
        self.turns.append(self._turn(settled, max(at, min(event.at for event in settled)), how, reason))

    def _turn(self, owed: Sequence[Event], ended_at: datetime | None, how: str, reason: str = "") -> Turn:
        first = min(owed, key=lambda event: event.at)
        return Turn(first.at, first.promise, list(self.pauses), ended_at, how, reason)

    def reading(self) -> Reading:
        if not self.owed:
            return Reading(self.turns, self.how)
        if self.paused_at is not None:
            self.pauses.append((self.paused_at, self.paused_at + PAUSE_CAP))
        current = self._turn(list(self.owed.values()), None, "")
        standing: Standing = "running" if self.paused_at is None else "paused"
        return Reading([*self.turns, current], standing, self.paused_at, list(self.owed))


def read(events: Iterable[Event]) -> Reading:
    """The turns and the standing after these events, which come in the order Parley learned of them."""
    walk = _Walk()
    for event in events:
        walk.take(event)
    return walk.reading()


def next_nudge(turn: Turn, nudged: int) -> datetime | None:
    """When the next threshold above `nudged` percent is reached; None after the last."""
    for percent in THRESHOLDS:
        if percent > nudged:
            return turn.due(percent)
    return None


def reached(turn: Turn, now: datetime) -> int:
    """The highest threshold reached by now; 0 before the first."""
    passed = [percent for percent in THRESHOLDS if (turn.due(percent) or now) <= now]
    return max(passed, default=0)
