"""Everything that happened in a conversation, in order, as the thread pane shows it: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject

from accounts.models import AuditEntry, User
from channels_app import outbox
from channels_app.models import Delivery
from engagement import relations, timing, words
from engagement.clocks import Reading
from engagement.models import ClockEvent, Conversation, Message, MessageVersion, Note, Reply

OTHERS = 20
SHOWN = 30  # messages a thread opens with; the earlier ones are one click away
CLOCK_LINES = 30
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


Told = dict[str, Any]


@dataclass(frozen=True)
class Beside:
    """What stands beside the messages: clock events, notes and acts as plain data; others of the same person."""

    clock: list[Told]
    notes: list[Told]
    acts: list[Told]
    others: list[Conversation]


@dataclass(frozen=True)
class Story:
    """The thread, the clock, and what the reply box needs. `earlier` messages are left out of the entries."""

    entries: list[Entry]
    others: list[Conversation]
    earlier: int
    post: Entry | None
    reading: Reading
    clock_events: list[dict[str, object]]
    draft: Reply | None
    under_way: Reply | None
    parent: Message | None
    answers: int
    drafts_of_others: list[str]
    asked: Reply | None = None
    asked_by_others: Sequence[str] = ()


def tell(conversation: Conversation, user: User, now: datetime, *, whole: bool = False) -> Story:
    """Read the conversation for this person, its newest messages or the whole: four queries, however long it is."""
    beside = beside_of(conversation, user, now)
    thread, earlier, answers = _messages(conversation, whole)
    replies = list(
        Reply.objects.filter(conversation=conversation).select_related(
            "author", "delivery__channel", "delivery__stated_by"
        )
    )
    reading, lines = timing.told(beside.clock)
    post = _post(conversation)
    by_delivery: dict[int | None, Reply] = {reply.delivery_id: reply for reply in replies if reply.delivery_id}
    entries = [_said(message, by_delivery.get(message.delivery_id), now) for message in thread]
    entries += [_noted(note, now) for note in beside.notes]
    entries += [entry for act in beside.acts for entry in _acted(act, now)]
    under_way = next((reply for reply in replies if reply.state == "released"), None)
    shown = {message.delivery_id for message in thread}
    entries += [_sent(reply, now) for reply in replies if reply.state == "published" and reply.delivery_id not in shown]
    if earlier:
        entries = [entry for entry in entries if entry.at >= thread[0].at]
    entries.sort(key=lambda entry: entry.at)
    if under_way:
        entries.append(_sent(under_way, now))
    return Story(
        entries=entries,
        others=beside.others,
        earlier=earlier,
        post=_posted(post, now) if post else None,
        reading=reading,
        clock_events=_clock_lines(lines[-CLOCK_LINES:], now),
        draft=next((one for one in reversed(replies) if one.state == "draft" and one.author_id == user.pk), None),
        under_way=under_way,
        parent=_parent(conversation, thread, earlier),
        answers=answers + (under_way is not None),
        drafts_of_others=[one.author.name for one in replies if one.state == "draft" and one.author_id != user.pk],
        asked=next((one for one in replies if one.state == "in_review" and one.author_id == user.pk), None),
        asked_by_others=[one.author.name for one in replies if one.state == "in_review" and one.author_id != user.pk],
    )


def with_beside(rows: QuerySet[Conversation], user: User, now: datetime) -> QuerySet[Conversation]:
    """Conversations with what stands beside their messages, for one that is shown: see `Beside`."""
    here = OuterRef("pk")
    events = ClockEvent.objects.filter(conversation=here).order_by("id")
    notes = Note.objects.filter(conversation=here).order_by("at", "id")
    acts = AuditEntry.objects.filter(kind="conversation", ref=Cast(OuterRef("key"), CharField())).order_by("-id")
    others = Conversation.objects.visible_to(user, now).filter(person=OuterRef("person")).order_by("-last_at")
    return rows.annotate(
        told_clock=ArraySubquery(events.values(one=JSONObject(**timing.TOLD))),
        told_partner=relations.told_partner(),
        told_notes=ArraySubquery(notes.values(one=JSONObject(text="text", at="at", who="author__name"))),
        told_acts=ArraySubquery(
            acts.values(one=JSONObject(act="act", at="at", who="actor_words", actor="actor_id", data="data"))
        ),
        told_others=ArraySubquery(
            others.values(one=JSONObject(key="key", excerpt="excerpt", state="state", last_at="last_at"))[: OTHERS + 1]
        ),
    )


def beside_of(conversation: Conversation, user: User, now: datetime) -> Beside:
    """From a row fetched `with_beside`; another one is asked for now."""
    row = conversation
    if not hasattr(row, "told_clock"):
        row = with_beside(Conversation.objects.filter(pk=conversation.pk), user, now).only("key").get()
    return Beside(
        clock=row.told_clock,  # type: ignore[attr-defined]
        notes=row.told_notes,  # type: ignore[attr-defined]
        acts=row.told_acts,  # type: ignore[attr-defined]
        others=[_other(one) for one in row.told_others],  # type: ignore[attr-defined]
    )


def _other(told: Told) -> Conversation:
    """Enough of another conversation to name it and lead to it."""
    at = datetime.fromisoformat(str(told["last_at"]))
    return Conversation(key=UUID(str(told["key"])), excerpt=told["excerpt"], state=told["state"], last_at=at)


def _messages(conversation: Conversation, whole: bool) -> tuple[list[Message], int, int]:
    """The newest messages or all of them, oldest first, with their versions; how many are earlier, how many ours."""
    versions = MessageVersion.objects.filter(message=OuterRef("pk")).order_by("n")
    said = ArraySubquery(versions.values(one=JSONObject(text="text", at="seen_at")))
    here = Message.objects.filter(conversation=conversation).exclude(kind="post")
    rows = here.select_related("person", "channel").annotate(
        said=said, all_of_them=_number(here), all_ours=_number(here.filter(ours=True))
    )
    found: list[Any] = list(rows.order_by("-at", "-id")[: None if whole else SHOWN])[::-1]
    if not found:
        return [], 0, 0
    return found, found[0].all_of_them - len(found), found[0].all_ours or 0


def _number(rows: QuerySet[Message]) -> Subquery:
    return Subquery(rows.order_by().values("conversation").annotate(n=Count("pk")).values("n"))


def _post(conversation: Conversation) -> Message | None:
    """The post of ours that the conversation hangs under."""
    if not conversation.root_id:
        return None
    posts = Message.objects.filter(channel=conversation.channel, remote_id=conversation.root_id, kind="post")
    return posts.select_related("channel").first()


def _parent(conversation: Conversation, thread: Sequence[Message], earlier: int) -> Message | None:
    """The newest message of a resident that is still there: what an answer answers."""
    theirs = [message for message in thread if not message.ours and not message.gone_at]
    if theirs or not earlier:
        return theirs[-1] if theirs else None
    rows = Message.objects.filter(conversation=conversation, ours=False, gone_at=None).exclude(kind="post")
    return rows.select_related("person", "channel").order_by("at", "id").last()


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


def _noted(note: Told, now: datetime) -> Entry:
    at = datetime.fromisoformat(note["at"])
    return Entry("note", at, words.when(at, now), note["text"], note["who"])


def _acted(told: Told, now: datetime) -> Iterable[Entry]:
    """What people did besides writing, as one sentence each; what the thread shows anyway is left out."""
    if told["actor"] is None and told["act"] != "closed":
        return
    sentence = _sentence(told["act"], told["who"], told["data"])
    if sentence:
        at = datetime.fromisoformat(told["at"])
        yield Entry("event", at, words.when(at, now), sentence)


def _sentence(act: str, who: str, data: Told) -> str:
    became = data.get("became")
    if act == "assigned":
        if not became:
            return f"{who} handed it back to everybody"
        return f"{who} took it" if became == who else f"{who} assigned it to {became}"
    if act == "closed":
        reason = data.get("reason", "")
        return f"{who} closed it: {reason}" if reason else f"{who} closed it"
    names = ", ".join(became) if isinstance(became, list) and became else "none"
    return ACTS[act].format(who=who, became=names) if act in ACTS else ""


def _clock_lines(told: Sequence[timing.Line], now: datetime) -> list[dict[str, object]]:
    lines = []
    for event in told:
        icon, said, tone = CLOCK[event.kind]
        more = "made outside Parley" if event.reason == "outside" else ""
        if event.kind == "started" and event.noted_at - event.at > words.DAY / 24:
            more = f"Parley read it {words.when(event.noted_at, now)}"
        line = {"icon": icon, "words": said, "tone": tone, "at": event.at, "at_words": words.when(event.at, now)}
        lines.append(line | {"more": more or event.by})
    return lines
