"""What Fernhill answers again and again, whom the desk asks, and where it said no and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import Grant, Scope, User
from accounts.refusals import Refusal
from engagement import cases, considered, handing, library, replies, saved
from engagement.considered import No
from engagement.handing import Question
from engagement.models import Conversation
from engagement.saved import Words
from policy.models import Topic

DAY = timedelta(days=1)
SAVED = (
    ("Bin day", "Your bin day is on the calendar by street: {link:bin-day}. Anything else, just ask."),
    ("Opening hours", "We are here {hours}. For what cannot wait, call 01632 960 100."),
    ("Passed on", "Thank you, {name}. I have passed this to {department} and will write here when I know more."),
    ("Which street?", "Thank you for telling us. Could you say which street, so that we send the right people?"),
)
OWN = ("My thanks", "Thank you, that is kind to read on a Monday. {me}")
MONEY = "Money and council tax"
FRESH = (
    "How do I ask for help with council tax?",
    "Call 01632 960 102 or begin at https://fernhill.example/support. It takes ten minutes, and you can stop half way.",
)
STALE = (
    "When is the second instalment due?",
    "The second instalment is due on 1 December. If that is hard for you, call 01632 960 102 before that day.",
)
WAITS = (
    "Can I pay in the library?",
    "Yes, by card at the desk, Monday to Friday 9:00 to 17:00. Bring the letter with the reference.",
)
NOES = (
    No(
        "money",
        "this year's money for it is spent, and the new budget is decided in February",
        "Thank you for asking",
        alternative="put it on the list for the new budget",
        next_step="You can follow the list at https://fernhill.example/budget",
    ),
    No(
        "others",
        "the county looks after that and decides about it",
        "That is a fair point",
        next_step="We have passed your words on, and you reach the county at https://county.example/contact",
    ),
)
ON_THE_ROUND = "We do, and it is on Thursday's round. The crew has the place on its list and rings if it takes longer."
QUESTIONS = (
    ("Parks", "Who looks after this, we or the county?", 3, ON_THE_ROUND),
    ("Streets and bins", "What can we tell them, and by which day is it done?", -1, ""),
    ("Parks", "Is this one of yours, and when are you there next?", 2, ""),
)


def leave(staff: dict[str, User], now: datetime) -> None:
    """Saved replies, the library in each state, three questions to departments, and two answers that say no."""
    for name, text in SAVED:
        saved.keep(Words(name, text, True), by=staff["amara"], now=now - 14 * DAY)
    saved.keep(Words(*OWN), by=staff["tom"], now=now - 12 * DAY)
    parks = Scope.objects.get(kind="department", name="Parks")
    Grant.objects.create(user=staff["lena"], role="contributor", scope=parks, starts_at=now - 14 * DAY)
    _library(staff, now)
    first = F("unanswered_since").asc(nulls_last=True)
    rows = Conversation.objects.filter(private=False).exclude(state="closed").order_by(first, "-last_at", "id")
    there = list(rows[:12])
    for (department, question, days, answer), conversation in zip(QUESTIONS, there, strict=False):
        _ask(conversation, department, question, now + days * DAY, answer, staff, now)
    for no, conversation in zip(NOES, reversed(there), strict=False):
        _refuse(conversation, no, staff["tom"], now)
    for conversation in there[:1]:
        cases.give(conversation, by=staff["tom"], now=now)


def _library(staff: dict[str, User], now: datetime) -> None:
    topic = Topic.objects.filter(name=MONEY).first()
    then = now - 10 * DAY
    for (question, text), review_on in ((FRESH, now + 120 * DAY), (STALE, now - 3 * DAY)):
        made = library.make(library.Words(question, text, topic, review_on.date()), by=staff["tom"], now=then)
        made = library.ask(made, by=staff["tom"], now=then)
        library.approve(made, made.version, by=staff["ruth"], now=then)
    waits = library.make(library.Words(*WAITS, topic, (now + 90 * DAY).date()), by=staff["amara"], now=now)
    library.ask(waits, by=staff["amara"], now=now)


def _ask(
    conversation: Conversation,
    department: str,
    question: str,
    due: datetime,
    answer: str,
    staff: dict[str, User],
    now: datetime,
) -> None:
    scope = Scope.objects.get(kind="department", name=department)
    asked_at = min(now, due) - DAY
    made = handing.hand(conversation, Question(scope, question, due, staff["amara"]), by=staff["amara"], now=asked_at)
    if answer:
        handing.answer(made, answer, by=staff["lena"], now=now)


def _refuse(conversation: Conversation, no: No, by: User, now: datetime) -> None:
    try:
        draft = considered.compose(conversation, no, "", by=by, now=now)
        replies.release(conversation, replies.Sending(draft.text), by=by, now=now)
    except Refusal:
        return
