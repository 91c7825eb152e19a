"""Sign-off of answers: asked for, given or sent back; always of the exact words, never by who wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from accounts.access import require, scopes_for
from accounts.models import User
from accounts.notifications import tell, tell_role
from accounts.refusals import Invalid, LostRace, NotAllowed
from channels_app.models import Channel
from engagement import checking, handling, library, threads, tiering, wording
from engagement.models import Conversation, Reply
from policy import approvals, judging, second_looks
from policy.approvals import Step
from policy.moves import move
from policy.second_looks import SecondLook

SIGNER = "approve_reply"


def steps_for(reply: Reply, now: datetime) -> list[Step]:
    """The signatures this answer needs: by the town's rules, and for checks its writer overrode."""
    parent = reply.parent
    payload = wording.payload_for(parent, reply.text, reply.author, reply.language)
    steps = approvals.steps_for("reply", reply.author, parent.channel, now, payload, tier=tiering.of(reply))
    steps = [*steps, *library.steps(reply, now)]
    known = judging.judgements("reply", reply.key)
    if not any(one.what == "overridden" and one.signed for one in known.values()):
        return steps
    checked = checking.look(parent, reply.text, reply.situation, reply=reply, by=reply.author, now=now)
    return [*steps, *judging.steps(checked.rows, SIGNER)]


def ask(reply: Reply, steps: Sequence[Step], *, by: User, now: datetime) -> Reply:
    """Into the sign-off queue; those who may sign are told."""
    move(reply, "in_review", now=now, by=by, reason=steps[0].words, version=F("version") + 1, asked_at=now, why="")
    threads.beat(reply.parent.channel)
    tell_role(
        SIGNER,
        reply.parent.channel.scope,
        "reply.to_sign",
        f"{by.name} asks for your sign-off of an answer on {reply.parent.channel}: “{reply}”.",
        reverse("desk:sign-off"),
        now=now,
        once=f"reply:{reply.key}:{reply.version}",
        besides=[by],
    )
    return reply


def queue(user: User, now: datetime) -> list[Reply]:
    """Answers that wait for a signature on the channels where this person may sign, the oldest first."""
    rows = Reply.objects.filter(
        state="in_review", parent__channel__in=Channel.objects.filter(scopes_for(user, SIGNER, now))
    )
    return list(_whole(rows).order_by("asked_at")[:100])


def asked_by(user: User, now: datetime) -> list[Reply]:
    """What this person waits for, on channels they still see."""
    seen = Conversation.objects.visible_to(user, now)
    rows = Reply.objects.filter(state="in_review", author=user, conversation__in=seen)
    return list(_whole(rows).order_by("asked_at")[:50])


def _whole(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    return rows.select_related("conversation", "parent__channel__scope", "parent__person", "author")


def seal(reply: Reply) -> str:
    """The hash of exactly what would go out."""
    payload = wording.payload_for(reply.parent, reply.text, reply.author, reply.language)
    return approvals.content_hash(payload, reply.parent.channel.key)


def held(reply: Reply) -> Reply:
    """The answer as it is now, with its conversation locked."""
    handling.hold(reply.conversation)
    return _whole(Reply.objects.filter(pk=reply.pk)).get()


@transaction.atomic
def send_back(reply: Reply, reason: str, *, by: User, now: datetime) -> Reply:
    """Back to its writer's draft, with the reason over it."""
    if not reason.strip():
        raise Invalid("Say what should change, so that it can be changed.")
    reply = held(reply)
    require(by, SIGNER, now, reply.parent.channel.scope)
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
    move(reply, "draft", now=now, by=by, version=F("version") + 1, form_key="")
    threads.beat(reply.parent.channel)
    return reply


def second_look(reply: Reply, now: datetime) -> SecondLook | None:
    """Whether its own writer may look again, because nobody else can sign it here."""
    scope = reply.parent.channel.scope
    return second_looks.offered(
        steps_for(reply, now), writers={reply.author_id}, scope=scope, asked_at=reply.asked_at, now=now
    )


def check_signer(reply: Reply, seen: str, *, by: User, now: datetime) -> None:
    """Raise where this person may not sign these words, or they are not the words that were read."""
    require(by, SIGNER, now, reply.parent.channel.scope)
    if by.pk == reply.author_id:
        raise NotAllowed(
            "Nobody approves their own words.",
            next_step="Ask another approver; it stays in the queue.",
            rule="sign_off",
        )
    check_words(reply, seen)


def check_words(reply: Reply, seen: str) -> None:
    """Raise where these are not the words that were read, or nothing is left to be answered."""
    if reply.state != "in_review":
        raise LostRace("This does not wait for a signature any more.", next_step="Load the queue again.")
    if seal(reply) != seen:
        raise LostRace("The words were changed while you were reading.", next_step="Read them again and decide.")
    if reply.parent.gone_at is not None:
        raise Invalid("The message it answers was taken back by its author.", next_step="Send it back.")
