"""The conversations of somebody who leaves go back to everybody, and nothing is listened for about them any more."""

from __future__ import annotations

from datetime import datetime

from accounts.leaving import Part
from accounts.models import User
from engagement import acknowledging, handling
from engagement.listening import watching
from engagement.models import Conversation, Promise, Watch


def part(user: User, by: User, now: datetime, real: bool) -> Part:
    """Hand on what they had taken; in a rehearsal only say how much it is."""
    held = list(Conversation.objects.filter(assignee=user).exclude(state="closed"))
    for conversation in held if real else ():
        handling.assign(conversation, None, by=by, now=now)
    stops = [
        f"The automatic acknowledgement on {one.channel} stops until somebody else approves its words."
        for one in acknowledging.switched_on_by(user)
    ]
    promises = _promises(user)
    safety = list(Watch.objects.filter(worker=user).exclude(state="ended"))
    for watch in safety if real else ():
        watching.end_for_good(watch, by=by, now=now)
    ends = ["What Parley listened for to keep them safe ends, and what it found is deleted."] if safety else []
    if not held:
        return Part([*stops, *promises, *ends])
    things = "1 conversation of theirs goes" if len(held) == 1 else f"{len(held)} conversations of theirs go"
    return Part([f"{things} back to everybody, to be taken by a colleague.", *stops, *promises, *ends])


def _promises(user: User) -> list[str]:
    """What they promised stays promised: a manager is chased in their place until somebody has it."""
    count = Promise.objects.filter(owner=user, state="open").count()
    if not count:
        return []
    things = "1 open promise of theirs needs" if count == 1 else f"{count} open promises of theirs need"
    return [f"{things} another owner; managers are reminded of it until then."]
