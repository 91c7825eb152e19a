"""The trial's tricky answers: one that Ruth has to decide today, and one that she decided in other words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.refusals import Refusal
from engagement import escalating, replies, signing
from engagement.deciding import Question
from engagement.models import Conversation, Reply
from policy import finalsay
from policy.models import FinalSay


@dataclass(frozen=True)
class Tricky:
    """What residents' words it fits, what is asked, the suggestion, and what Ruth makes of it ("" while it waits)."""

    words: str
    question: Question
    text: str
    decided: str = ""


WAITS = Tricky(
    "plan|dairy|object|consult|vote|decision|cost|how much",
    Question("position", "Nobody has said this in public yet. May we, before the meeting in December?", "General"),
    "We are asking the team that knows, and they answer here as soon as it is settled.",
)
DECIDED = Tricky(
    "tax|bill|pay|money|support|form|permit",
    Question("law", "I am not sure that we may say anything about this. May we?", "Money and council tax"),
    "We cannot say anything about that.",
    "We cannot look at one household's matter in public. Please write to us privately, and we look at it with you.",
)
WHY = "Say what we can do, not only what we cannot."


def leave(staff: dict[str, User], now: datetime) -> None:
    """Put both questions, each to a conversation that fits where there is one."""
    finalsay_for_the_rest(staff, now)
    for tricky, by, hours in ((DECIDED, "tom", 3), (WAITS, "amara", 0)):
        _put(tricky, staff[by], staff["ruth"], now - timedelta(hours=hours), now)


def finalsay_for_the_rest(staff: dict[str, User], now: datetime) -> None:
    """Whoever decides on everything that has no line of its own."""
    if not FinalSay.objects.filter(subject=finalsay.ANYTHING).exists():
        people = {"holder": staff["ruth"], "deputy": staff["dev"]}
        finalsay.name(finalsay.ANYTHING, people, by=staff["dev"], now=now - timedelta(days=2))


def _put(tricky: Tricky, by: User, ruth: User, at: datetime, now: datetime) -> None:
    free = Conversation.objects.filter(state="open", private=False, replies=None, unanswered_since__isnull=False)
    fitting = list(free.filter(messages__text__iregex=tricky.words).distinct().order_by("-last_at")[:5])
    question = Question(
        tricky.question.reason, tricky.question.words, tricky.question.subject, "", at + timedelta(hours=5)
    )
    for conversation in [*fitting, *free.order_by("-last_at")[:5]]:
        try:
            _ask(conversation, tricky, question, by, ruth, at, now)
        except Refusal:
            continue
        return


@transaction.atomic
def _ask(
    conversation: Conversation, tricky: Tricky, question: Question, by: User, ruth: User, at: datetime, now: datetime
) -> None:
    decision = escalating.escalate(conversation, question, tricky.text, by=by, now=at)
    if tricky.decided:
        reply = signing.whole(Reply.objects.filter(pk=decision.reply_id)).get()
        replies.approve(reply, signing.seal(reply), by=ruth, now=now, text=tricky.decided, remark=WHY)
