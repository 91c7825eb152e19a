"""Escalating a conversation: a question, words to answer with, and a deadline, to whoever has the final say on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from engagement import handling, signing, timing, wording
from engagement.deciding import Question
from engagement.models import Conversation, Decision, Message, Reply
from policy import clocks, finalsay
from policy.models import Topic

HOURS = 4  # service hours a decision has unless somebody says otherwise
SOONEST = timedelta(minutes=5)
LATEST = timedelta(days=14)


@transaction.atomic
def escalate(conversation: Conversation, question: Question, text: str, *, by: User, now: datetime) -> Decision:
    """Ask whoever has the final say. `text` are the words suggested; without them whoever decides writes the answer."""
    fresh = handling.hold(conversation)
    require(by, "answer", now, fresh.channel.scope)
    _refuse(fresh, question, now)
    draft = wording.draft_of(fresh, by)
    if text.strip():
        draft = wording.save(fresh, text, by=by, now=now, situation=draft.situation if draft else "")
    draft = draft or _without_words(fresh, by, now)
    signing.ask(draft, [], by=by, now=now, question=question)
    decision = Decision.objects.select_related("holder", "conversation").get(reply=draft, state="open")
    to = decision.holder.name if decision.holder else "every approver"
    audit.record("escalated", fresh, by=by, now=now, became=to, subject_of=question.subject, why=question.words)
    handling.take_up(fresh, by=by, now=now)
    return decision


def _refuse(fresh: Conversation, question: Question, now: datetime) -> None:
    if Decision.objects.open().escalated().filter(conversation=fresh).exists():
        raise IllegalMove("This is escalated already.", next_step="Read it on its page, or take it back first.")
    if Reply.objects.filter(conversation=fresh, state="released").exists():
        raise IllegalMove("An answer is on its way.", next_step="Wait until it is out, or take it back first.")
    if question.reason not in dict(Decision.REASONS):
        raise Invalid("Choose a reason.")
    if not question.words.strip():
        raise Invalid("Say in a sentence what is to be decided.")
    if not question.subject.strip():
        raise Invalid("Choose a subject: it says who decides.")
    if question.due_at is None or not now + SOONEST <= question.due_at <= now + LATEST:
        raise Invalid("Choose a time to decide by: in 5 minutes at the earliest, in two weeks at the latest.")


def _without_words(fresh: Conversation, by: User, now: datetime) -> Reply:
    parent: Message | None = wording.last_asked(fresh)
    if parent is None:
        raise Invalid(wording.NOTHING_LEFT, next_step="Close the conversation.")
    seen = wording.visibility_for(parent)
    return Reply.objects.create(conversation=fresh, parent=parent, author=by, text="", visibility=seen, at=now)


def subjects(now: datetime) -> list[str]:
    """What one can ask about: what the register knows, the town's topics, and anything else."""
    known = [row.subject for row in finalsay.subjects(now)]
    topics = Topic.objects.order_by("name").values_list("name", flat=True)
    return [*dict.fromkeys(one for one in [*known, *topics] if one != finalsay.ANYTHING), finalsay.ANYTHING]


def suggested(labels: list[str], words: str, offered: list[str]) -> str:
    """The subject that the conversation's labels, or else its words, name."""
    lowered, said = [one.lower() for one in labels], words.lower()
    for one in offered:
        if any(label in one.lower() or one.lower() in label for label in lowered):
            return one
    return next((one for one in offered if one.lower() in said), finalsay.ANYTHING)


def decide_by(conversation: Conversation, now: datetime) -> datetime:
    """The deadline that is offered: four service hours, sooner where the answer itself is due sooner."""
    calendar = timing.hours_of(timing.calendar_in_force(now))
    served = clocks.due(now, timedelta(hours=HOURS), calendar) or now + timedelta(hours=HOURS)
    due = conversation.due_at
    if due is not None and now + timedelta(minutes=30) < due < served:
        served = due
    return served.replace(second=0, microsecond=0)
