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
    "plan|dairy|object|consult|vote|decision",
    Question("position", "The council votes in December. May we already say which way it leans?", "Planning"),
    "The council votes on 9 December. All papers are public, and the vote can be followed from the gallery.",
)
DECIDED = Tricky(
    "tax|bill|pay|money|support",
    Question(
        "law", "They ask us to say that they owe nothing. May we look at a bill in public?", "Money and council tax"
    ),
    "Your bill is right, so nothing can be done.",
    "We do not look at a bill in public. Please call the number on your letter: they look at it with you today.",
)
WHY = "Nothing about one household's bill in public."


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
