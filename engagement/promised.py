"""What the words of an answer promise, and the promises that stand for them already."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time

from accounts.models import Town
from engagement import catching
from engagement.catching import Caught
from engagement.models import Conversation, NoPromise, Promise
from engagement.statutory import pending
from engagement.timing import PackDays
from policy.checks import dates


@dataclass(frozen=True)
class Suggestion:
    """Words of an answer that promise something, and the promise that stands for them already, if any."""

    caught: Caught
    promise: Promise | None = None


def suggestions(conversation: Conversation, text: str, now: datetime) -> list[Suggestion]:
    """What these words of an answer promise, without what somebody has said is no promise."""
    found = caught_in(text, now)
    if not found:
        return []
    declined = set(NoPromise.objects.filter(conversation=conversation).values_list("digest", flat=True))
    rows = Promise.objects.filter(conversation=conversation, state="open").select_related("owner")
    known = {catching.same_words(row.quote): row for row in rows if row.quote}
    told = [(one, known.get(catching.same_words(one.quote))) for one in found]
    return [Suggestion(one, row) for one, row in told if row or digest(one.quote) not in declined]


def caught_in(text: str, now: datetime) -> list[Caught]:
    if not text.strip():
        return []
    town = Town.here()
    return catching.caught(text, now, town.tz, PackDays(town.pack))


def days_covered(conversation_id: int | None, text: str, today: date | None) -> frozenset[date]:
    """The days for which a promise is registered, as the checks of an answer's words read them.

    Where the words say "within 3 working days" the checks may count another day than the town's calendar: the promise
    that was caught from just these words stands for both.
    """
    rows = Promise.objects.filter(conversation=conversation_id, state="open").values_list("due_on", "quote")
    covered: set[date] = set()
    said = catching.same_words(text)
    for due_on, quote in rows:
        covered.add(due_on)
        if today and quote and catching.same_words(quote) in said:
            covered |= _read_otherwise(quote, due_on, today)
    return frozenset(covered | pending.days_of(conversation_id))


def _read_otherwise(quote: str, due_on: date, today: date) -> set[date]:
    """What the checks read in the words of a promise, where its day is still the one that they name here."""
    noon = datetime.combine(today, time(12), Town.here().tz)
    if due_on not in {one.day for one in caught_in(quote, noon)}:
        return set()
    return {one.day for one in dates.find(quote, today) if one.day}


def digest(quote: str) -> str:
    return hashlib.sha256(catching.same_words(quote).encode()).hexdigest()
