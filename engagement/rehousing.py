"""Messages that belong together are put together, and what does not belong is taken apart; both can be taken back.

What is still owed an answer goes along with its message: it stays owed from when the resident asked, by the promise
given then. What had been settled stays settled. Nobody's answer is on its way meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from engagement import handling, threads, timing
from engagement.clocks import MOVED
from engagement.models import (
    ClockEvent,
    Conversation,
    Decision,
    Handed,
    IssueMember,
    LegalRequest,
    Message,
    Moved,
    PromiseReport,
    Rehousing,
    Reply,
    ThreadKey,
)
from policy.moves import move

CANDIDATES = 12
ON_ITS_WAY = ("released", "in_review")


def candidates(conversation: Conversation, user: User, now: datetime) -> list[Conversation]:
    """What it can be merged into: others of the same person first, then the open ones of its channel, newest first."""
    seen = Conversation.objects.visible_to(user, now, "close").filter(
        channel=conversation.channel_id, private=conversation.private, merged_into=None
    )
    rows = seen.exclude(pk=conversation.pk).select_related("person").order_by("-last_at", "-id")
    same = list(rows.filter(person=conversation.person_id)[:CANDIDATES]) if conversation.person_id else []
    if conversation.private:
        return same
    open_ones = rows.filter(state="open").exclude(pk__in=[one.pk for one in same])
    return [*same, *open_ones[: CANDIDATES - len(same)]]


@transaction.atomic
def merge(source: Conversation, target: Conversation, *, by: User, now: datetime) -> Rehousing:
    """Put all messages of `source` into `target`. The merged one is done and leads there."""
    source, target = _held(source, target)
    _refuse_merge(source, target)
    messages = list(Message.objects.filter(conversation=source).order_by("at", "id"))
    row = _begin("merge", source, target, by, now)
    row.thread_keys = list(ThreadKey.objects.filter(conversation=source).values_list("key", flat=True))
    row.save(update_fields=["thread_keys"])
    _carry(row, messages, by, now)
    _retire(source, target, by, now)
    audit.record("merged_away", source, by=by, now=now, became=str(target.key))
    audit.record("merged", target, by=by, now=now, was=str(source.key))
    _settle(source, target, now)
    return row


@transaction.atomic
def split(source: Conversation, chosen: Iterable[int], *, by: User, now: datetime) -> Rehousing:
    """Begin a conversation of their own with these messages, with the same colleague and the same urgency."""
    threads.hold(source.channel)
    source = handling.hold(source)
    _refuse_under_way(source)
    here = list(Message.objects.filter(conversation=source).select_related("person").order_by("at", "id"))
    wanted = set(chosen)
    messages = [one for one in here if one.pk in wanted]
    first = next((one for one in messages if not one.ours), None)
    if first is None:
        raise Invalid("Choose at least one message of the resident.")
    if not any(one.pk not in wanted and not one.ours for one in here):
        raise Invalid("Leave at least one message of the resident here.", next_step="To close it, use Close.")
    target = Conversation.objects.create(
        channel=source.channel,
        person=first.person,
        private=source.private,
        kind=first.kind,
        root_id=source.root_id,
        assignee=source.assignee,
        department_id=source.department_id,
        priority=source.priority,
        opened_at=messages[0].at,
        last_at=messages[-1].at,
    )
    row = _begin("split", source, target, by, now)
    tops = [one.remote_id for one in messages]
    row.thread_keys = list(ThreadKey.objects.filter(conversation=source, key__in=tops).values_list("key", flat=True))
    row.save(update_fields=["thread_keys"])
    _carry(row, messages, by, now)
    audit.record("split", source, by=by, now=now, became=str(target.key))
    audit.record("split_off", target, by=by, now=now, was=str(source.key))
    _settle(source, target, now)
    return row


@transaction.atomic
def take_back(done: Rehousing, *, by: User, now: datetime) -> Rehousing:
    """Put the messages back where they came from, with what was answered and what is still owed as it is now."""
    target, source = _held(done.target, done.source)
    if done.kind == "undo" or Rehousing.objects.filter(undoes=done).exists():
        raise IllegalMove("This was taken back already.")
    if done.kind == "merge" and source.merged_into_id != target.pk:
        raise IllegalMove("Its messages have moved on since.", next_step="Take the later merge back first.")
    _refuse_under_way(source, target)
    row = _begin("undo", target, source, by, now, undoes=done)
    row.thread_keys = done.thread_keys
    row.save(update_fields=["thread_keys"])
    if done.kind == "merge":
        Conversation.objects.filter(pk=source.pk).update(merged_into=None, version=F("version") + 1)
        source.refresh_from_db()
        if done.state_before != "closed":
            threads.wake(source, now, by=by)
        else:
            Conversation.objects.filter(pk=source.pk).update(outcome=done.outcome_before)
    _carry(row, _to_go_back(done), by, now)
    if done.kind == "split":
        _retire(target, source, by, now)
    for one in (source, target):
        audit.record("taken_apart", one, by=by, now=now)
    _settle(source, target, now)
    return row


def _held(one: Conversation, two: Conversation) -> tuple[Conversation, Conversation]:
    """Both as they are now, locked in one order, with the channel's inbox: nothing new comes in meanwhile."""
    if one.pk == two.pk:
        raise Invalid("Choose another conversation than this one.")
    threads.hold(one.channel)
    fresh = {pk: handling.hold(row) for pk, row in sorted(((one.pk, one), (two.pk, two)))}
    return fresh[one.pk], fresh[two.pk]


