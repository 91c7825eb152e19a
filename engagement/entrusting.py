"""Whose matter a conversation is: the department it lies with, which a rule, a question or a person says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Scope, User
from accounts.refusals import IllegalMove, Invalid
from engagement import handling
from engagement.models import Conversation, Handed


@transaction.atomic
def entrust(conversation: Conversation, to: Scope | None, *, by: User, now: datetime) -> Conversation:
    """Say which department it lies with; None takes it back to the desk. Nobody is asked anything by it.

    While a department is asked and has not answered, it lies with that one.
    """
    fresh = handling.hold(conversation)
    if fresh.department_id == (to.pk if to else None):
        return fresh
    if to is not None and (to.kind != "department" or to.closed_at is not None):
        raise Invalid("Choose a department.")
    asked = Handed.objects.filter(conversation=fresh, state="asked").select_related("department").first()
    if asked is not None:
        raise IllegalMove(
            f"{asked.department} is asked here and has not answered yet.", next_step="Take the question back first."
        )
    was, became = str(fresh.department or "none"), str(to or "none")
    fresh.department = to
    Conversation.objects.filter(pk=fresh.pk).update(department=to)
    audit.record("entrusted", fresh, by=by, now=now, was=was, became=became)
    handling.touch(fresh)
    return fresh
