"""Which conversation a message belongs to, and what the queue shows of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery

from accounts.models import User
from channels_app.models import Channel
from channels_app.models.deliveries import ENDED
from channels_app.platforms.base import Incoming
from engagement import clocks, timing
from engagement.clocks import OUTSIDE, Reading
from engagement.models import Acknowledged, ClockEvent, Conversation, Message, Moved, Pulse, Reply, ThreadKey
from engagement.statutory import pending
from policy import adding
from policy.moves import move

PRIVATE = frozenset({"private", "direct"})
INBOX_LOCK = 0x696E6278  # advisory lock, with the channel's row: one writer files into a channel's inbox at a time
HISTORY_BEFORE = timedelta(hours=24)  # older than this when the channel came to Parley: nobody here owes an answer
DENORMALISED = {  # what `refresh` computes, with the types its columns have
    "person_id": "bigint",
    "excerpt": "text",
    "opened_at": "timestamptz",
    "last_at": "timestamptz",
    "unanswered_since": "timestamptz",
    "due_at": "timestamptz",
    "service_due_at": "timestamptz",
    "clock": "text",
    "nudged": "smallint",
    "nudge_at": "timestamptz",
    "language": "text",
}
COLUMNS = [field.attname for field in Conversation._meta.concrete_fields]
STORE = """
UPDATE engagement_conversation AS c SET {changes}
  FROM unnest(%s::bigint[], {arrays}) AS v(id, {names}) WHERE c.id = v.id
""".format(
    changes=", ".join(f"{name} = v.{name}" for name in DENORMALISED),
    arrays=", ".join(f"%s::{kind}[]" for kind in DENORMALISED.values()),
    names=", ".join(DENORMALISED),
)


def hold(channel: Channel) -> None:
    """Wait for the right to file into this channel's inbox; it ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [INBOX_LOCK, channel.pk])


def beat(channel: Channel) -> None:
    """Say that something in this channel's inbox changed; the last statement of a transaction that changes it."""
    if not Pulse.objects.filter(channel=channel).update(beats=F("beats") + 1):
        Pulse.objects.get_or_create(channel=channel)


def is_private(visibility: str) -> bool:
    return visibility in PRIVATE


def is_history(channel: Channel, at: datetime) -> bool:
    return at < channel.created_at - HISTORY_BEFORE


@dataclass(frozen=True)
class Placed:
    """The conversation of each item by remote id; those that are new, and the keys that lead to one from now on."""

    homes: dict[str, Conversation]
    fresh: list[Conversation]
    keys: dict[str, Conversation]


def place(channel: Channel, items: Sequence[Incoming], people: dict[str, int], now: datetime) -> Placed:
    """Find the conversation of each item; new ones have their id and are written by `begin`. Own posts belong to none.

    An item goes where its parent is, else where its thread's key is known. Private and public never share one.
    The caller holds the channel's inbox.
    """
    wanted = sorted((item for item in items if item.kind != "post"), key=lambda item: (item.at, item.remote_id))
    parents = _conversations_of(channel, [item.parent_id for item in wanted if item.parent_id])
    keys = _by_key(channel, [thread_key(item) for item in wanted])
    placed = Placed({}, [], {})
    for item in wanted:
        private, key = is_private(item.visibility), thread_key(item)
        home = placed.homes.get(item.parent_id) or parents.get(item.parent_id)
        if home is None or home.private != private:
            home = keys.get(key)
        if home is None:
            home = _new(channel, item, people.get(item.author_id))
            placed.fresh.append(home)
        if key not in keys:
            keys[key] = placed.keys[key] = home
        placed.homes[item.remote_id] = home
    for home, pk in zip(placed.fresh, adding.ids(Conversation, len(placed.fresh)), strict=True):
        home.pk = pk
    return placed


def begin(placed: Placed, owed: dict[int, list[tuple[Message, ClockEvent]]]) -> set[int]:
    """Write the new conversations and keys down; returns those whose place in the queue is computed already.

    `owed` holds what each new conversation begins with where residents alone have written: that needs no looking back.
    """
    done = set()
    for home in placed.fresh:
        if home.state == "open" and home.pk in owed:
            messages = [message for message, _ in owed[home.pk]]
            _summarise(home, messages, timing.reading(event for _, event in owed[home.pk]))
            done.add(home.pk)
    adding.add(Conversation, COLUMNS, map(attrgetter(*COLUMNS), placed.fresh))
    kept = ((home.channel_id, key, home.pk) for key, home in placed.keys.items())
    adding.add(ThreadKey, ("channel_id", "key", "conversation_id"), kept)
    return done


def language_of(messages: Sequence[Message]) -> str:
    """The language of the newest message that names one, without its region: en for en-GB."""
    named = next((one.language for one in reversed(messages) if one.language), "")
    return named.replace("_", "-").partition("-")[0].lower()


def rouse(conversations: Iterable[int]) -> None:
    """The resident wrote: what was put off until later is there again now."""
    rows = Conversation.objects.filter(pk__in=list(conversations), snoozed_until__isnull=False)
    rows.update(snoozed_until=None, snooze_reason="", version=F("version") + 1)


def thread_key(item: Incoming) -> str:
    key = item.thread_key or item.remote_id
    return f"private:{key}" if is_private(item.visibility) else key


def wake(conversation: Conversation, now: datetime, *, by: User | None = None) -> Conversation:
    """Take a conversation that waits or is done back to the open ones; nobody has it where that person has left."""
    if conversation.state == "open":
        return conversation
    there = Subquery(User.objects.filter(pk=OuterRef("assignee"), is_active=True).values("pk"))
    return move(conversation, "open", now=now, by=by, outcome="", assignee=there, version=F("version") + 1)


