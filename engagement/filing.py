"""Putting what was read from a platform into the inbox: once, with every version, and with its raw form kept.

Filing the same items again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter

from django.db import transaction

from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Incoming
from engagement import alerting, attached, threads, timing
from engagement.listening import hearing
from engagement.models import ClockEvent, Conversation, Message, MessageVersion, Person
from engagement.rules import applying
from engagement.statutory import catching
from policy import adding, records
from policy.records import Keep

COLUMNS = [field.attname for field in Message._meta.concrete_fields]
EVENT = [field.attname for field in ClockEvent._meta.concrete_fields if not field.primary_key]
VERSION = ("message_id", "n", "text", "seen_at")
PERSON = ("id", "channel_id", "remote_id", "handle", "name", "first_seen_at")
RECHECKS = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7))  # after ingestion: is it still there?


@dataclass(frozen=True)
class Filed:
    """What one filing changed: the messages that are new, and how many were edited or came back."""

    new: Sequence[Message] = ()
    changed: int = 0


@transaction.atomic
def file(channel: Channel, items: Iterable[Incoming], now: datetime) -> Filed:
    """File the items of one channel, all or none; a reader commits its cursor in the same transaction."""
    threads.hold(channel)
    wanted = list({item.remote_id: _tidy(channel, item, now) for item in items}.values())
    known = {row.remote_id: row for row in Message.objects.filter(channel=channel, remote_id__in=_ids(wanted))}
    fresh = [item for item in wanted if item.remote_id not in known]
    changes = [(known[item.remote_id], item) for item in wanted if _differs(known.get(item.remote_id), item)]
    if not fresh and not changes:
        return Filed()
    new, settled = _add(channel, fresh, now)
    for message, item in changes:
        _update(message, item, now)
    _keep(channel, [*fresh, *(item for _, item in changes)], now)
    touched = [*new, *(message for message, _ in changes)]
    moved = {message.conversation_id for message in touched if message.conversation_id} - settled
    threads.refresh(moved, now)
    alerting.note(new, now)
    catching.note(channel, new, now)
    applying.apply(channel, new, now)
    hearing.hear(channel, new, now)
    threads.beat(channel)
    return Filed(new, len(changes))


def reference(channel: Channel, remote_id: str) -> str:
    """The public reference of a message in the records."""
    return f"{channel.key}:{remote_id}"


def clean(text: str) -> str:
    return str(records.plain(text))


def _ids(items: Iterable[Incoming]) -> list[str]:
    return [item.remote_id for item in items]


def _tidy(channel: Channel, item: Incoming, now: datetime) -> Incoming:
    """Text the database takes, no stranger's post among our own, and nobody taken for somebody else: where a platform
    does not name the author, each message has its own.
    """
    kind = "mention" if item.kind == "post" and item.author_id != channel.remote_id else item.kind
    author = item.author_id or f"unnamed:{item.remote_id}"
    return replace(item, kind=kind, text=clean(item.text), author_id=author, author_name=clean(item.author_name))


def _differs(message: Message | None, item: Incoming) -> bool:
    if message is None:
        return False
    older = item.edited_at and message.edited_at and item.edited_at < message.edited_at
    return not older and (message.text != item.text or message.hidden != item.hidden or message.gone_at is not None)


def _add(channel: Channel, fresh: Sequence[Incoming], now: datetime) -> tuple[list[Message], set[int]]:
    """The new messages, and those conversations among theirs that stand in the queue as they should already.

    The channel's inbox is held, so nobody else can have added one of these since they were looked for.
    """
    people = _people(channel, fresh, now)
    placed = threads.place(channel, fresh, people, now)
    sent = _sent(channel, [item for item in fresh if item.author_id == channel.remote_id])
    new = [_message(channel, item, people, placed.homes, sent, now) for item in fresh]
    for message, pk in zip(new, adding.ids(Message, len(new)), strict=True):
        message.pk = pk
    new.sort(key=lambda message: (message.at, message.pk))
    started = _clocks(channel, [message for message in new if not message.ours], now)
    settled = threads.begin(placed, _by_residents_alone(new, started))
    adding.add(Message, COLUMNS, map(attrgetter(*COLUMNS), new))
    adding.add(MessageVersion, VERSION, ((message.pk, 1, message.text, now) for message in new))
    adding.add(ClockEvent, EVENT, map(attrgetter(*EVENT), started))
    _wake({event.conversation_id for event in started} - settled, now)
    return new, settled


def _by_residents_alone(
    new: Sequence[Message], started: Iterable[ClockEvent]
) -> dict[int, list[tuple[Message, ClockEvent]]]:
    """Messages with their clock events, by conversation, where each has one: no answer of ours, nothing from before."""
    events = {event.message_id: event for event in started}
    homes: dict[int, list[tuple[Message, ClockEvent]]] = defaultdict(list)
    for message in new:
        if message.conversation_id and message.pk in events:
            homes[message.conversation_id].append((message, events[message.pk]))
    mixed = {message.conversation_id for message in new if message.pk not in events}
    return {home: pairs for home, pairs in homes.items() if home not in mixed}


def _sent(channel: Channel, ours: Sequence[Incoming]) -> dict[str, Delivery]:
    """The deliveries behind items of ours, by remote id. One that a person said is there has no remote id yet: it is
    known by the message it answers.
    """
    known = {row.remote_id: row for row in Delivery.objects.filter(channel=channel, remote_id__in=_ids(ours))}
    if len(known) == len(ours):
        return known
    stated = Delivery.objects.filter(channel=channel, kind="reply", state="published", remote_id="", via="person")
    by_parent = {row.payload["reply_to"]: row for row in stated}
    return {item.remote_id: by_parent[item.parent_id] for item in ours if item.parent_id in by_parent} | known


def _people(channel: Channel, items: Sequence[Incoming], now: datetime) -> dict[str, int]:
    """The row of each author but ourselves, by remote id."""
    seen = {item.author_id: item for item in items if item.author_id != channel.remote_id}
    known = {row.remote_id: row for row in Person.objects.filter(channel=channel, remote_id__in=seen)}
    renamed = [row for row in known.values() if _renamed(row, seen[row.remote_id])]
    if renamed:
        Person.objects.bulk_update(renamed, ["handle", "name"])
    new = [(remote_id, item) for remote_id, item in seen.items() if remote_id not in known]
    pks = adding.ids(Person, len(new))
    rows = (
        (pk, channel.pk, remote_id, clean(item.author_handle)[:120], item.author_name[:200], now)
        for pk, (remote_id, item) in zip(pks, new, strict=True)
    )
    adding.add(Person, PERSON, rows)
    made = {remote_id: pk for pk, (remote_id, _) in zip(pks, new, strict=True)}
    return {remote_id: row.pk for remote_id, row in known.items()} | made


def _renamed(person: Person, item: Incoming) -> bool:
    handle, name = clean(item.author_handle)[:120] or person.handle, item.author_name[:200] or person.name
    changed = (person.handle, person.name) != (handle, name)
    person.handle, person.name = handle, name
    return changed


def _message(
    channel: Channel,
    item: Incoming,
    people: dict[str, int],
    placed: dict[str, Conversation],
    sent: dict[str, Delivery],
    now: datetime,
) -> Message:
    ours = item.author_id == channel.remote_id
    ahead = item.at > now
    return Message(
        channel=channel,
        kind=item.kind,
        remote_id=item.remote_id,
        conversation=placed.get(item.remote_id),
        person_id=None if ours else people[item.author_id],
        ours=ours,
        delivery=sent.get(item.remote_id),
        text=item.text,
        language=item.language[:12],
        visibility=item.visibility,
        parent_id=item.parent_id,
        root_id=item.root_id,
        url=item.url[:500],
        pictures=records.plain(attached.of(item)),
        at=now if ahead else item.at,
        at_doubtful=ahead,
        ingested_at=now,
        edited_at=item.edited_at,
        hidden=item.hidden,
        recheck_at=None if ours else now + RECHECKS[0],
    )


def _clocks(channel: Channel, messages: Sequence[Message], now: datetime) -> list[ClockEvent]:
    """Each message of a resident starts the clock, but not one from before the channel came here, nor where nobody is
    answered.
    """
    if channel.purpose == "broadcast":
        return []
    owed = [message for message in messages if not threads.is_history(channel, message.at)]
    if not owed:
        return []
    calendar, promises = timing.calendar_in_force(now), timing.promises_of(channel)
    return [
        ClockEvent(
            conversation=message.conversation,
            kind="started",
            at=message.at,
            noted_at=now,
            message=message,
            promise=timing.promise_at(promises, message.at, timing.priority_of(message.conversation)),
            calendar=calendar,
        )
        for message in owed
    ]


def _wake(homes: Iterable[int], now: datetime) -> None:
    """Take the conversations back to the open ones, and to where they are seen."""
    homes = list(homes)
    threads.rouse(homes)
    rows = Conversation.objects.filter(pk__in=homes).exclude(state="open")
    for home in rows.select_for_update().order_by("pk"):
        threads.wake(home, now)


def _update(message: Message, item: Incoming, now: datetime) -> None:
    """What is different now: another text is another version; one that was gone is there again.

    The first reading of what we sent is no edit: a platform puts a name before our words or shortens a link.
    """
    n = 1
    if message.text != item.text:
        n = MessageVersion.objects.filter(message=message).count() + 1
        MessageVersion.objects.create(message=message, n=n, text=item.text, seen_at=now)
    back = message.gone_at is not None
    echo = n == 2 and message.ours and message.delivery_id is not None
    message.text, message.hidden, message.gone_at = item.text, item.hidden, None
    message.edited_at = item.edited_at or message.edited_at or (None if echo else now)
    message.save(update_fields=["text", "hidden", "gone_at", "edited_at"])
    if back and not message.ours and message.conversation_id:
        _owe_again(message, now)


def _owe_again(message: Message, now: datetime) -> None:
    first = ClockEvent.objects.filter(message=message, kind="started").first()
    if first is None:
        return
    ClockEvent.objects.get_or_create(
        conversation_id=message.conversation_id or first.conversation_id,
        kind="reopened",
        message=message,
        defaults={"at": first.at, "noted_at": now, "promise": first.promise, "calendar": first.calendar},
    )


def _keep(channel: Channel, items: Iterable[Incoming], now: datetime) -> None:
    records.keep_all(
        [
            Keep(
                "message",
                reference(channel, item.remote_id),
                f"{item.kind} by {item.author_handle or item.author_name} on {channel}",
                item.raw or {"text": item.text},
                item.at,
            )
            for item in items
        ],
        now,
    )
