"""Audience cards: what is known of the people a message is for, what is only assumed, and what is out of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import Invalid, LostRace
from calendar_app.models import Audience
from metrics.models import AudienceClaim

ACT = "plan_campaign"
FRESH = timedelta(days=365)


@dataclass(frozen=True)
class Told:
    """One claim as it stands today."""

    claim: AudienceClaim
    assumption: bool
    old: bool


@dataclass(frozen=True)
class Card:
    """What is known of one audience, by kind, and the kinds nothing is known of. `old`: nothing on it is newer than
    twelve months.
    """

    audience: Audience
    parts: Sequence[tuple[str, Sequence[Told]]]
    lacking: Sequence[str]
    old: bool

    @property
    def told(self) -> list[Told]:
        return [one for _, told in self.parts for one in told]

    @property
    def assumed(self) -> int:
        return sum(one.assumption for one in self.told)


def card(audience: Audience, claims: Iterable[AudienceClaim], today: date) -> Card:
    """The card of an audience, from the claims that hold. Pure."""
    told = [Told(one, not one.source, one.dated < today - FRESH) for one in claims]
    parts = [(words, [one for one in told if one.claim.kind == kind]) for kind, words in AudienceClaim.KINDS]
    lacking = [words for words, found in parts if not found]
    old = bool(told) and all(one.old for one in told)
    return Card(audience, [part for part in parts if part[1]], lacking, old)


def cards(now: datetime) -> list[Card]:
    """The card of every audience in use."""
    today = now.astimezone(Town.here().tz).date()
    held: dict[int, list[AudienceClaim]] = {}
    for one in AudienceClaim.objects.filter(withdrawn_at=None).select_related("by"):
        held.setdefault(one.audience_id, []).append(one)
    return [card(one, held.get(one.pk, []), today) for one in Audience.objects.filter(active=True)]


def claim(
    audience: Audience, kind: str, words: str, source: str, dated: date, *, by: User, now: datetime
) -> AudienceClaim:
    """Say something of an audience. Raises Invalid."""
    require(by, ACT, now)
    if kind not in dict(AudienceClaim.KINDS) or not words.strip():
        raise Invalid("Say what it is about, and what is known.")
    if dated > now.astimezone(Town.here().tz).date():
        raise Invalid("That day is still to come.")
    facts = {"kind": kind, "words": words.strip()[:300], "source": source.strip()[:200], "dated": dated}
    with transaction.atomic():
        row = AudienceClaim.objects.create(audience=audience, **facts, by=by, at=now)
        audit.record("claimed", audience, by=by, now=now, words=row.words, source=row.source)
    return row


def withdraw(row: AudienceClaim, why: str, *, by: User, now: datetime) -> None:
    """It holds no longer, and says why."""
    require(by, ACT, now)
    if not why.strip():
        raise Invalid("Say in a sentence why it holds no longer.")
    with transaction.atomic():
        facts = {"withdrawn_at": now, "withdrawn_why": why.strip()[:300]}
        if not AudienceClaim.objects.filter(pk=row.pk, withdrawn_at=None).update(**facts):
            raise LostRace("It is withdrawn already.")
        audit.record("withdrew_claim", row.audience, by=by, now=now, words=row.words, reason=why.strip()[:300])
