"""Saved replies: kept by whoever may, found again, put away. One's own are seen by oneself alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet

from accounts import audit
from accounts.access import may, require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from engagement.models import SavedReply

SENT = Q(uses__reply__state__in=["released", "published"])
NOT_YOURS = "Shared replies are changed by publishers, managers and administrators of the whole desk."


@dataclass(frozen=True)
class Words:
    """What a saved reply says, what it is called, and whether the whole desk has it."""

    name: str
    text: str
    shared: bool = False


def visible_to(user: User) -> QuerySet[SavedReply]:
    """The shared ones and the person's own, each with how often it was sent as `sent`."""
    rows = SavedReply.objects.filter(Q(owner=None) | Q(owner=user), put_away_at=None)
    return rows.select_related("owner", "by").annotate(sent=Count("uses", filter=SENT)).order_by("name")


def search(query: str, user: User) -> QuerySet[SavedReply]:
    """Those whose name or words hold every word of the query."""
    rows = visible_to(user)
    for word in query.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(text__icontains=word))
    return rows


def may_change(held: SavedReply | None, shared: bool, user: User, now: datetime) -> bool:
    """One's own are one's own; what is shared, or is to be, wants the right over the whole desk."""
    if held is not None and held.owner_id is not None and held.owner_id != user.pk:
        return False
    was_shared = held is not None and held.owner_id is None
    return may(user, "share_saved_reply", now) if shared or was_shared else may(user, "keep_saved_reply", now)


def keep(
    words: Words, *, by: User, now: datetime, held: SavedReply | None = None, version: int | None = None
) -> SavedReply:
    """A new one, or other words for one that is kept. Raises Invalid, LostRace."""
    require(by, "keep_saved_reply", now)
    if not may_change(held, words.shared, by, now):
        raise Invalid(NOT_YOURS, next_step="Keep it as your own, or ask one of them.", rule="rights")
    name, text = " ".join(words.name.split()), words.text.strip()
    if not name or not text:
        raise Invalid("A saved reply needs a name and words.")
    owner = None if words.shared else by
    try:
        with transaction.atomic():
            return _change(held, name, text, owner, version, by, now) if held else _new(name, text, owner, by, now)
    except IntegrityError:
        raise Invalid(f"There is a saved reply called “{name}” already.", next_step="Choose another name.") from None


def _new(name: str, text: str, owner: User | None, by: User, now: datetime) -> SavedReply:
    made = SavedReply.objects.create(name=name, text=text, owner=owner, by=by, at=now)
    audit.record("saved_reply", made, by=by, now=now, text=text, shared=owner is None)
    return made


def _change(
    held: SavedReply, name: str, text: str, owner: User | None, version: int | None, by: User, now: datetime
) -> SavedReply:
    rows = SavedReply.objects.filter(pk=held.pk, put_away_at=None)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(name=name, text=text, owner=owner, by=by, at=now, version=F("version") + 1):
        raise LostRace("A colleague changed this saved reply meanwhile.", next_step="Load it again, then change it.")
    was = held.text
    held.refresh_from_db()
    audit.record("changed_saved_reply", held, by=by, now=now, was=was, became=text, shared=owner is None)
    return held


def put_away(held: SavedReply, *, by: User, now: datetime) -> None:
    """It is offered no more; where it was used stays known."""
    if not may_change(held, held.owner_id is None, by, now):
        raise Invalid(NOT_YOURS, rule="rights")
    with transaction.atomic():
        if not SavedReply.objects.filter(pk=held.pk, put_away_at=None).update(put_away_at=now):
            raise LostRace("It was put away already.")
        audit.record("put_saved_reply_away", held, by=by, now=now)
