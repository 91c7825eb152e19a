"""Handing a conversation to a department: a question, a day, and a way back.

What the department answers is for the desk. It comes back beside the reply box, and somebody there writes what the
resident reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from accounts import audit
from accounts.access import may
from accounts.models import Scope, Town, User
from accounts.notifications import tell
from accounts.refusals import IllegalMove, Invalid, NotAllowed
from accounts.walltime import to_wall
from engagement import handling, threads, wording
from engagement.models import Conversation, Handed
from policy.moves import move

LONGEST = timedelta(days=92)


@dataclass(frozen=True)
class Question:
    """What is asked of whom by when; `shows` whether the department may read the resident's words."""

    department: Scope
    question: str
    due_at: datetime
    back_to: User
    shows: bool = True


def departments() -> QuerySet[Scope]:
    return Scope.objects.filter(kind="department", closed_at=None).order_by("name")


def people_of(department: Scope, now: datetime) -> QuerySet[User]:
    """Those who have a right over this very department; a right over everything makes nobody a member."""
    rights = department.grants.current(now).values("user")
    return User.objects.filter(is_active=True, pk__in=rights).order_by("name")


@transaction.atomic
def hand(conversation: Conversation, asked: Question, *, by: User, now: datetime) -> Handed:
    """Ask a department; its people are told, and it is theirs in the conversation until they have answered."""
    if not asked.question.strip():
        raise Invalid("Write what the department is to answer.")
    if not now < asked.due_at <= now + LONGEST:
        raise Invalid("The answer is wanted at a time that is still to come, within three months.")
    if asked.department.kind != "department":
        raise Invalid("Choose a department.")
    fresh = handling.hold(conversation)
    if not may(asked.back_to, "answer", now, fresh.channel.scope):
        raise NotAllowed(
            f"{asked.back_to.name} does not answer here.", next_step="Let it come back to somebody who does."
        )
    if Handed.objects.filter(conversation=fresh, department=asked.department, state="asked").exists():
        raise Invalid(
            f"{asked.department} is asked already.", next_step="Wait for the answer, or take the question back."
        )
    made = Handed.objects.create(
        conversation=fresh,
        department=asked.department,
        about=wording.last_asked(fresh) if asked.shows else None,
        question=asked.question.strip()[:3000],
        due_at=asked.due_at,
        asked_by=by,
        back_to=asked.back_to,
        asked_at=now,
    )
    Conversation.objects.filter(pk=fresh.pk).update(department=asked.department, version=F("version") + 1)
    audit.record("handed", fresh, by=by, now=now, became=asked.department.name, question=made.question)
    threads.beat(fresh.channel)
    words = f"{by.name} asks {asked.department}, by {_day(made.due_at)}: “{made}”"
    for one in people_of(asked.department, now):
        if one != by:
            tell(one, "inbox.handed", words, address(made), now=now, once=f"handed:{made.key}")
    return made


def _asked_next(conversation: Conversation) -> None:
    """The department it is with now: another one that is still asked, or none."""
    other = Handed.objects.filter(conversation=conversation, state="asked").values_list("department", flat=True).first()
    Conversation.objects.filter(pk=conversation.pk).update(department=other, version=F("version") + 1)


def _day(moment: datetime) -> str:
    return f"{to_wall(moment, Town.here().zone):%-d %B, %H:%M}"


@transaction.atomic
def answer(handed: Handed, text: str, *, by: User, now: datetime) -> Handed:
    """The department's answer, for the desk; whoever it comes back to is told."""
    if not text.strip():
        raise Invalid("Write the answer first.")
    handed = _held(handed)
    _require_member(handed, by, now)
    if handed.state != "asked":
        raise IllegalMove("This question was answered or taken back already.")
    said, version = text.strip()[:10_000], F("version") + 1
    handed = move(handed, "answered", now=now, by=by, version=version, answer=said, answered_by=by, answered_at=now)
    conversation = handed.conversation
    audit.record("handed_back", conversation, by=by, now=now, became=handed.department.name)
    _asked_next(conversation)
    threads.beat(conversation.channel)
    words = f"{handed.department} answered what you asked: “{handed}”. The resident has not been answered by that."
    tell(handed.back_to, "inbox.handed_back", words, handling.address(conversation), now=now)
    return handed


