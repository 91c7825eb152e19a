"""What people at the desk do with a conversation besides answering it: each act once, locked, audited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts import audit, notifications
from accounts.access import may
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, NotAllowed
from channels_app.models import Delivery
from engagement import mentioning, threads
from engagement.models import ClockEvent, Conversation, Decision, Label, Message, Note, Reply
from engagement.statutory import pending
from policy.moves import move

PAUSED_FOR = "waiting_for_resident"


def assign(conversation: Conversation, to: User | None, *, by: User, now: datetime) -> Conversation:
    """Hand it to a person, or back to everybody. They are told, unless they did it themselves."""
    with transaction.atomic():
        fresh = hold(conversation)
        if to is not None and not may(to, "answer", now, fresh.channel.scope):
            raise NotAllowed(f"{to.name} does not answer on {fresh.channel}.", next_step="Choose somebody who does.")
        if fresh.assignee_id == (to.pk if to else None):
            return fresh
        was = fresh.assignee.name if fresh.assignee else ""
        _change(fresh, assignee=to)
        audit.record("assigned", fresh, by=by, now=now, was=was, became=to.name if to else "")
        if to is not None and to != by:
            notifications.tell(to, "inbox.assigned", f"{by.name} gave you: {fresh}", address(fresh), now=now)
    return fresh


def note(conversation: Conversation, text: str, *, by: User, now: datetime) -> Note:
    """Write something for colleagues; it never leaves Parley."""
    if not text.strip():
        raise Invalid("Write the note first.")
    with transaction.atomic():
        fresh = hold(conversation)
        written = Note.objects.create(conversation=fresh, author=by, text=text.strip()[:5000], at=now)
        audit.record("noted", fresh, by=by, now=now)
        mentioning.tell_named(written, address(fresh), now)
        _change(fresh)
    return written


def close(conversation: Conversation, outcome: str, *, by: User, now: datetime) -> Conversation:
    """Done, with an outcome from the list. What was still owed is settled without an answer, and says so."""
    if outcome not in Conversation.BY_HAND:
        raise Invalid("Choose why this is done.", rule="response")
    with transaction.atomic():
        fresh = hold(conversation)
        if fresh.state == "closed":
            raise IllegalMove("This conversation is done already.")
        if Reply.objects.filter(conversation=fresh, state="released").exists():
            raise IllegalMove(
                "An answer is still on its way.", next_step="Wait until it is published, or take it back first."
            )
        if Decision.objects.open().filter(conversation=fresh).exists():
            raise IllegalMove(
                "An answer waits for a decision here.", next_step="Wait for it, or have it taken back first."
            )
        pending.stop(fresh)
        if fresh.unanswered_since is not None:
            if outcome == "answered":
                raise Invalid(
                    "What was asked last has no answer yet.",
                    next_step="Answer it, or choose why it needs none.",
                    rule="response",
                )
            _event(fresh, "no_reply_needed", now, by=by, reason=outcome)
        end(fresh, outcome, by=by, now=now)
        threads.refresh([fresh.pk], now)
        threads.beat(fresh.channel)
    return fresh


def end(conversation: Conversation, outcome: str, *, by: User | None, now: datetime) -> Conversation:
    """Write down that it is done. The caller has settled the clock."""
    words = dict(Conversation.OUTCOMES)[outcome]
    return move(
        conversation,
        "closed",
        now=now,
        by=by,
        reason=words,
        outcome=outcome,
        snoozed_until=None,
        version=F("version") + 1,
    )


def reopen(conversation: Conversation, *, by: User, now: datetime) -> Conversation:
    """Take it back to the open ones. What was settled without an answer is owed again, from when it was asked."""
    with transaction.atomic():
        fresh = hold(conversation)
        if fresh.state == "open":
            raise IllegalMove("This conversation is open already.")
        if fresh.merged_into_id:
            raise IllegalMove("Its messages are in another conversation now.", next_step="Take the merge back first.")
        if fresh.state == "waiting":
            _event(fresh, "resumed", now, by=by)
        else:
            _event(fresh, "reopened", now, by=by)
        threads.wake(fresh, now, by=by)
        threads.refresh([fresh.pk], now)
        threads.beat(fresh.channel)
    return fresh


def wait(conversation: Conversation, *, by: User, now: datetime) -> Conversation:
    """Wait for the resident; the clock stands still until they write, for two weeks at most."""
    with transaction.atomic():
        fresh = hold(conversation)
        if fresh.state != "open":
            raise IllegalMove("Only an open conversation can wait for the resident.")
        _event(fresh, "paused", now, by=by, reason=PAUSED_FOR)
        move(fresh, "waiting", now=now, by=by, snoozed_until=None, version=F("version") + 1)
        threads.refresh([fresh.pk], now)
        threads.beat(fresh.channel)
    return fresh


def label(conversation: Conversation, labels: Iterable[Label], *, by: User, now: datetime) -> Conversation:
    """Give it exactly these labels."""
    wanted = sorted(labels, key=lambda one: one.name)
    with transaction.atomic():
        fresh = hold(conversation)
        was = sorted(one.name for one in fresh.labels.all())
        if was == [one.name for one in wanted]:
            return fresh
        fresh.labels.set(wanted)
        audit.record("labelled", fresh, by=by, now=now, was=was, became=[one.name for one in wanted])
        _change(fresh)
    return fresh


def take_up(conversation: Conversation, *, by: User, now: datetime) -> None:
    """Somebody is answering: the conversation is open, and theirs where it was nobody's. The caller holds it."""
    if conversation.state == "waiting":
        _event(conversation, "resumed", now, by=by)
    threads.wake(conversation, now, by=by)
    _change(conversation, assignee=conversation.assignee or by)
    threads.refresh([conversation.pk], now)


