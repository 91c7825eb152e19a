"""When somebody leaves, what they had in the inbox is handed on, and nothing is listened for about them any more."""

from __future__ import annotations

from datetime import datetime

from accounts.leaving import Part
from accounts.models import User
from engagement import acknowledging, handing_on, looked_after
from engagement.handing_on import Leaver
from engagement.listening import watching
from engagement.models import Watch


def part(user: User, by: User, now: datetime, real: bool) -> Part:
    """Hand on what they had; in a rehearsal only say what it is and to whom it would go."""
    leaver = Leaver(user, by, now, real)
    stops = [
        f"The automatic acknowledgement on {one.channel} stops until somebody else approves its words."
        for one in acknowledging.switched_on_by(user)
    ]
    return handing_on.joined(
        [
            handing_on.conversations(leaver),
            handing_on.drafts(leaver),
            Part(stops),
            handing_on.promises(leaver),
            handing_on.questions(leaver),
            handing_on.departments(leaver),
            handing_on.decisions(leaver),
            looked_after.part(leaver),
            Part(_safety(leaver)),
        ]
    )


def _safety(leaver: Leaver) -> list[str]:
    """What Parley listened for to keep them safe is nobody's business any more."""
    safety = list(Watch.objects.filter(worker=leaver.user).exclude(state="ended"))
    for watch in safety if leaver.real else ():
        watching.end_for_good(watch, by=leaver.by, now=leaver.now)
    return ["What Parley listened for to keep them safe ends, and what it found is deleted."] if safety else []
