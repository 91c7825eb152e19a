"""References of cases: one for a conversation, made when somebody needs it, found by search.

Where the town keeps them private they are never put into an answer that everybody sees, nor is one that was typed by
hand let out.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import Invalid
from accounts.walltime import to_wall
from engagement import threads
from engagement.models import CaseReference, Conversation
from engagement.models.conversations import ConversationQuerySet
from policy.models import PolicyChoices

PRIVATE_HERE = "stays inside: the town keeps references out of public answers"
NONE_YET = "has nothing to fill it: this conversation has no reference yet"
NUMBER = re.compile(r"\b[A-Z]{2,4}-\d{4}-\d{4,}\b")


def give(conversation: Conversation, *, by: User | None, now: datetime) -> CaseReference:
    """The reference of this conversation; made where it has none yet."""
    held = CaseReference.objects.filter(conversation=conversation).first()
    if held is not None:
        return held
    with transaction.atomic():
        Conversation.objects.select_for_update().get(pk=conversation.pk)
        held = CaseReference.objects.filter(conversation=conversation).first()
        if held is None:
            held = CaseReference.objects.create(conversation=conversation, number=_next(now), by=by, at=now)
            audit.record("gave_reference", conversation, by=by, now=now, became=held.number)
            threads.beat(conversation.channel)
    return held


def _next(now: datetime) -> str:
    """FE-2026-0042: letters of the town, the year, and a number that no other one has had."""
    town = Town.here()
    letters = re.sub(r"[^A-Z]", "", town.name.upper())[:2] or "TN"
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('engagement_casereference', 'id'))")
        number = cursor.fetchone()[0]
    return f"{letters.ljust(2, 'X')}-{to_wall(now, town.zone).year}-{number:04d}"


def number_of(conversation: Conversation) -> str:
    """The reference, or "" while there is none."""
    return CaseReference.objects.filter(conversation=conversation).values_list("number", flat=True).first() or ""


def for_answer(conversation: Conversation) -> tuple[str, str]:
    """The reference as an answer here may say it, or "" and why it may not."""
    number = number_of(conversation)
    if number and not conversation.private and kept_private():
        return "", PRIVATE_HERE
    return number, "" if number else NONE_YET


def kept_private() -> bool:
    return PolicyChoices.here().private_references


def stop(text: str, visibility: str) -> None:
    """Raise Invalid where words that others than the resident see hold a reference the town keeps private."""
    if visibility == "direct" or not NUMBER.search(text) or not kept_private():
        return
    known = CaseReference.objects.filter(number__in=NUMBER.findall(text)).values_list("number", flat=True).first()
    if known:
        raise Invalid(
            f"{known} is the reference of a case, and the town keeps those out of public answers.",
            next_step="Take it out, or give it to the resident in private.",
        )


def found(query: str, rows: ConversationQuerySet) -> ConversationQuerySet:
    """Those of the conversations whose reference begins with the query."""
    return rows.filter(Q(reference__number__istartswith=query.strip()))
