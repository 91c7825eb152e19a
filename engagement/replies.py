"""Answering: from the words to the outbox, and what the end of the delivery does to the conversation.

A reply takes its parent's visibility. A private message is answered privately or not at all: the words to be sent are
checked for it when they are frozen, and again at the last moment before they go out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import notifications
from accounts.access import may, require
from accounts.models import User
from accounts.refusals import Invalid, LostRace, NotAllowed
from channels_app import outbox
from channels_app.models import Delivery
from engagement import (
    cases,
    checking,
    choosing,
    considered,
    cooling,
    deciding,
    filling,
    handling,
    linking,
    signing,
    threads,
    tiering,
    together,
    wording,
)
from engagement.models import Conversation, Message, Reply
from engagement.statutory import pending
from engagement.threads import PRIVATE
from policy import approvals, second_looks
from policy.approvals import Step
from policy.models import Approval
from policy.moves import move

ONE_WAY = "This channel only warns: nobody is answered there."
AHEAD = 1  # replies go out before posts that are due


@dataclass(frozen=True)
class Sending:
    """What the reply box sent. `form_key` is one per opened form, `answers` how many answers its writer had seen."""

    text: str
    form_key: str = ""
    answers: int | None = None
    close_after: bool = False
    situation: str = ""
    language: str | None = None


def answers_of(conversation: Conversation) -> int:
    """How many answers of ours there are or are on their way: what the reply box remembers of when it was opened.

    Automatic acknowledgements are none.
    """
    sent = Reply.objects.filter(conversation=conversation, state="released").count()
    ours = Message.objects.filter(conversation=conversation, ours=True)
    return sent + ours.filter(delivery__acknowledged=None).count()


def release(conversation: Conversation, sending: Sending, *, by: User, now: datetime) -> Reply:
    """Freeze these words and hand them to the outbox, or ask for the signature they need. Sent twice it is one reply.

    Raises Invalid for words that cannot be sent, LostRace where somebody answered in the meantime; the words are kept
    as a draft either way.
    """
    if not sending.text.strip():
        raise Invalid("Write an answer first.")
    refuse_one_way(conversation)
    kept = wording.save(
        conversation,
        sending.text,
        by=by,
        now=now,
        form_key=sending.form_key,
        situation=sending.situation,
        language=sending.language,
    )
    calm_at = now + stop(kept, by, now)
    with transaction.atomic():
        fresh = handling.hold(conversation)
        earlier = Reply.objects.filter(form_key=sending.form_key).exclude(form_key="").exclude(state="draft").first()
        if earlier:
            return earlier
        draft = wording.draft_of(fresh, by)
        if draft is None:
            raise LostRace("This draft was sent or dropped a moment ago.", next_step="Load the page again.")
        refuse_second_answer(fresh, sending)
        go_out(draft, sending, by=by, now=now, due_at=calm_at)
        handling.take_up(fresh, by=by, now=now)
    return draft


def refuse_one_way(conversation: Conversation) -> None:
    """Raise on a channel that only warns."""
    if conversation.channel.purpose == "broadcast":
        raise Invalid(ONE_WAY, next_step="Call, write from another channel, or ask an administrator to change it.")


def go_out(draft: Reply, sending: Sending, *, by: User, now: datetime, due_at: datetime | None = None) -> None:
    """To the outbox, now or at `due_at`, or to whoever signs it; its links are made short first. The caller holds the
    conversation.
    """
    draft.text = linking.freeze(draft, now)
    Reply.objects.filter(pk=draft.pk).update(text=draft.text)
    steps = signing.steps_for(draft, now)
    if steps:
        Reply.objects.filter(pk=draft.pk).update(form_key=sending.form_key, close_after=sending.close_after)
        signing.ask(draft, steps, by=by, now=now)
    else:
        choosing.refuse_undecided(draft, now)
        _release(draft, _hand_over(draft, now, due_at=due_at), sending, by, now)


def stop(draft: Reply | None, by: User, now: datetime) -> timedelta:
    """What is unfinished, and the checks, stop an answer before it is handed over; what the checks said is kept. Else
    how long it is held for its writer to cool off.
    """
    if draft is None or draft.state != "draft":
        return timedelta(0)
    filling.stop(draft.text)
    cases.stop(draft.text, draft.visibility)
    considered.stop(draft)
    checked = checking.look(draft.parent, draft.text, draft.situation, reply=draft, by=by, now=now)
    checking.note_firings(draft, checked, now)
    if checked.musts:
        told = [f"{one.words}{f' “{one.quote}”' if one.quote else ''}" for one in checked.musts]
        raise Invalid(" ".join(told), next_step="Fix it, or override it with a reason, beside the words.")
    return cooling.hold_of(checked)


@transaction.atomic
def approve(reply: Reply, seen: str, *, by: User, now: datetime, remark: str = "", text: str | None = None) -> Reply:
    """Sign exactly the words with the hash `seen`, or `text` in their place; what is signed goes out at once."""
    reply = signing.held(reply)
    signing.check_signer(reply, seen, by=by, now=now)
    mended = text is not None and signing.mend(reply, text, by=by, now=now)
    seen = signing.seal(reply) if mended else seen
    steps, scope = _still_fine(reply, now), reply.parent.channel.scope
    approval = approvals.grant(seen, steps, asked_by=reply.author, by=by, scope=scope, now=now, remark=remark)
    _send_signed(reply, approval, by, now)
    deciding.end(reply, "approved", by=by, now=now, remark=remark, delivery=reply.delivery)
    how = "changed your answer and signed it" if mended else "signed your answer"
    words = f"{by.name} {how}; it is on its way: “{reply}”"
    notifications.tell(reply.author, "reply.signed", words, handling.address(reply.conversation), now=now)
    return reply


@transaction.atomic
def look_again(reply: Reply, seen: str, *, by: User, now: datetime) -> Reply:
    """The writer's own second look at exactly these words, where nobody else can sign them; they go out at once."""
    reply = signing.held(reply)
    scope, writers = reply.parent.channel.scope, {reply.author_id}
    require(by, "answer", now, scope)
    signing.check_words(reply, seen)
    steps = _still_fine(reply, now)
    approval = second_looks.look_again(
        seen, steps, by=by, writers=writers, scope=scope, asked_at=reply.asked_at, now=now
    )
    _send_signed(reply, approval, by, now)
    deciding.end(reply, "approved", by=by, now=now, remark=approval.rule_words, delivery=reply.delivery)
    return reply


