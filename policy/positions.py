"""Approved positions: decided, changed by ending one and beginning the next, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from policy.models import Position, Topic


@dataclass(frozen=True)
class Said:
    """What a position says; the lists hold phrases."""

    subject: str
    says: str
    topic: Topic | None = None
    words: Sequence[str] = ()
    required: Sequence[str] = ()
    never: Sequence[str] = ()
    source: str = ""
    review_on: date | None = None


@transaction.atomic
def decide(said: Said, *, by: User, now: datetime, instead_of: Position | None = None) -> Position:
    """A position that holds from now on; the one it takes the place of ends and is kept."""
    require(by, "change_voice", now)
    if instead_of is not None:
        _end(instead_of, by, now)
    if Position.objects.filter(subject__iexact=said.subject, ends_at=None).exists():
        raise Invalid(f"There is a position on “{said.subject}” already.", next_step="Change that one.")
    made = Position.objects.create(
        subject=said.subject,
        topic=said.topic,
        says=said.says,
        words=list(said.words),
        required=list(said.required),
        never=list(said.never),
        source=said.source,
        review_on=said.review_on,
        by=by,
        starts_at=now,
    )
    audit.record("decided_position", made, by=by, now=now, says=said.says, never=list(said.never))
    return made


@transaction.atomic
def end(position: Position, *, by: User, now: datetime) -> None:
    """It does not hold any more; the row stays."""
    require(by, "change_voice", now)
    _end(position, by, now)
    audit.record("ended_position", position, by=by, now=now)


def _end(position: Position, by: User, now: datetime) -> None:
    if not Position.objects.filter(pk=position.pk, ends_at=None).update(ends_at=now, ended_by=by):
        raise LostRace("This position was changed or ended a moment ago.", next_step="Load the page again.")
