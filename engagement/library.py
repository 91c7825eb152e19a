"""The library of approved answers: drafted from a good reply, approved by whoever has the final say on its topic, and
looked at again on its day.

An approved one is not edited: other words are a draft that takes its place once it is approved. One whose review is
overdue is still offered, with a mark, and an answer that rests on it goes to an approver first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts import audit
from accounts.models import Notification, Town, User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace
from engagement.models import Answer, Reply, Used
from policy import finalsay
from policy.approvals import Step
from policy.finalsay import ANYTHING
from policy.models import Topic
from policy.moves import move

REVIEW_DAYS = 180
LONGEST_REVIEW = 730
AHEAD = timedelta(days=14)
SIGNER = "approve_reply"


@dataclass(frozen=True)
class Words:
    """What an answer of the library says, to which question, about what, until when it may be trusted."""

    question: str
    text: str
    topic: Topic | None
    review_on: date


def today(now: datetime) -> date:
    return now.astimezone(Town.here().tz).date()


def deciders(topic: Topic | None, now: datetime) -> tuple[list[User], str]:
    """Who may approve an answer on this topic now, the first asked first, and why in words."""
    answer = finalsay.who(topic.name if topic else ANYTHING, now)
    return [one for one in (answer.holder, answer.deputy) if one is not None], answer.why


def make(
    words: Words, *, by: User, now: datetime, source: Reply | None = None, instead_of: Answer | None = None
) -> Answer:
    """A draft, from a reply that was sent or from an approved answer that is to say something else."""
    _check(words, now)
    if source is not None and source.state != "published":
        raise Invalid("Only an answer that was sent can be made reusable.")
    with transaction.atomic():
        made = Answer.objects.create(
            question=words.question.strip(),
            text=words.text.strip(),
            topic=words.topic,
            review_on=words.review_on,
            source=source,
            instead_of=instead_of,
            author=by,
            at=now,
        )
        audit.record("drafted_answer", made, by=by, now=now, text=made.text, review_on=str(made.review_on))
    return made


def change(held: Answer, words: Words, version: int, *, by: User, now: datetime) -> Answer:
    """Other words for a draft; an approved one is answered by a draft that will take its place."""
    if held.state == "approved":
        return make(words, by=by, now=now, source=held.source, instead_of=held)
    _check(words, now)
    rows = Answer.objects.filter(pk=held.pk, state="draft", version=version)
    facts = {"question": words.question.strip(), "text": words.text.strip(), "topic": words.topic}
    with transaction.atomic():
        if not rows.update(**facts, review_on=words.review_on, at=now, why="", version=F("version") + 1):
            raise LostRace("This draft was changed or sent on meanwhile.", next_step="Load it again.")
        held.refresh_from_db()
        audit.record("changed_answer", held, by=by, now=now, text=held.text)
    return held


def _check(words: Words, now: datetime) -> None:
    if not words.question.strip() or not words.text.strip():
        raise Invalid("An answer needs the question it answers, and words.")
    first = today(now)
    if not first < words.review_on <= first + timedelta(days=LONGEST_REVIEW):
        raise Invalid("The review date lies within the next two years.")


@transaction.atomic
def ask(held: Answer, *, by: User, now: datetime) -> Answer:
    """Ask whoever has the final say on its topic to approve it."""
    people, why = deciders(held.topic, now)
    if not people:
        raise Invalid(why, next_step="Name somebody in the register of the final say first.", rule="final_say")
    move(held, "in_review", now=now, by=by, version=F("version") + 1, why="")
    url = reverse("inbox:answer", args=[held.key])
    for one in people:
        words = f"{by.name} asks you to approve an answer for the library: “{held}”."
        tell(one, "reply.answer_to_approve", words, url, now=now, once=f"answer:{held.key}:{held.version}")
    return held


@transaction.atomic
def approve(held: Answer, version: int, *, by: User, now: datetime) -> Answer:
    """Approve exactly the words of this version; the one it takes the place of is put away."""
    held = _waiting(held, version)
    _require_say(held, by, now)
    if by.pk == held.author_id:
        raise Invalid("Nobody approves their own words.", next_step="The deputy can approve it.", rule="sign_off")
    why = deciders(held.topic, now)[1]
    held = move(
        held, "approved", now=now, by=by, version=F("version") + 1, approver=by, approved_at=now, said_by=why[:300]
    )
    if held.instead_of is not None and held.instead_of.state == "approved":
        move(held.instead_of, "retired", now=now, by=by, version=F("version") + 1, why=f"Followed by “{held}”."[:300])
    url = reverse("inbox:answer", args=[held.key])
    tell(held.author, "reply.answer_approved", f"{by.name} approved “{held}” for the library.", url, now=now)
    return held


@transaction.atomic
def send_back(held: Answer, reason: str, version: int, *, by: User, now: datetime) -> Answer:
    """Back to its author's draft, with what should change."""
    if not reason.strip():
        raise Invalid("Say what should change, so that it can be changed.")
    held = _waiting(held, version)
    _require_say(held, by, now)
    why = f"{by.name}: {reason.strip()}"[:300]
    held = move(held, "draft", now=now, by=by, version=F("version") + 1, why=why)
    url = reverse("inbox:answer", args=[held.key])
    tell(held.author, "reply.answer_sent_back", f"“{held}” came back. {why}", url, now=now)
    return held