@transaction.atomic
def refresh(conversations: Iterable[int], now: datetime) -> None:
    """Compute anew what the queue sorts and shows, from messages and clock events; end what has ended by itself."""
    rows = list(Conversation.objects.select_for_update().filter(pk__in=set(conversations)).order_by("pk"))
    pks = [row.pk for row in rows]
    messages: dict[int, list[Message]] = defaultdict(list)
    for message in Message.objects.filter(conversation__in=pks).order_by("at", "id"):
        messages[message.conversation_id or 0].append(message)
    events = timing.events_of(pks)
    note_answers(messages, events, now)
    for row in rows:
        _summarise(row, messages[row.pk], timing.reading(events[row.pk]))
    _store(rows)
    for row in rows:
        _end_by_itself(row, messages[row.pk], now)


def note_answers(
    messages: dict[int, list[Message]], events: dict[int, list[ClockEvent | Moved]], now: datetime
) -> None:
    """Write down which of our own messages answered what was owed, by conversation; new events join `events`.

    One that Parley did not send was made outside it; while a reply of ours is still under way we cannot tell yet. An
    automatic acknowledgement answers nothing.
    """
    under_way = set(
        Reply.objects.filter(conversation__in=list(messages), state="released").values_list("conversation", flat=True)
    )
    by_itself = set()
    sent = Acknowledged.objects.filter(conversation__in=list(messages))
    for pk, delivery, state in sent.values_list("conversation", "delivery", "delivery__state"):
        by_itself.add(delivery)
        under_way |= set() if state in ENDED else {pk}
    for pk in messages:
        known = {row.message_id for row in events[pk] if row.kind in {"answered", "came"}}
        for message in messages[pk]:
            if not message.ours or message.pk in known or message.gone_at:
                continue
            if message.delivery_id in by_itself or (message.delivery_id is None and pk in under_way):
                continue
            turn = timing.reading(events[pk]).current
            if turn is None or turn.since > message.at:
                continue
            events[pk].append(_answer(pk, message, now))


def _answer(pk: int, message: Message, now: datetime) -> ClockEvent:
    return ClockEvent.objects.create(
        conversation_id=pk,
        kind="answered",
        at=message.at,
        noted_at=now,
        reason="" if message.delivery_id else OUTSIDE,
        message=message,
        delivery_id=message.delivery_id,
    )


def _conversations_of(channel: Channel, remote_ids: list[str]) -> dict[str, Conversation]:
    found = Message.objects.filter(channel=channel, remote_id__in=remote_ids, conversation__isnull=False)
    return {row.remote_id: row.conversation for row in found.select_related("conversation") if row.conversation}


def _by_key(channel: Channel, keys: list[str]) -> dict[str, Conversation]:
    found = ThreadKey.objects.filter(channel=channel, key__in=keys).select_related("conversation")
    return {row.key: row.conversation for row in found}


def _new(channel: Channel, item: Incoming, person: int | None) -> Conversation:
    """A conversation starts open; one we began ourselves, or one from before Parley's time, starts as done. So does one
    on a channel that answers nobody.
    """
    ours = item.author_id == channel.remote_id
    old = is_history(channel, item.at)
    one_way = channel.purpose == "broadcast"
    return Conversation(
        channel=channel,
        person_id=person,
        private=is_private(item.visibility),
        kind=item.kind,
        state="closed" if ours or old or one_way else "open",
        outcome="history" if old else "answered" if ours else "one_way" if one_way else "",
        root_id=item.root_id,
        opened_at=item.at,
        last_at=item.at,
    )


def _summarise(row: Conversation, messages: list[Message], reading: Reading) -> None:
    said = [message for message in messages if not message.ours]
    turn = reading.current
    since = turn.since if turn else None
    if since != row.unanswered_since:
        row.nudged = 0
    running = turn if turn and reading.standing == "running" else None
    row.unanswered_since = since
    row.clock = reading.standing
    row.due_at = running.due() if running else None
    row.service_due_at = running.service_due() if running else None
    row.nudge_at = clocks.next_nudge(running, row.nudged) if running else None
    if turn and reading.paused_at:
        row.nudge_at = reading.paused_at + clocks.PAUSE_CAP
    if row.person_id is None and said:
        row.person_id = said[0].person_id
    row.language = language_of(said) or row.language
    if messages:
        waiting = [message for message in said if since and message.at >= since and not message.gone_at]
        row.excerpt = (waiting or messages[-1:])[0].text[:300]
        row.opened_at, row.last_at = messages[0].at, messages[-1].at


def _store(rows: Sequence[Conversation]) -> None:
    """All rows in one statement: a page of mentions brings a hundred conversations."""
    columns = [[row.pk for row in rows], *([getattr(row, name) for row in rows] for name in DENORMALISED)]
    with connection.cursor() as cursor:
        cursor.execute(STORE, columns)


def _end_by_itself(row: Conversation, messages: list[Message], now: datetime) -> None:
    """Done by what settled it: all was taken back, or it was answered outside and nobody here has taken it up."""
    outcome = {"withdrawn": "withdrawn", OUTSIDE: "answered"}.get(row.clock)
    said = [message for message in messages if not message.ours]
    if outcome == "withdrawn" and not all(message.gone_at for message in said):
        return
    if not outcome or row.state != "open" or (row.assignee_id and outcome != "withdrawn"):
        return
    if Reply.objects.filter(conversation=row, state__in=["draft", "in_review", "released"]).exists():
        return
    if pending.on([row.pk]):
        return
    words = "Answered outside Parley" if outcome == "answered" else dict(Conversation.OUTCOMES)[outcome]
    move(row, "closed", now=now, reason=words, outcome=outcome, version=F("version") + 1)
