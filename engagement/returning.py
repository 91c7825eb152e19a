"""The result of an input call goes back to those who answered it: one reply each, through the same door as any answer.

A reply that is refused (too long for the platform, somebody is answering there, others spoke since) leaves no trace and
is told to whoever sends them; everybody else has theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.access import may
from accounts.models import User
from accounts.refusals import IllegalMove, Refusal
from engagement import calls, replies, wording
from engagement.models import Conversation, Grouping, InputCall, Returned
from engagement.replies import Sending

AT_ONCE = 20  # replies one press sends; the page says how many are left
OUTCOMES = {"did": "We did it:", "cant": "We can’t, because", "considering": "We are considering it:"}


@dataclass(frozen=True)
class Refused:
    """Somebody who could not be told, and why."""

    conversation: Conversation
    who: str
    why: str


@dataclass(frozen=True)
class Sent:
    """What one press did."""

    told: int
    left: int
    refused: Sequence[Refused]


def words_for(call: InputCall, groupings: Sequence[Grouping]) -> str:
    """What a person is told: what became of each thing they said."""
    themes = list(dict.fromkeys(row.theme for row in groupings if row.theme))
    parts = [f"{theme.name.rstrip('.')}. {OUTCOMES[theme.outcome]} {theme.words}" for theme in themes]
    more = f" {call.heard_url}" if call.heard_url else ""
    return f"You answered our question. {' '.join(parts)}{more}"


def give_back(call: InputCall, *, by: User, now: datetime, most: int = AT_ONCE) -> Sent:
    """Send the result to the next people who answered and have none yet."""
    if call.state != "open" or call.told_at is None:
        raise IllegalMove("Say what we heard first.", next_step="Then the result goes back to each of them.")
    if call.themes.filter(outcome="").exists():
        raise IllegalMove("Every theme needs its outcome before people are told.")
    waiting, told, refused = calls.owed(call), 0, []
    for person, groupings in waiting.items():
        if told == most:
            break
        last = groupings[-1].message
        conversation = last.conversation
        if conversation is None:
            continue
        try:
            _tell(call, person, groupings, conversation, by, now)
            told += 1
        except Refusal as why:
            refused.append(Refused(conversation, str(last.person), f"{why.words} {why.next_step}".strip()))
    return Sent(told, len(waiting) - told, refused)


def _tell(
    call: InputCall, person: int, groupings: Sequence[Grouping], conversation: Conversation, by: User, now: datetime
) -> None:
    if not may(by, "answer", now, conversation.channel.scope):
        raise IllegalMove(f"You do not answer on {conversation.channel}.")
    asked = wording.last_asked(conversation)
    if asked is None or asked.person_id != person:
        raise IllegalMove("Somebody else wrote last in this thread.", next_step="Answer it there by hand.")
    if wording.draft_of(conversation, by) is not None:
        raise IllegalMove("You have a draft in this conversation.", next_step="Send or drop it first.")
    sending = Sending(words_for(call, groupings), form_key=f"heard-{call.pk}-{person}", close_after=True)
    try:
        with transaction.atomic():
            Returned.objects.filter(call=call, person=person, reply__state="dropped").delete()
            reply = replies.release(conversation, sending, by=by, now=now)
            Returned.objects.create(call=call, person_id=person, reply=reply, at=now)
    except Refusal:
        wording.save(conversation, "", by=by, now=now)
        raise
