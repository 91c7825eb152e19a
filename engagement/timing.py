"""What was promised and when: promises and service hours in force, and clock events to and from the database."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from accounts.models import Town
from channels_app.models import Channel
from engagement import clocks
from engagement.clocks import Event, Promise, Reading
from engagement.models import ClockEvent, Moved, ResponsePromise, ServiceCalendar
from policy import packs
from policy.clocks import Hours

TOLD = {  # a clock event as plain data: name → column
    "kind": "kind",
    "at": "at",
    "noted_at": "noted_at",
    "reason": "reason",
    "by": "by__name",
    "message": "message_id",
    "hours": "promise__hours",
    "service_hours": "promise__service_hours",
    "digest": "calendar__digest",
    "zone": "calendar__zone",
    "week": "calendar__week",
    "pack": "calendar__pack",
    "place": "id",
}
MOVED = TOLD | {  # a message that came or left, told in the same words; it stands behind the event `place`
    "at": "asked_at",
    "reason": "owed",
    "by": "rehousing__by__name",
    "place": "after",
}
MOVES = {"came", "left"}


class PackDays:
    """The days on which a pack's jurisdiction does not work, worked out year by year as they are asked for."""

    def __init__(self, pack: str) -> None:
        self.pack = pack

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in packs.holidays(self.pack, day.year)


def calendar_in_force(now: datetime) -> ServiceCalendar:
    """The town's service hours as they are now; a change of them makes a new row."""
    town = Town.here()
    whole = json.dumps([town.zone, town.hours, town.pack])
    digest = hashlib.sha256(whole.encode()).hexdigest()
    fields = {"zone": town.zone, "week": town.hours, "pack": town.pack, "from_at": now}
    return ServiceCalendar.objects.get_or_create(digest=digest, defaults=fields)[0]


def promises_of(channel: Channel) -> list[ResponsePromise]:
    """Every promise that can hold on this channel, the strongest first: its own before the general, newest first."""
    rows = ResponsePromise.objects.filter(channel=channel) | ResponsePromise.objects.filter(channel=None)
    return sorted(rows, key=lambda row: (row.channel_id is None, -row.from_at.timestamp()))


def promise_at(promises: Iterable[ResponsePromise], at: datetime) -> ResponsePromise | None:
    """The promise in force at that moment; None means the house rule of 24 hours."""
    return next((row for row in promises if row.from_at <= at), None)


@lru_cache(maxsize=64)
def _hours(digest: str, zone: str, week: str, pack: str) -> Hours:
    return Hours.of(zone, json.loads(week), PackDays(pack))


def hours_of(calendar: ServiceCalendar) -> Hours:
    return _hours(calendar.digest, calendar.zone, json.dumps(calendar.week), calendar.pack)


def as_event(row: ClockEvent | Moved) -> Event:
    hours = hours_of(row.calendar) if row.calendar else None
    promised = Promise(row.promise.hours, row.promise.service_hours, hours) if row.promise else Promise(calendar=hours)
    return Event(row.kind, row.at, row.message_id, row.reason, promised)


@dataclass(frozen=True)
class Line:
    """One clock event as the thread's page tells it."""

    kind: str
    at: datetime
    noted_at: datetime
    reason: str
    by: str


def told(rows: Iterable[dict[str, Any]], moves: Iterable[dict[str, Any]] = ()) -> tuple[Reading, list[Line]]:
    """How the clock of one conversation stands, and every line of its story, from its events as `TOLD` names them and
    the messages that came and left as `MOVED` does.
    """
    events, lines = [], []
    moved = [row | {"reason": clocks.OWED if row["reason"] else ""} for row in moves]
    for row in sorted([*rows, *moved], key=lambda row: (row["place"], row["kind"] in MOVES)):
        kept = _hours(row["digest"], row["zone"], json.dumps(row["week"]), row["pack"]) if row["digest"] else None
        given = {} if row["hours"] is None else {"hours": row["hours"], "service_hours": row["service_hours"]}
        at, noted_at = datetime.fromisoformat(row["at"]), datetime.fromisoformat(row["noted_at"])
        events.append(Event(row["kind"], at, row["message"], row["reason"], Promise(calendar=kept, **given)))
        if row["reason"] if row["kind"] in MOVES else (row["kind"], row["reason"]) != ("started", clocks.MOVED):
            lines.append(Line(row["kind"], at, noted_at, row["reason"], row["by"] or ""))
    return clocks.read(events), lines


def events_of(conversations: Iterable[int]) -> dict[int, list[ClockEvent | Moved]]:
    """The clock events of several conversations, each in the order Parley learned of them; between them the messages
    that came from another conversation, or went there.
    """
    pks = list(conversations)
    rows: dict[int, list[ClockEvent | Moved]] = defaultdict(list)
    found = ClockEvent.objects.filter(conversation__in=pks).select_related("promise", "calendar")
    for row in found.order_by("id"):
        rows[row.conversation_id].append(row)
    for move in Moved.objects.filter(conversation__in=pks).select_related("promise", "calendar").order_by("id"):
        here = rows[move.conversation_id]
        later = (place for place, row in enumerate(here) if isinstance(row, ClockEvent) and row.pk > move.after)
        here.insert(next(later, len(here)), move)
    return rows


def reading(rows: Iterable[ClockEvent | Moved]) -> Reading:
    return clocks.read(as_event(row) for row in rows)