def resume_long_pause(conversation: Conversation, now: datetime) -> None:
    """A pause that has reached its cap ends by itself: somebody must decide what comes next."""
    with transaction.atomic():
        fresh = hold(conversation)
        if fresh.state != "waiting" or fresh.nudge_at is None or fresh.nudge_at > now:
            return
        _event(fresh, "resumed", fresh.nudge_at)
        threads.wake(fresh, now)
        threads.refresh([fresh.pk], now)
        threads.beat(fresh.channel)


def answered(conversation: Conversation, message: Message | None, delivery: Delivery, now: datetime) -> None:
    """Our answer is out: what was known when it was written is settled, what came since is still owed."""
    events = ClockEvent.objects.filter(conversation=conversation, delivery=delivery, kind="answered")
    if events.exists():
        return
    at = message.at if message else delivery.published_at or now
    ClockEvent.objects.create(
        conversation=conversation, kind="answered", at=at, noted_at=now, message=message, delivery=delivery
    )
    late = Message.objects.filter(conversation=conversation, ours=False, gone_at=None, at__lte=at)
    for row in late.filter(ingested_at__gt=delivery.created_at):
        first = ClockEvent.objects.filter(message=row, kind="started").first()
        if first:
            _owe(first, now)


def address(conversation: Conversation) -> str:
    return f"/inbox/{conversation.key}/"


def touch(conversation: Conversation) -> None:
    """Another version of it, for open pages to notice; what changed was written by whoever holds it."""
    _change(conversation)


def hold(conversation: Conversation) -> Conversation:
    """The conversation as it is now, locked until the transaction ends."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("channel__scope", "assignee")
    return rows.get(pk=conversation.pk)


def _owe(first: ClockEvent, now: datetime) -> None:
    ClockEvent.objects.get_or_create(
        conversation_id=(first.message and first.message.conversation_id) or first.conversation_id,
        kind="reopened",
        message=first.message,
        defaults={"at": first.at, "noted_at": now, "promise": first.promise, "calendar": first.calendar},
    )


def _event(
    conversation: Conversation, kind: str, now: datetime, *, by: User | None = None, reason: str = ""
) -> ClockEvent:
    return ClockEvent.objects.create(conversation=conversation, kind=kind, at=now, noted_at=now, by=by, reason=reason)


def _change(conversation: Conversation, **changes: object) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1, **changes)
    conversation.refresh_from_db()
    threads.beat(conversation.channel)
