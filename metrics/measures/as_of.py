"""How conversations, ideas, legal requests and promises stood at a moment, from what was written down by then.

A row of theirs says how it stands today. Every move by a person and every end is in the audit trail with the state
before it, and what a conversation was asked is in the events of its clock; neither is ever changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import AuditEntry
from engagement.models import ClockEvent, Conversation, LegalRequest, Moved, Promise, PromiseDay, Rehousing, Suggestion

CODES = {words: code for code, words in Conversation.OUTCOMES} | {"Answered outside Parley": "answered"}
ASKED_AGAIN = ("started", "reopened")
MERGED = "duplicate"  # the only end that says no outcome in words


class Stood(NamedTuple):
    """The state of a conversation, and with which outcome it was done."""

    state: str
    outcome: str


def moved_since(now: datetime) -> bool:
    """Whether anything at all was done after that moment: of the present there is nothing to be looked up."""
    return AuditEntry.objects.filter(at__gt=now).exists()


def asked_since(now: datetime) -> bool:
    """Whether the newest of all events of clocks was noted after that moment."""
    newest = ClockEvent.objects.order_by("-pk").values_list("noted_at", flat=True).first()
    return newest is not None and newest > now


def states(rows: Sequence[Suggestion] | Sequence[LegalRequest], now: datetime) -> dict[int, str]:
    """The state each of these had at that moment, by row id: the one its first move after it came from."""
    told = {one.pk: one.state for one in rows}
    if not rows or not moved_since(now):
        return told
    later = _moves(type(rows[0])._meta.model_name or "", [name for name, _ in rows[0].STATES], rows).filter(at__gt=now)
    first: dict[str, str] = {}
    for ref, data in later.order_by("at", "id").values_list("ref", "data"):
        first.setdefault(ref, data.get("was", ""))
    return {one.pk: first.get(str(one.key)) or one.state for one in rows}


def _moves(
    kind: str, acts: Collection[str], rows: Iterable[Suggestion | LegalRequest | Conversation]
) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(kind=kind, ref__in=[str(one.key) for one in rows], act__in=acts)


def promised(promise: Promise, later: Iterable[PromiseDay], now: datetime) -> Promise:
    """The promise as it stood: what ended later was open, and due on the day it had before it was given more time.
    `later` are its changes of the day after that moment, in their order.
    """
    day = next(iter(later), None)
    if day is not None:
        promise.due_on = day.was_on
    if promise.ended_at is not None and promise.ended_at > now:
        promise.state, promise.ended_on, promise.ended_at = "open", None, None
    return promise


def days_since(promises: Collection[Promise], now: datetime) -> dict[int, list[PromiseDay]]:
    """What was given more time after that moment, by the promise's row id and in the order it was done."""
    found: dict[int, list[PromiseDay]] = defaultdict(list)
    for one in PromiseDay.objects.filter(promise__in=promises, at__gt=now).order_by("at", "pk"):
        found[one.promise_id].append(one)
    return found


# --- conversations ---------------------------------------------------------------------------------------------------


def known(rows: QuerySet[Conversation], now: datetime) -> QuerySet[Conversation]:
    """Of these conversations those in which something was asked by then, and which had not gone into another one."""
    asked = ClockEvent.objects.filter(conversation=OuterRef("pk"), kind__in=ASKED_AGAIN, noted_at__lte=now)
    came = Moved.objects.filter(conversation=OuterRef("pk"), kind="came", noted_at__lte=now)
    merged_later = Rehousing.objects.filter(source=OuterRef("pk"), kind="merge", at__gt=now)
    return rows.filter(Exists(asked) | Exists(came), Q(merged_into=None) | Exists(merged_later))


def stood(rows: Collection[Conversation], now: datetime) -> dict[int, Stood]:
    """How each of these stood at that moment, by row id."""
    told = {one.pk: Stood(one.state, one.outcome) for one in rows}
    if not rows or not (moved_since(now) or asked_since(now)):
        return told
    trail: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in _moves("conversation", dict(Conversation.STATES), rows).order_by("at", "id"):
        trail[entry.ref].append(entry)
    asked = _asked(rows)
    return {one.pk: _stood(one, trail.get(str(one.key), ()), asked.get(one.pk, ()), now) for one in rows}


def _asked(rows: Collection[Conversation]) -> Mapping[int, list[datetime]]:
    """When something was asked in them, which opens what was done: that move is no person's and not in the trail."""
    found: dict[int, list[datetime]] = defaultdict(list)
    events = ClockEvent.objects.filter(conversation__in=rows, kind__in=ASKED_AGAIN)
    for pk, at in events.values_list("conversation", "noted_at"):
        found[pk].append(at)
    return found


def _stood(one: Conversation, trail: Iterable[AuditEntry], asked: Iterable[datetime], now: datetime) -> Stood:
    """What is done today was done at that moment too, where nothing ended it after; else what opened it says."""
    ends = [entry for entry in trail if entry.act == "closed"]
    before = [entry for entry in ends if entry.at <= now]
    if not before:
        return Stood(one.state, one.outcome) if one.state == "closed" and not ends else Stood("open", "")
    last = before[-1]
    done = Stood("closed", CODES.get(last.data.get("reason", ""), MERGED))
    if one.state == "closed" and last is ends[-1]:
        return done
    opened = [entry.at for entry in trail if entry.act == "open"] + list(asked)
    return Stood("open", "") if any(last.at < at <= now for at in opened) else done
