"""What a change of priority does to the clock of a conversation.

The promise of the new priority counts from the moment the resident wrote, in the version that was in force then. The
change is an event of the clock, so what was due before can still be read.
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from engagement import threads, timing
from engagement.models import ClockEvent, Conversation


def note_change(conversation: Conversation, now: datetime, *, by: User | None) -> None:
    """Tell the clock which priority the conversation has now. The caller holds it and has stored the priority.

    Where nobody ever asked anything the clock has nothing to say; what comes next is promised by the new priority.
    """
    turn = timing.reading(timing.events_of([conversation.pk])[conversation.pk]).last
    if turn is None:
        return
    priority = timing.priority_of(conversation)
    promises = timing.promises_of(conversation.channel)
    ClockEvent.objects.create(
        conversation=conversation,
        kind="prioritised",
        at=now,
        noted_at=now,
        by=by,
        reason=priority,
        promise=timing.promise_at(promises, turn.since, priority),
    )
    threads.refresh([conversation.pk], now)
