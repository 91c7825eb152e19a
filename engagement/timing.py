"""What was promised and when: promises and service hours in force, and clock events to and from the database."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q

from accounts.models import Town
from channels_app.models import Channel
from engagement import clocks
from engagement.clocks import Event, Promise, Reading
from engagement.models import ClockEvent, Closing, Conversation, Moved, ResponsePromise, ServiceCalendar
from policy import packs
from policy.clocks import Hours

NORMAL = "normal"
PROMISED_AS = {0: NORMAL, 10: NORMAL, 20: "high", 30: "urgent"}  # what is low is promised as normal
# The clock events of a conversation as plain data, and the messages that came or left, told in the same order: each of
# these stands behind the event `place`. There may be hundreds, nearly all with the same hours: those are told once.
CLOCK = """ARRAY(SELECT jsonb_build_array(e.id, e.kind, e.at, e.noted_at, e.reason,
    (SELECT name FROM accounts_user WHERE id = e.by_id), e.message_id, p.hours, p.service_hours, e.calendar_id)
   FROM engagement_clockevent e LEFT JOIN engagement_responsepromise p ON p.id = e.promise_id
  WHERE e.conversation_id = engagement_conversation.id ORDER BY e.id)"""
MOVED = """ARRAY(SELECT jsonb_build_array(m.after, m.kind, m.asked_at, m.noted_at, m.owed,
    (SELECT u.name FROM engagement_rehousing r JOIN accounts_user u ON u.id = r.by_id WHERE r.id = m.rehousing_id),
    m.message_id, p.hours, p.service_hours, m.calendar_id)
   FROM engagement_moved m LEFT JOIN engagement_responsepromise p ON p.id = m.promise_id
  WHERE m.conversation_id = engagement_conversation.id ORDER BY m.id)"""
CALENDARS = """(SELECT coalesce(jsonb_object_agg(id, jsonb_build_object(
    'digest', digest, 'zone', zone, 'week', week, 'pack', pack, 'closed', closed)), '{{}}'::jsonb)
   FROM engagement_servicecalendar)"""
MOVES = {"came", "left"}


class PackDays:
    """The days on which a pack's jurisdiction does not work, worked out year by year as they are asked for, and those
    on which the desk alone is closed.
    """

    def __init__(self, pack: str, closed: Iterable[date] = ()) -> None:
        self.pack = pack
        self.closed = frozenset(closed)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self.closed or day in packs.holidays(self.pack, day.year))


def calendar_in_force(now: datetime) -> ServiceCalendar:
    """The town's service hours as they are now, with the days it is closed; a change of them makes a new row."""
    town = Town.here()
    days = Closing.objects.filter(ended_at=None).order_by("day").values_list("day", flat=True)
    closed = [day.isoformat() for day in days]
    whole = json.dumps([town.zone, town.hours, town.pack, *([closed] if closed else [])])
    digest = hashlib.sha256(whole.encode()).hexdigest()
    fields = {"zone": town.zone, "week": town.hours, "pack": town.pack, "closed": closed, "from_at": now}
    return ServiceCalendar.objects.get_or_create(digest=digest, defaults=fields)[0]


def today(now: datetime) -> date:
    """The date on the town's clocks."""
    return now.astimezone(Town.here().tz).date()


def promises_of(channel: Channel) -> list[ResponsePromise]:
    """Every promise that can hold on this channel, the strongest first: the channel's own before the general ones,
    those for one priority before those for every, newest first.
    """
    return ranked(ResponsePromise.objects.filter(Q(channel=channel) | Q(channel=None)))


def ranked(rows: Iterable[ResponsePromise]) -> list[ResponsePromise]:
    """The strongest first; see `promises_of`."""
    return sorted(rows, key=lambda row: (row.channel_id is None, not row.priority, -row.from_at.timestamp(), -row.pk))


def promise_at(promises: Iterable[ResponsePromise], at: datetime, priority: str = NORMAL) -> ResponsePromise | None:
    """The promise in force at that moment for this priority; None means the house rule of 24 hours.

    Of each level the newest row speaks; where it ends the level's own promise, the next weaker level is asked.
    """
    silent = set()
    for row in promises:
        level = (row.channel_id, row.priority)
        if row.from_at > at or row.priority not in {"", priority} or level in silent:
            continue
        if not row.ends:
            return row
        silent.add(level)
    return None


def priority_of(conversation: Conversation | None) -> str:
    """How urgent the desk says it is, in a word of `ResponsePromise.PRIORITIES`."""
    return PROMISED_AS[conversation.priority] if conversation else NORMAL


@lru_cache(maxsize=64)
def _hours(digest: str, zone: str, week: str, pack: str, closed: str) -> Hours:
    return Hours.of(zone, json.loads(week), PackDays(pack, map(date.fromisoformat, json.loads(closed))))


def hours_of(calendar: ServiceCalendar) -> Hours:
    week, closed = json.dumps(calendar.week), json.dumps(calendar.closed)
    return _hours(calendar.digest, calendar.zone, week, calendar.pack, closed)


def as_event(row: ClockEvent | Moved) -> Event:
    hours = hours_of(row.calendar) if row.calendar else None
    promised = Promise(row.promise.hours, row.promise.service_hours, hours) if row.promise else Promise(calendar=hours)
    return Event(row.kind, row.at, row.message_id, row.reason, promised)


@dataclass(frozen=True)
class Line:
    """One clock event as the thread's page tells it; with a change of priority, when it was due and is due since."""

    kind: str
    at: datetime
    noted_at: datetime
    reason: str
    by: str
    was_due: datetime | None = None
    due: datetime | None = None


def told(
    rows: Iterable[Sequence[Any]], moves: Iterable[Sequence[Any]], calendars: Mapping[str, dict[str, Any]]
) -> tuple[Reading, list[Line]]:
    """How the clock of one conversation stands, and every line of its story, from its events as `CLOCK` tells them,
    the messages that came and left as `MOVED` does, and the service hours of both by their number as `CALENDARS` does.
    """
    events: list[Event] = []
    lines = []
    hours = {int(number): _told_hours(one) for number, one in calendars.items()}
    for row in sorted([*rows, *moves], key=lambda row: (row[0], row[1] in MOVES)):
        _, kind, at_words, noted_words, why, by, message, promised, in_service, calendar = row
        at, noted_at = datetime.fromisoformat(at_words), datetime.fromisoformat(noted_words)
        moved, was = kind in MOVES, _due(events) if kind == "prioritised" else None
        reason = (clocks.OWED if why else "") if moved else why
        given = {} if promised is None else {"hours": promised, "service_hours": in_service}
        events.append(Event(kind, at, message, reason, Promise(calendar=hours.get(calendar), **given)))
        if reason if moved else (kind, reason) != ("started", clocks.MOVED):
            due = _due(events) if kind == "prioritised" else None
            lines.append(Line(kind, at, noted_at, reason, by or "", was, due))
    return clocks.read(events), lines


def _told_hours(calendar: dict[str, Any]) -> Hours:
    week, closed = json.dumps(calendar["week"]), json.dumps(calendar["closed"])
    return _hours(calendar["digest"], calendar["zone"], week, calendar["pack"], closed)


def _due(events: Iterable[Event]) -> datetime | None:
    turn = clocks.read(events).current
    return turn.due() if turn else None


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
