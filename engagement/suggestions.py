"""The idea box: what residents suggested without being asked, with who looks after it and what came of it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.access import may, require
from accounts.models import User
from accounts.refusals import Invalid, LostRace, NotAllowed
from channels_app.models import Channel
from engagement.models import Message, Suggestion
from policy.moves import move

ENDED = {"done", "declined"}


def visible_to(user: User, now: datetime, act: str = "see_inbox") -> QuerySet[Suggestion]:
    """The ideas on the channels this person may see."""
    rows = Suggestion.objects.filter(message__channel__in=Channel.objects.visible_to(user, now, act))
    return rows.select_related("message__person", "message__channel__scope", "message__conversation", "owner")


def mark(message: Message, *, by: User, now: datetime) -> Suggestion:
    """Put a resident's message into the idea box; whoever does it looks after it for now."""
    require(by, "note", now, message.channel.scope)
    if message.ours:
        raise Invalid("Only what residents write goes into the idea box.")
    try:
        with transaction.atomic():
            one = Suggestion.objects.create(message=message, owner=by, by=by, at=now)
            audit.record("marked_idea", one, by=by, now=now)
    except IntegrityError:
        raise LostRace("This is in the idea box already.") from None
    return one


def change(one: Suggestion, state: str, owner: User, words: str, *, by: User, now: datetime) -> None:
    """Where it stands, who looks after it, what came of it. What is done or declined says why."""
    require(by, "note", now, one.message.channel.scope)
    if not may(owner, "note", now, one.message.channel.scope):
        raise NotAllowed(f"{owner.name} has no part in this channel.", next_step="Choose somebody who has.")
    if state in ENDED and not words.strip():
        raise Invalid("Say what came of it: whoever had the idea may ask.")
    with transaction.atomic():
        if state != one.state:
            move(one, state, now=now, by=by, words=words.strip()[:500], owner=owner)
        elif (one.owner_id, one.words) != (owner.pk, words.strip()):
            Suggestion.objects.filter(pk=one.pk).update(owner=owner, words=words.strip()[:500])
            audit.record("changed_idea", one, by=by, now=now, owner=owner.name)