def _refuse_merge(source: Conversation, target: Conversation) -> None:
    if source.channel_id != target.channel_id:
        raise Invalid("Only conversations on the same channel can be merged.")
    if source.private != target.private:
        raise Invalid("A private and a public conversation stay apart: an answer could be seen by others.")
    if source.private and source.person_id != target.person_id:
        raise Invalid("Private conversations of two people stay apart.")
    if source.merged_into_id or target.merged_into_id:
        raise IllegalMove("One of them was merged already.", next_step="Open the conversation it leads to.")
    _refuse_bound(source)
    _refuse_under_way(source, target)


def _refuse_bound(source: Conversation) -> None:
    """What is still to be said or decided there would have no message left to answer."""
    bound = [
        ("a question of sign-off", Decision.objects.filter(conversation=source, state="open")),
        ("a question to a department", Handed.objects.filter(conversation=source, state__in=["asked", "answered"])),
        ("a promise", PromiseReport.objects.filter(conversation=source, promise__state="open")),
        ("an issue", IssueMember.objects.filter(conversation=source, out_at=None, issue__state="open")),
    ]
    for name, rows in bound:
        if rows.exists():
            raise IllegalMove(
                f"It is part of {name} that is still open.",
                next_step="Merge the other one into it, or settle that first.",
            )


def _refuse_under_way(*held: Conversation) -> None:
    if Reply.objects.filter(conversation__in=held, state__in=ON_ITS_WAY).exists():
        raise IllegalMove(
            "An answer is on its way here, or waits for a signature.",
            next_step="Wait until it is out, or take it back first.",
        )


def _begin(
    kind: str, source: Conversation, target: Conversation, by: User, now: datetime, undoes: Rehousing | None = None
) -> Rehousing:
    return Rehousing.objects.create(
        kind=kind,
        source=source,
        target=target,
        undoes=undoes,
        state_before=source.state,
        outcome_before=source.outcome,
        by=by,
        at=now,
    )


def _carry(row: Rehousing, messages: Sequence[Message], by: User, now: datetime) -> None:
    """The messages, their replies and thread keys go from the source to the target, with what is owed for them."""
    source, target = row.source, row.target
    events = timing.events_of([source.pk, target.pk])
    owed = set(timing.reading(events[source.pk]).owed)
    began = {one.message_id: one for one in events[source.pk] if one.kind in {"started", "reopened", "came"}}
    after = max((one.pk for rows in events.values() for one in rows if isinstance(one, ClockEvent)), default=0)
    moves = []
    for message in messages:
        first = began.get(message.pk)
        facts = {"rehousing": row, "message": message, "noted_at": now, "after": after}
        facts["asked_at"] = first.at if first else message.at
        given = {"promise": first.promise, "calendar": first.calendar} if first else {}
        moves.append(Moved(conversation=source, kind="left", **facts))
        moves.append(Moved(conversation=target, kind="came", owed=message.pk in owed, **facts, **given))
    Moved.objects.bulk_create(moves)
    _tell_clocks(source, target, [one for one in moves if one.owed], bool(owed - {one.pk for one in messages}), by, now)
    pks = [message.pk for message in messages]
    Message.objects.filter(pk__in=pks).update(conversation=target)
    LegalRequest.objects.filter(message__in=pks).update(conversation=target)
    ThreadKey.objects.filter(conversation=source, key__in=row.thread_keys).update(conversation=target)
    sent = [message.delivery_id for message in messages if message.delivery_id]
    Reply.objects.filter(Q(parent__in=pks) | Q(delivery__in=sent), conversation=source).update(conversation=target)
    if owed & set(pks):
        _open(target, by, now)


def _tell_clocks(
    source: Conversation, target: Conversation, came: Sequence[Moved], more: bool, by: User, now: datetime
) -> None:
    """What is owed is asked for in the target from now on, and in the source, with nothing `more` owed, not any more:
    figures of whole weeks are counted from these events.
    """
    asked = [
        ClockEvent(
            conversation=target,
            kind="started",
            at=one.asked_at,
            noted_at=now,
            reason=MOVED,
            message=one.message,
            promise=one.promise,
            calendar=one.calendar,
        )
        for one in came
    ]
    ClockEvent.objects.bulk_create(asked, ignore_conflicts=True)
    if came and not more:
        ClockEvent.objects.create(
            conversation=source, kind="no_reply_needed", at=now, noted_at=now, reason=MOVED, by=by
        )


def _open(target: Conversation, by: User, now: datetime) -> None:
    """Something that is owed came in: it waits for nobody and is not done."""
    if target.state == "waiting":
        ClockEvent.objects.create(conversation=target, kind="resumed", at=now, noted_at=now, by=by)
    threads.wake(target, now, by=by)
    threads.rouse([target.pk])


def _retire(empty: Conversation, home: Conversation, by: User, now: datetime) -> None:
    """What has no messages left is done, and leads to where they are."""
    if empty.state == "waiting":
        ClockEvent.objects.create(conversation=empty, kind="resumed", at=now, noted_at=now, by=by)
    if empty.state == "closed":
        Conversation.objects.filter(pk=empty.pk).update(merged_into=home, version=F("version") + 1)
    else:
        move(
            empty,
            "closed",
            now=now,
            by=by,
            outcome="duplicate",
            merged_into=home,
            snoozed_until=None,
            version=F("version") + 1,
        )


def _to_go_back(done: Rehousing) -> list[Message]:
    """What moved and is still there, with what was written under it since; after a split everything."""
    here = Message.objects.filter(conversation=done.target).order_by("at", "id")
    if done.kind == "split":
        return list(here)
    came = set(done.moves.filter(kind="came").values_list("message", flat=True))
    back, known = [], set()
    for message in here:
        if message.pk in came or message.parent_id in known:
            back.append(message)
            known.add(message.remote_id)
    return back


def _settle(source: Conversation, target: Conversation, now: datetime) -> None:
    threads.refresh([source.pk, target.pk], now)
    threads.beat(source.channel)