def _still_fine(reply: Reply, now: datetime) -> list[Step]:
    """The signatures it needs; raises where somebody answered meanwhile or the checks stop it."""
    if not reply.text.strip():
        raise Invalid("There are no words to sign yet.", next_step="Write the answer, or send it back.")
    refuse_second_answer(reply.conversation, Sending(reply.text), besides=reply)
    choosing.refuse_undecided(reply, now)
    checked = checking.look(reply.parent, reply.text, reply.situation, reply=reply, by=reply.author, now=now)
    if checked.musts:
        raise Invalid(
            f"The checks stop it: {checked.musts[0].words}", next_step="Send it back with what should change."
        )
    return signing.steps_for(reply, now)


def _send_signed(reply: Reply, approval: Approval, by: User, now: datetime) -> None:
    sending = Sending(reply.text, reply.form_key, close_after=reply.close_after)
    _release(reply, _hand_over(reply, now, approval), sending, by, now)


def withdraw(reply: Reply, *, by: User, now: datetime) -> Reply:
    """Take back a reply that has not gone out; its words become a draft again. Raises LostRace when it is too late."""
    if reply.delivery is None:
        raise LostRace("This reply was not on its way.")
    outbox.cancel(reply.delivery, by=by, now=now, version=reply.delivery.version)
    reply.refresh_from_db()
    return reply


def decide(reply: Reply, decision: str, reason: str, *, url: str, version: int, by: User, now: datetime) -> Reply:
    """A person's word on an answer nobody could make sure of: it is there, send it, or drop it."""
    if reply.delivery is None or decision not in {"it_is_there", "send", "drop"}:
        raise LostRace("There is nothing left to decide here.")
    with transaction.atomic():
        outbox.decide(reply.delivery, decision, by, now, reason, url=url, version=version)  # type: ignore[arg-type]
        threads.beat(reply.delivery.channel)
    reply.refresh_from_db()
    return reply


def recheck(delivery: Delivery, now: datetime) -> outbox.Block | None:
    """The last questions before a reply goes out."""
    reply = Reply.objects.select_related("parent").filter(delivery=delivery).first()
    if reply is None or reply.state != "released":
        return outbox.Block("taken_back", "This reply was taken back.")
    if reply.parent.gone_at is not None:
        return outbox.Block("parent_gone", "The message it answers was taken back by its author. Cancel this reply.")
    if delivery.payload.get("visibility") != wording.visibility_for(reply.parent):
        return outbox.Block("visibility", "It would be seen by others than the message it answers. Cancel this reply.")
    if delivery.channel.purpose == "broadcast":
        return outbox.Block("one_way", f"{ONE_WAY} Cancel this reply.")
    signer = delivery.approval.by
    if signer is not None and not may(signer, signing.SIGNER, now, delivery.channel.scope):
        return outbox.Block("rights", f"{signer.name} signed it and may no longer sign here. Ask for sign-off again.")
    words = approvals.obstacle(
        delivery.approval, "reply", delivery.asked_by, delivery.channel, now, delivery.payload, tier=tiering.of(reply)
    )
    return outbox.Block("permitted", words) if words else None