@transaction.atomic
def retire(held: Answer, *, by: User, now: datetime) -> Answer:
    """It is offered no more; what it said and where it was used stays."""
    return move(held, "retired", now=now, by=by, version=F("version") + 1, why=f"Put away by {by.name}."[:300])


@transaction.atomic
def renew(held: Answer, review_on: date, version: int, *, by: User, now: datetime) -> Answer:
    """Looked at again and still right, until another day; by whoever has the final say."""
    _require_say(held, by, now)
    if not today(now) < review_on <= today(now) + timedelta(days=LONGEST_REVIEW):
        raise Invalid("The next review lies within the next two years.")
    rows = Answer.objects.filter(pk=held.pk, state="approved", version=version)
    if not rows.update(review_on=review_on, approver=by, approved_at=now, version=F("version") + 1):
        raise LostRace("This answer was changed meanwhile.", next_step="Load it again.")
    was = held.review_on
    held.refresh_from_db()
    audit.record("reviewed_answer", held, by=by, now=now, was=str(was), became=str(review_on))
    return held


def _waiting(held: Answer, version: int) -> Answer:
    rows = Answer.objects.select_for_update(of=("self",)).select_related("topic", "author", "instead_of")
    fresh = rows.get(pk=held.pk)
    if fresh.state != "in_review" or fresh.version != version:
        raise LostRace("This does not wait for your word any more, or was changed.", next_step="Load it again.")
    return fresh


def _require_say(held: Answer, by: User, now: datetime) -> None:
    people, why = deciders(held.topic, now)
    if by not in people:
        raise Invalid(f"You do not decide on this. {why}", next_step="Ask whoever does.", rule="final_say")


def search(query: str) -> QuerySet[Answer]:
    """Approved answers whose question or words hold every word of the query."""
    rows = Answer.objects.filter(state="approved").select_related("topic")
    for word in query.split()[:6]:
        rows = rows.filter(Q(question__icontains=word) | Q(text__icontains=word) | Q(topic__name__icontains=word))
    return rows


def is_overdue(held: Answer, day: date) -> bool:
    return held.state == "approved" and held.review_on < day


def used_in(held: Answer) -> QuerySet[Used]:
    """Where it was sent, the newest first."""
    sent = held.uses.filter(reply__state__in=["released", "published"])
    return sent.select_related("reply__conversation__channel", "by").order_by("-at")


def steps(reply: Reply, now: datetime) -> list[Step]:
    """The signature an answer needs that rests on one whose review is overdue, or that is approved no more."""
    if reply.pk is None:
        return []
    rows = Answer.objects.filter(uses__reply=reply)
    stale = rows.filter(Q(state="approved", review_on__lt=today(now)) | Q(state="retired")).first()
    if stale is None:
        return []
    past = f"is past its review of {stale.review_on:%-d %B %Y}" if stale.state == "approved" else "was put away"
    return [Step("sign_off", f"It rests on “{stale}”, which {past}: an approver signs."[:200], SIGNER)]


def nag(now: datetime) -> None:
    """Tell whoever decides of reviews that are near or overdue, once a month for each."""
    day = today(now)
    rows = Answer.objects.filter(state="approved", review_on__lte=day + AHEAD).select_related("topic", "author")
    due = {f"answer:{'late' if one.review_on < day else 'soon'}:{one.key}:{now:%Y-%m}": one for one in rows}
    told = set(Notification.objects.filter(once__in=due).values_list("once", flat=True)) if due else set()
    for once, one in due.items():
        if once in told:
            continue
        late = one.review_on < day
        words = f"The review of the answer “{one}” {'was' if late else 'is'} due on {one.review_on:%-d %B}."
        people = deciders(one.topic, now)[0] or [one.author]
        tell(people[0], "reply.answer_review", words, reverse("inbox:answer", args=[one.key]), now=now, once=once)
