"""Questions that wait for a decision, and a register that says whose they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from engagement import escalating
from engagement.deciding import Question
from engagement.models import Conversation, Decision
from policy import finalsay
from policy.models import FinalSay
from tests.factories import NOON, make_user
from tests.factories_inbox import make_conversation

ASKED = "May we say that the flats are let by Easter?"


def make_say(subject: str = "Housing", **people: Any) -> FinalSay:
    """A line of the register; the manager who writes it down is nobody of the story."""
    since = people.pop("since", NOON - timedelta(days=99))
    people = {"holder": people.pop("holder", None) or make_user("approver"), **people}
    return finalsay.name(subject, people, by=make_user("manager"), now=since)


def make_question(subject: str = "Housing", *, now: datetime = NOON, **parts: Any) -> Question:
    parts = {"reason": "law", "words": ASKED, "clause": "", "due_at": now + timedelta(hours=2), **parts}
    return Question(subject=subject, **parts)


def make_decision(conversation: Conversation | None = None, *, by: User | None = None, **parts: Any) -> Decision:
    """An officer has escalated a conversation, with words to answer with unless told otherwise."""
    now, text = parts.pop("now", NOON), parts.pop("text", "They are let by Easter.")
    conversation = conversation or make_conversation(at=now - timedelta(hours=1))
    by = by or make_user("officer")
    return escalating.escalate(conversation, make_question(now=now, **parts), text, by=by, now=now)
