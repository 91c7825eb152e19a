"""Waits for an answer as bare figures: the same waits with the same outcomes as `kept` tells them, a year at a time.

Most conversations are asked and settled once; those are read in one question. Whatever else happened to a clock (a
change of priority, a pause, a move, a second question) is walked event by event, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from engagement import clocks, kept, timing
from engagement.clocks import Promise, Turn
from engagement.kept import ANSWERS

SAID = """
WITH near AS (
  SELECT conversation_id FROM engagement_clockevent WHERE kind = 'started' AND at >= %(start)s AND at < %(end)s
   UNION
  SELECT conversation_id FROM engagement_moved WHERE kind = 'came' AND asked_at >= %(start)s AND asked_at < %(end)s),
said AS (
  SELECT n.conversation_id, e.* FROM near n CROSS JOIN LATERAL (
    SELECT bool_and(e.kind IN ('answered', 'no_reply_needed')
                    OR e.kind = 'started' AND e.message_id IS NOT NULL) AS known,
           min(e.at) FILTER (WHERE e.kind = 'started') AS since, max(e.at) FILTER (WHERE e.kind = 'started') AS newest,
           max(e.id) FILTER (WHERE e.kind = 'started') AS newest_id,
           (array_agg(e.promise_id ORDER BY e.at, e.id) FILTER (WHERE e.kind = 'started'))[1] AS promise_id,
           count(*) FILTER (WHERE e.kind <> 'started') AS ends, min(e.id) FILTER (WHERE e.kind <> 'started') AS end_id,
           min(e.kind) FILTER (WHERE e.kind <> 'started') AS how,
           min(e.at) FILTER (WHERE e.kind <> 'started') AS ended_at,
           min(e.reason) FILTER (WHERE e.kind <> 'started') AS reason
      FROM engagement_clockevent e WHERE e.conversation_id = n.conversation_id) AS e)
SELECT s.conversation_id,
       s.known AND s.ends <= 1
         AND (s.ends = 0 OR s.newest_id < s.end_id AND (s.how <> 'answered' OR s.newest <= s.ended_at))
         AND NOT EXISTS (SELECT FROM engagement_moved m WHERE m.conversation_id = s.conversation_id) AS plain,
       s.since, s.how, s.reason, s.ended_at, p.hours
  FROM said s LEFT JOIN engagement_responsepromise p ON p.id = s.promise_id
"""
ENDS = {"answered": "answered", "no_reply_needed": "settled"}
HOUSE_RULE = Promise().hours


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait: of which conversation (row id), since when, what became of it, and how long it took by the clock."""

    conversation: int
    since: datetime
    outcome: str
    answered: bool
    spent: timedelta


def between(start: datetime, end: datetime, now: datetime) -> list[Wait]:
    """Every wait on every channel that began from `start` up to before `end`; what `kept.between` finds, less words."""
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"start": start, "end": end})
        rows = cursor.fetchall()
    found = [_plain(*row[:1], *row[2:], now) for row in rows if row[1]]
    found += _walked([row[0] for row in rows if not row[1]], now)
    return [one for one in found if start <= one.since < end]


def _plain(
    conversation: int, since: datetime, how: str | None, reason: str, ended: datetime | None, *rest: Any
) -> Wait:
    """Asked and settled once; nothing ever stopped this clock."""
    hours, now = rest
    due = since + timedelta(hours=HOUSE_RULE if hours is None else hours)
    ended = ended and max(ended, since)
    word = ENDS.get(how or "", "")
    if word == "answered" and reason == clocks.OUTSIDE:
        word = "outside"
    outcome = kept.became(word, reason or "", ended, due, now)
    return Wait(conversation, since, outcome, word in ANSWERS, (ended or max(now, since)) - since)


def _walked(conversations: Iterable[int], now: datetime) -> Iterator[Wait]:
    for pk, events in timing.events_of(conversations).items():
        for turn in timing.reading(events).turns:
            yield _read(pk, turn, now)


def _read(conversation: int, turn: Turn, now: datetime) -> Wait:
    spent = turn.elapsed(now).spent
    return Wait(conversation, turn.since, kept.outcome(turn, now), turn.how in ANSWERS, spent)
