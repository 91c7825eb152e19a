"""The conversations of somebody who leaves go back to everybody."""

from __future__ import annotations

from datetime import datetime

from accounts.leaving import Part
from accounts.models import User
from engagement import acknowledging, handling
from engagement.models import Conversation


def part(user: User, by: User, now: datetime, real: bool) -> Part:
    """Hand on what they had taken; in a rehearsal only say how much it is."""
    held = list(Conversation.objects.filter(assignee=user).exclude(state="closed"))
    for conversation in held if real else ():
        handling.assign(conversation, None, by=by, now=now)
    stops = [
        f"The automatic acknowledgement on {one.channel} stops until somebody else approves its words."
        for one in acknowledging.switched_on_by(user)
    ]
    if not held:
        return Part(stops)
    things = "1 conversation of theirs goes" if len(held) == 1 else f"{len(held)} conversations of theirs go"
    return Part([f"{things} back to everybody, to be taken by a colleague.", *stops])
