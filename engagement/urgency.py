"""What a change of priority does to the clock of a conversation.

The promise of the new priority counts from the moment the resident wrote, in the version that was in force then. The
change is an event of the clock, so what was due before can still be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from engagement import threads, timing
from engagement.models import ClockEvent, Conversation


def note_change(conversation: Conversation, now: datetime, *, by: User | None) -> None:
    """Tell the clock which priority the conversation has now. The caller holds it and has stored the priority.

    Where nobody ever asked anything the clock has nothing to say; what comes next is promised by the new priority.
    """
    note_changes([conversation], now, by=by)


def note_changes(conversations: Sequence[Conversation], now: datetime, *, by: User | None) -> None:
    """The same for several of one channel, in a few questions."""
    if not conversations:
        return
    events = timing.events_of([one.pk for one in conversations])
    promises = timing.promises_of(conversations[0].channel)
    told = {}
    for one in conversations:
        turn = timing.reading(events[one.pk]).last
        if turn is not None:
            priority = timing.priority_of(one)
            promised = timing.promise_at(promises, turn.since, priority)
            facts = {"at": now, "noted_at": now, "by": by, "reason": priority, "promise": promised}
            told[one.pk] = ClockEvent(conversation=one, kind="prioritised", **facts)
    ClockEvent.objects.bulk_create(told.values())
    threads.refresh(told, now)