@transaction.atomic
def ask_again(handed: Handed, text: str, due_at: datetime, *, by: User, now: datetime) -> Handed:
    """The answer was not enough: the same department, with what is still open and a new day."""
    handed = _held(handed)
    _require_desk(handed, by, now)
    if not text.strip():
        raise Invalid("Say what is still open.")
    if not now < due_at <= now + LONGEST:
        raise Invalid("The answer is wanted at a time that is still to come, within three months.")
    question = f"{handed.question}\n\nStill open: {text.strip()}"[:3000]
    handed = move(handed, "asked", now=now, by=by, version=F("version") + 1, question=question, due_at=due_at)
    audit.record("handed", handed.conversation, by=by, now=now, became=handed.department.name, question=text.strip())
    threads.beat(handed.conversation.channel)
    for one in people_of(handed.department, now):
        words = f"{by.name} asks {handed.department} once more, by {_day(due_at)}: “{text.strip()[:120]}”"
        tell(one, "inbox.handed", words, address(handed), now=now, once=f"handed:{handed.key}:{handed.version}")
    return handed


@transaction.atomic
def finish(handed: Handed, *, by: User, now: datetime) -> Handed:
    """The desk has what it needs."""
    handed = _held(handed)
    _require_desk(handed, by, now)
    handed = move(handed, "done", now=now, by=by, version=F("version") + 1)
    threads.beat(handed.conversation.channel)
    return handed


@transaction.atomic
def take_back(handed: Handed, *, by: User, now: datetime) -> Handed:
    """It is not asked any more."""
    handed = _held(handed)
    _require_desk(handed, by, now)
    handed = move(handed, "taken_back", now=now, by=by, version=F("version") + 1)
    _asked_next(handed.conversation)
    audit.record("took_question_back", handed.conversation, by=by, now=now, became=handed.department.name)
    threads.beat(handed.conversation.channel)
    return handed


def is_member(handed: Handed, user: User, now: datetime) -> bool:
    return user.grants.current(now).filter(scope=handed.department).exists()


def _require_member(handed: Handed, by: User, now: datetime) -> None:
    """People of the department answer; where nobody is there, the desk may write down what it was told."""
    if is_member(handed, by, now) or may(by, "answer", now, handed.conversation.channel.scope):
        return
    raise Invalid(f"People of {handed.department} answer this.", rule="rights")


def _require_desk(handed: Handed, by: User, now: datetime) -> None:
    if not may(by, "assign", now, handed.conversation.channel.scope):
        raise Invalid("Whoever answers the resident decides this.", rule="rights")


def _held(handed: Handed) -> Handed:
    handling.hold(handed.conversation)
    rows = Handed.objects.select_related("conversation__channel__scope", "department", "back_to", "asked_by")
    return rows.get(pk=handed.pk)


def nag(now: datetime) -> None:
    """Tell a department once a day of what it has left unanswered past its time, and whoever asked the first time."""
    late = Handed.objects.filter(state="asked", due_at__lt=now).exclude(nagged_at__gt=now - timedelta(days=1))
    for one in late.select_related("department", "back_to", "conversation")[:100]:
        if not Handed.objects.filter(pk=one.pk, state="asked", nagged_at=one.nagged_at).update(nagged_at=now):
            continue
        words = f"{one.department} was to answer by {_day(one.due_at)}: “{one}”"
        for person in people_of(one.department, now):
            tell(person, "inbox.handed_late", words, address(one), now=now, once=f"late:{one.key}:{now:%Y-%m-%d}")
        tell(
            one.back_to,
            "inbox.handed_late",
            words,
            address(one),
            now=now,
            once=f"late:{one.key}:{one.due_at:%Y%m%d%H%M}",
        )


def address(handed: Handed) -> str:
    return reverse("inbox:handed", args=[handed.key])
