"""Sign-off of answers: asked for, given or sent back; always of the exact words, never by who wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.access import require, scopes_for
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace, NotAllowed
from channels_app.models import Channel
from engagement import checking, deciding, handling, library, threads, tiering, wording
from engagement.deciding import SIGNER, Question
from engagement.models import Conversation, Decision, Reply
from policy import approvals, judging, second_looks
from policy.approvals import Step
from policy.moves import move
from policy.second_looks import SecondLook


def steps_for(reply: Reply, now: datetime) -> list[Step]:
    """The signatures this answer needs: because it was escalated, by the town's rules, and for checks its writer
    overrode."""
    asked = deciding.of(reply)
    escalated = [Step("final_say", asked.why[:200], SIGNER)] if asked is not None and asked.escalated else []
    return [*escalated, *_by_rule(reply, now)]


def _by_rule(reply: Reply, now: datetime) -> list[Step]:
    parent = reply.parent
    payload = wording.payload_for(parent, reply.text, reply.author, reply.language)
    steps = approvals.steps_for("reply", reply.author, parent.channel, now, payload, tier=tiering.of(reply))
    steps = [*steps, *library.steps(reply, now)]
    known = judging.judgements("reply", reply.key)
    if not any(one.what == "overridden" and one.signed for one in known.values()):
        return steps
    checked = checking.look(parent, reply.text, reply.situation, reply=reply, by=reply.author, now=now)
    return [*steps, *judging.steps(checked.rows, SIGNER)]


def shown_steps(reply: Reply, now: datetime) -> list[Step]:
    """`steps_for` to be shown to whoever signs: what is not permitted by now is a step nobody can take."""
    try:
        return steps_for(reply, now)
    except NotAllowed as refused:
        return [Step(refused.rule, refused.words, "")]


def ask(reply: Reply, steps: Sequence[Step], *, by: User, now: datetime, question: Question | None = None) -> Reply:
    """Into the sign-off queue; whom it lies with is told."""
    reason = question.words if question else steps[0].words
    move(reply, "in_review", now=now, by=by, reason=reason[:500], version=F("version") + 1, asked_at=now, why="")
    deciding.ask(reply, question or Question(), steps, by=by, now=now)
    threads.beat(reply.parent.channel)
    return reply


def queue(user: User, now: datetime) -> list[Reply]:
    """Answers that wait for a signature on the channels where this person may sign, the oldest first."""
    rows = Reply.objects.filter(
        state="in_review", parent__channel__in=Channel.objects.filter(scopes_for(user, SIGNER, now))
    )
    return list(whole(rows).order_by("asked_at")[:100])


def asked_by(user: User, now: datetime) -> list[Reply]:
    """What this person waits for, on channels they still see."""
    seen = Conversation.objects.visible_to(user, now)
    rows = Reply.objects.filter(state="in_review", author=user, conversation__in=seen)
    return list(whole(rows).order_by("asked_at")[:50])


def whole(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    """With all that a signature looks at."""
    return rows.select_related("conversation", "parent__channel__scope", "parent__person", "author")


def seal(reply: Reply) -> str:
    """The hash of exactly what would go out."""
    payload = wording.payload_for(reply.parent, reply.text, reply.author, reply.language)
    return approvals.content_hash(payload, reply.parent.channel.key)


def held(reply: Reply) -> Reply:
    """The answer as it is now, with its conversation locked."""
    handling.hold(reply.conversation)
    return whole(Reply.objects.filter(pk=reply.pk)).get()


@transaction.atomic
def move_on(decision: int, now: datetime) -> Decision | None:
    """Move one question on where its time has come; None where it stays with whom it is."""
    handling.hold(Decision.objects.select_related("conversation").get(pk=decision).conversation)
    rows = Decision.objects.select_related("conversation__channel", "reply__parent__channel__scope", "reply__author")
    return deciding.move_on(rows.select_related("holder", "asked_by").get(pk=decision), now)


@transaction.atomic
def send_back(reply: Reply, reason: str, *, by: User, now: datetime) -> Reply:
    """Back to its writer's draft, with the reason over it."""
    if not reason.strip():
        raise Invalid("Say what should change, so that it can be changed.")
    reply = held(reply)
    require(by, SIGNER, now, reply.parent.channel.scope)
    _check_waits(reply)
    deciding.require_say(deciding.of(reply), reply, by, now)
    deciding.end(reply, "sent_back", by=by, now=now, remark=reason.strip())
    why = f"{by.name} sent it back: {reason.strip()}"[:300]
    move(reply, "draft", now=now, by=by, reason=reason.strip()[:500], version=F("version") + 1, why=why, form_key="")
    threads.beat(reply.parent.channel)
    tell(reply.author, "reply.sent_back", f"{why} “{reply}”", handling.address(reply.conversation), now=now)
    return reply


@transaction.atomic
def withdraw(reply: Reply, *, by: User, now: datetime) -> Reply:
    """Whoever wrote it takes it out of the queue; the words are a draft again."""
    reply = held(reply)
    if reply.author_id != by.pk:
        raise NotAllowed("Only who wrote it takes it out of the queue.")
    _check_waits(reply)
    deciding.end(reply, "withdrawn", by=by, now=now)
    move(reply, "draft", now=now, by=by, version=F("version") + 1, form_key="")
    threads.beat(reply.parent.channel)
    return reply


def second_look(reply: Reply, now: datetime) -> SecondLook | None:
    """Whether its own writer may look again, because nobody else can sign it here."""
    scope, steps = reply.parent.channel.scope, shown_steps(reply, now)
    if any(not step.who for step in steps):
        return None
    return second_looks.offered(steps, writers={reply.author_id}, scope=scope, asked_at=reply.asked_at, now=now)


def check_signer(reply: Reply, seen: str, *, by: User, now: datetime) -> None:
    """Raise where this person may not sign these words, or they are not the words that were read."""
    require(by, SIGNER, now, reply.parent.channel.scope)
    if by.pk == reply.author_id:
        raise NotAllowed(
            "Nobody approves their own words.",
            next_step="Ask another approver; it stays in the queue.",
            rule="sign_off",
        )
    deciding.require_say(deciding.of(reply), reply, by, now)
    check_words(reply, seen)


def mend(reply: Reply, text: str, *, by: User, now: datetime) -> bool:
    """The approver's own wording of it; the words stay those of whoever asked. Whether anything changed."""
    words = text.strip()
    if words == reply.text:
        return False
    if not words:
        raise Invalid("Write the answer, or send it back.")
    Reply.objects.filter(pk=reply.pk).update(text=words[: wording.MOST], version=F("version") + 1)
    reply.refresh_from_db(fields=["text", "version"])
    deciding.changed(reply, by=by, now=now)
    return True


def check_words(reply: Reply, seen: str) -> None:
    """Raise where these are not the words that were read, or nothing is left to be answered."""
    _check_waits(reply)
    if seal(reply) != seen:
        raise LostRace("The words were changed while you were reading.", next_step="Read them again and decide.")
    if reply.parent.gone_at is not None:
        raise Invalid("The message it answers was taken back by its author.", next_step="Send it back.")


def _check_waits(reply: Reply) -> None:
    if reply.state != "in_review":
        raise LostRace("This does not wait for a signature any more.", next_step="Load the queue again.")
