"""The conversations of somebody who leaves go back to everybody, and nothing is listened for about them any more."""

from __future__ import annotations

from datetime import datetime

from accounts.leaving import Part
from accounts.models import User
from engagement import handling
from engagement.listening import watching
from engagement.models import Conversation, Watch


def part(user: User, by: User, now: datetime, real: bool) -> Part:
    """Hand on what they had taken; in a rehearsal only say how much it is."""
    held = list(Conversation.objects.filter(assignee=user).exclude(state="closed"))
    for conversation in held if real else ():
        handling.assign(conversation, None, by=by, now=now)
    safety = list(Watch.objects.filter(worker=user).exclude(state="ended"))
    for watch in safety if real else ():
        watching.end_for_good(watch, by=by, now=now)
    ends = ["What Parley listened for to keep them safe ends, and what it found is deleted."] if safety else []
    if not held:
        return Part(ends)
    things = "1 conversation of theirs goes" if len(held) == 1 else f"{len(held)} conversations of theirs go"
    return Part([f"{things} back to everybody, to be taken by a colleague.", *ends])
