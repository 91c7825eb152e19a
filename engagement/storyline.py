"""Everything that happened in a conversation, in order, as the thread pane shows it: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from accounts import audit
from accounts.models import AuditEntry, User
from channels_app import outbox
from channels_app.models import Delivery
from engagement import timing, words
from engagement.clocks import Reading
from engagement.models import ClockEvent, Conversation, Message, MessageVersion, Note, Reply

OTHERS = 20
ACTS = {
    "waiting": "{who} waits for the resident",
    "open": "{who} opened it again",
    "labelled": "{who} changed the labels to {became}",
}
CLOCK = {
    "started": ("message-circle", "A resident wrote", "calm"),
    "paused": ("circle-pause", "Paused: waiting for the resident", "warn"),
    "resumed": ("circle-play", "Runs again", "calm"),
    "answered": ("circle-check", "Answered", "good"),
    "withdrawn": ("undo-2", "The resident took the message back", "plain"),
    "reopened": ("rotate-ccw", "Owed again", "calm"),
    "no_reply_needed": ("circle-check", "Settled without an answer", "plain"),
}


@dataclass(frozen=True)
class Entry:
    """One thing in the thread. kind: post, in, out, note, event. `author` stands for who wrote it, in words."""

    kind: str
    at: datetime
    at_words: str
    text: str = ""
    author: str = ""
    detail: str = ""
    message: Message | None = None
    earlier: Sequence[str] = ()
    state: outbox.StateWords | None = None
    delivery: Delivery | None = None
    reply: Reply | None = None


@dataclass(frozen=True)
class Story:
    """The thread, the clock, and what the reply box needs."""

    entries: list[Entry]
    post: Entry | None
    reading: Reading
    clock_events: list[dict[str, object]]
    draft: Reply | None
    under_way: Reply | None
    parent: Message | None
    answers: int
    drafts_of_others: list[str]


def tell(conversation: Conversation, user: User, now: datetime) -> Story:
    """Read the whole conversation for this person: five queries, however long it is."""
    messages = _messages(conversation)
    replies = list(
        Reply.objects.filter(conversation=conversation).select_related(
            "author", "delivery__channel", "delivery__stated_by"
        )
    )
    notes = Note.objects.filter(conversation=conversation).select_related("author")
    events = list(
        ClockEvent.objects.filter(conversation=conversation).select_related("promise", "calendar", "by").order_by("id")
    )
    thread = [message for message in messages if message.kind != "post"]
    post = next((message for message in messages if message.kind == "post"), None)
    by_delivery: dict[int | None, Reply] = {reply.delivery_id: reply for reply in replies if reply.delivery_id}
    entries = [_said(message, by_delivery.get(message.delivery_id), now) for message in thread]
    entries += [_noted(note, now) for note in notes]
    entries += [entry for line in audit.history_of(conversation) for entry in _acted(line, now)]
    under_way = next((reply for reply in replies if reply.state == "released"), None)
    shown = {message.delivery_id for message in thread}
    entries += [_sent(reply, now) for reply in replies if reply.state == "published" and reply.delivery_id not in shown]
    entries.sort(key=lambda entry: entry.at)
    if under_way:
        entries.append(_sent(under_way, now))
    theirs = [message for message in thread if not message.ours and not message.gone_at]
    return Story(
        entries=entries,
        post=_posted(post, now) if post else None,
        reading=timing.reading(events),
        clock_events=_clock_lines(events, now),
        draft=next((one for one in reversed(replies) if one.state == "draft" and one.author_id == user.pk), None),
        under_way=under_way,
        parent=theirs[-1] if theirs else None,
        answers=sum(message.ours for message in thread) + (under_way is not None),
        drafts_of_others=[one.author.name for one in replies if one.state == "draft" and one.author_id != user.pk],
    )


def others_of(conversation: Conversation, user: User, now: datetime) -> list[Conversation]:
    """The person's newest conversations on channels this user sees, this one among them."""
    if conversation.person_id is None:
        return []
    rows = Conversation.objects.visible_to(user, now).filter(person=conversation.person_id)
    return list(rows.order_by("-last_at")[: OTHERS + 1])


def _messages(conversation: Conversation) -> list[Message]:
    """The messages in platform order with their versions, and the post of ours they hang under."""
    versions = MessageVersion.objects.filter(message=OuterRef("pk")).order_by("n")
    said = ArraySubquery(versions.values(one=JSONObject(text="text", at="seen_at")))
    here = Q(conversation=conversation)
    if conversation.root_id:
        here |= Q(channel=conversation.channel, remote_id=conversation.root_id, kind="post")
    rows = Message.objects.filter(here).select_related("person", "channel").annotate(said=said)
    return list(rows.order_by("at", "id"))


def _posted(message: Message, now: datetime) -> Entry:
    return Entry("post", message.at, words.when(message.at, now), message.text, message.channel.name, message=message)


def _said(message: Message, reply: Reply | None, now: datetime) -> Entry:
    versions = message.said  # type: ignore[attr-defined]
    earlier = [one["text"] for one in versions[:-1]] if message.edited_at else []
    at = words.when(message.at, now)
    if not message.ours:
        author = str(message.person)
        return Entry("in", message.at, at, message.text, author, message=message, earlier=earlier)
    detail = reply.author.name if reply else "outside Parley"
    delivery = reply.delivery if reply else None
    state = outbox.words_for(delivery, now) if delivery else None
    return Entry(
        "out", message.at, at, message.text, message.channel.name, detail, message, earlier, state, delivery, reply
    )


def _sent(reply: Reply, now: datetime) -> Entry:
    """An answer of ours that is not a message yet: on its way, or out on a person's word."""
    delivery = reply.delivery
    return Entry(
        "out",
        reply.at,
        words.when(reply.at, now),
        str(delivery.payload["text"]) if delivery else reply.text,
        delivery.channel.name if delivery else "",
        reply.author.name,
        state=outbox.words_for(delivery, now) if delivery else None,
        delivery=delivery,
        reply=reply,
    )


def _noted(note: Note, now: datetime) -> Entry:
    return Entry("note", note.at, words.when(note.at, now), note.text, note.author.name)


def _acted(line: AuditEntry, now: datetime) -> Iterable[Entry]:
    """What people did besides writing, as one sentence each; what the thread shows anyway is left out."""
    if line.actor_id is None and line.act != "closed":
        return
    sentence = _sentence(line)
    if sentence:
        yield Entry("event", line.at, words.when(line.at, now), sentence)


def _sentence(line: AuditEntry) -> str:
    who, became = line.actor_words, line.data.get("became")
    if line.act == "assigned":
        if not became:
            return f"{who} handed it back to everybody"
        return f"{who} took it" if became == who else f"{who} assigned it to {became}"
    if line.act == "closed":
        reason = line.data.get("reason", "")
        return f"{who} closed it: {reason}" if reason else f"{who} closed it"
    names = ", ".join(became) if isinstance(became, list) and became else "none"
    return ACTS[line.act].format(who=who, became=names) if line.act in ACTS else ""


def _clock_lines(events: Sequence[ClockEvent], now: datetime) -> list[dict[str, object]]:
    lines = []
    for event in events:
        icon, said, tone = CLOCK[event.kind]
        more = "made outside Parley" if event.reason == "outside" else ""
        if event.kind == "started" and event.noted_at - event.at > words.DAY / 24:
            more = f"Parley read it {words.when(event.noted_at, now)}"
        line = {"icon": icon, "words": said, "tone": tone, "at": event.at, "at_words": words.when(event.at, now)}
        lines.append(line | {"more": more or (event.by.name if event.by else "")})
    return lines
