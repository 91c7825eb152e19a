"""Words that are used again, and questions to departments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.models import Scope, User
from channels_app.models import Channel
from engagement.models import Answer, Handed, SavedReply
from policy.models import FinalSay, Topic
from tests.factories import COUNT, NOON, give, make_user
from tests.factories_inbox import make_conversation


def make_saved(text: str = "", *, owner: User | None = None, **facts: Any) -> SavedReply:
    """A saved reply, shared unless somebody owns it."""
    number = next(COUNT)
    return SavedReply.objects.create(
        name=facts.pop("name", f"Bin day {number}"),
        text=text or "Your bins are collected on Thursdays.",
        owner=owner,
        by=facts.pop("by", None) or owner or make_user("publisher"),
        at=NOON,
        **facts,
    )


def make_decider(topic: str = "anything else", *, deputy: User | None = None) -> User:
    """Whoever has the final say on this topic."""
    holder = make_user("approver", name="Ruth Calder")
    FinalSay.objects.create(subject=topic, holder=holder, deputy=deputy, starts_at=NOON - timedelta(days=100))
    return holder


def make_answer(state: str = "approved", *, review_on: date | None = None, **facts: Any) -> Answer:
    """An answer of the library, to be looked at again in half a year unless told otherwise."""
    done = {"approver": make_user("approver"), "approved_at": NOON} if state == "approved" else {}
    return Answer.objects.create(
        question=facts.pop("question", f"When is the bin day? {next(COUNT)}"),
        text=facts.pop("text", "Bins are collected on Thursdays, from 7:00."),
        review_on=review_on or NOON.date() + timedelta(days=180),
        state=state,
        author=facts.pop("author", None) or make_user("officer"),
        at=NOON,
        **{**done, **facts},
    )


def make_topic_with_decider(name: str = "Bins and recycling") -> tuple[Topic, User]:
    return Topic.objects.create(name=name), make_decider(name)


def make_department(name: str = "") -> tuple[Scope, User]:
    """A department and one of its people, who has no other right."""
    department = Scope.objects.create(kind="department", name=name or f"Parks {next(COUNT)}")
    member = make_user(name="Lena Novak")
    give(member, "contributor", department)
    return department, member


def make_handed(channel: Channel | None = None, *, department: Scope | None = None, **facts: Any) -> Handed:
    """A question that waits; of the channel's own people where no department is named."""
    conversation = facts.pop("conversation", None) or make_conversation(channel)
    asker = facts.pop("asked_by", None) or make_user("officer")
    return Handed.objects.create(
        conversation=conversation,
        department=department or conversation.channel.scope,
        question=facts.pop("question", "When is the path mended?"),
        due_at=facts.pop("due_at", NOON + timedelta(days=2)),
        asked_by=asker,
        back_to=facts.pop("back_to", None) or asker,
        asked_at=NOON,
        **facts,
    )


def replies_of_the_town() -> dict[str, dict[str, Any]]:
    """One of each thing around answers that an address can name."""
    return {"saved-reply": {"ref": make_saved().key}, "library": {"ref": make_answer().key}}