def after(delivery: Delivery, now: datetime) -> None:
    """What a delivery's end does here; coming twice for the same end changes nothing more."""
    reply = Reply.objects.select_related("conversation", "parent", "author").filter(delivery=delivery).first()
    if reply is None:
        return
    threads.hold(delivery.channel)
    deciding.sent(delivery, now)
    if delivery.state == "published":
        _published(reply, delivery, now)
    elif delivery.state in {"failed", "cancelled"} and reply.state == "released":
        why = "taken back before it went out." if delivery.state == "cancelled" else delivery.why_words
        move(reply, "draft", now=now, why=f"Not sent: {why or 'the platform refused it.'}"[:300], form_key="")
        threads.refresh([reply.conversation_id], now)
    elif delivery.state == "removed":
        Message.objects.filter(delivery=delivery, gone_at=None).update(gone_at=now)
    threads.beat(delivery.channel)


def page(delivery: Delivery) -> str:
    """Where a person sees this reply: its conversation, or the inbox for one nobody holds any more."""
    key = Reply.objects.filter(delivery=delivery).values_list("conversation__key", flat=True).first()
    return reverse("inbox:conversation", args=[key]) if key else reverse("inbox:queue")


def _release(draft: Reply, delivery: Delivery, sending: Sending, by: User, now: datetime) -> None:
    move(
        draft,
        "released",
        now=now,
        by=by,
        version=F("version") + 1,
        delivery=delivery,
        approval=delivery.approval,
        form_key=sending.form_key,
        close_after=sending.close_after,
        why="",
    )


def refuse_second_answer(conversation: Conversation, sending: Sending, besides: Reply | None = None) -> None:
    """Raise LostRace where another answer is on its way already, or came while this one was written."""
    under_way = Reply.objects.filter(conversation=conversation, state="released").select_related("author").first()
    if under_way is None:
        shared = together.under_way(conversation)
        under_way = shared if shared != besides else None
    if under_way:
        raise LostRace(
            f"An answer by {under_way.author.name} is on its way already.",
            next_step="Read it, then send yours if it is still needed.",
        )
    if sending.answers is not None and sending.answers != answers_of(conversation):
        raise LostRace(
            "Somebody answered this while you were writing.",
            next_step="Read their answer, then send yours if it is still needed.",
        )


def _hand_over(
    draft: Reply, now: datetime, approval: Approval | None = None, due_at: datetime | None = None
) -> Delivery:
    """To the outbox, with the approval given, or the one of words that nobody needs to sign; now, or at `due_at`."""
    parent, by = Message.objects.select_related("channel__scope", "person").get(pk=draft.parent_id), draft.author
    wording.check(parent, draft.text, by)
    channel, payload = parent.channel, wording.payload_for(parent, draft.text, by, draft.language)
    if parent.visibility in PRIVATE and payload["visibility"] != "direct":
        raise NotAllowed("A private message is only answered privately.", rule="private_stays_private")
    if approval is None:
        approval = approvals.free(approvals.content_hash(payload, channel.key), "reply", asked_by=by, now=now)
    return outbox.create(
        channel=channel,
        kind="reply",
        origin="reply",
        payload=payload,
        approval=approval,
        asked_by=by,
        due_at=due_at or now,
        now=now,
        priority=AHEAD,
    )


def _published(reply: Reply, delivery: Delivery, now: datetime) -> None:
    """The answer is out: it is a message of ours, and the clock stops at the platform's time of it."""
    message = our_message(delivery, reply.parent, reply.conversation, reply.visibility, now)
    if reply.state == "released":
        move(reply, "published", now=now, version=F("version") + 1)
    considered.settle(reply, now)
    if together.is_one(reply):
        together.settle(reply, message, delivery, now)
        return
    handling.answered(reply.conversation, message, delivery, now)
    threads.refresh([reply.conversation_id], now)
    conversation = Conversation.objects.get(pk=reply.conversation_id)
    done = conversation.state != "closed" and conversation.unanswered_since is None
    if reply.close_after and done and not pending.on([conversation.pk]):
        handling.end(conversation, "answered", by=reply.author, now=now)


def our_message(
    delivery: Delivery, parent: Message, conversation: Conversation, visibility: str, now: datetime
) -> Message | None:
    """Our own message for this delivery: the one met by polling, or a new one. None without a remote id."""
    if not delivery.remote_id:
        return None
    message, new = Message.objects.get_or_create(
        channel=delivery.channel,
        remote_id=delivery.remote_id,
        defaults={
            "kind": "direct" if visibility == "direct" else "reply",
            "conversation": conversation,
            "ours": True,
            "text": delivery.payload["text"],
            "visibility": visibility,
            "parent_id": parent.remote_id,
            "root_id": wording.root_of(parent),
            "url": delivery.remote_url,
            "at": delivery.published_at or now,
            "ingested_at": now,
        },
    )
    if new:
        message.versions.create(n=1, text=message.text, seen_at=now)
    if message.delivery_id is None:
        message.delivery, message.conversation = delivery, conversation
        message.save(update_fields=["delivery", "conversation"])
    return message
