"""Everything that happened in a conversation, in order, as the thread pane shows it: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import JSONField, QuerySet

from accounts.access import places_for
from accounts.models import User
from channels_app import outbox
from channels_app.models import Delivery
from engagement import around, aside, clocks, failing, liking, relations, timing, words
from engagement.clocks import Reading
from engagement.models import Conversation, Message, Reply
from policy import comparing

OTHERS = 20
RULES = 10
SHOWN = 30  # messages a thread opens with; the earlier ones are one click away
CLOCK_LINES = 30
ACTS = {
    "waiting": "{who} waits for the resident",
    "open": "{who} opened it again",
    "escalated": "{who} escalated it to {became}",
    "chose_answer": "{who} chose {became}'s answer; the others were dropped",
    "labelled": "{who} changed the labels to {became}",
    "ranked": "{who} set the priority to {became}: {reason}",
    "snoozed": "{who} snoozed it: {reason}. The clock runs on",
    "woken": "{who} ended the snooze",
    "merged": "{who} merged a conversation into this one",
    "merged_away": "{who} merged this into another conversation",
    "split": "{who} began another conversation with messages from here",
    "split_off": "{who} began this with messages from another conversation",
    "taken_apart": "{who} took a merge or a split back",
    "entrusted": "{who} set the department to {became}",
    "handed": "{who} asked {became}",
    "handed_back": "{who} answered for {became}, for the desk only",
    "took_question_back": "{who} took the question to {became} back",
    "noted_request": "{who} noted a legal request: {became}",
    "confirmed_request": "{who} confirmed a legal request: {became}",
    "declined_request": "{who} said it is no legal request ({became}): {reason}",
    "handed_request": "{who} handed a legal request to {became}",
    "settled_request": "{who} settled the legal request ({became}): {reason}",
    "gave_reference": "{who} gave it the reference {became}",
    "liked": "{who} liked what {became} wrote",
    "unliked": "{who} took back the like of what {became} wrote",
    "answered_together": "{who} answered it under the post, with {became} in all",
}
CLOCK = {
    "started": ("message-circle", "A resident wrote", "calm"),
    "paused": ("circle-pause", "Paused: waiting for the resident", "warn"),
    "resumed": ("circle-play", "Runs again", "calm"),
    "answered": ("circle-check", "Answered", "good"),
    "withdrawn": ("undo-2", "The resident took the message back", "plain"),
    "reopened": ("rotate-ccw", "Owed again", "calm"),
    "no_reply_needed": ("circle-check", "Settled without an answer", "plain"),
    "came": ("git-merge", "Came from another conversation, still owed an answer", "calm"),
    "prioritised": ("flag", "Priority changed", "warn"),
}


Told = dict[str, Any]
# What is told beside a conversation; see `Beside`.
TOLD = {
    "clock": timing.CLOCK,
    "moves": timing.MOVED,
    "calendars": timing.CALENDARS,
    "partner": relations.PARTNER,
    "replied": "EXISTS (SELECT 1 FROM engagement_reply r WHERE r.conversation_id = engagement_conversation.id)",
    "notes": """ARRAY(SELECT jsonb_build_object('text', n.text, 'at', n.at,
        'who', (SELECT name FROM accounts_user WHERE id = n.author_id))
       FROM engagement_note n WHERE n.conversation_id = engagement_conversation.id ORDER BY n.at, n.id)""",
    "acts": """ARRAY(SELECT jsonb_build_object('act', act, 'at', at, 'who', actor_words, 'actor', actor_id,
        'data', data)
       FROM accounts_auditentry WHERE kind = 'conversation' AND ref = engagement_conversation.key::varchar
      ORDER BY accounts_auditentry.id DESC)""",
    "rehoused": """ARRAY(SELECT jsonb_build_object('key', r.key, 'kind', r.kind, 'at', r.at,
        'who', (SELECT name FROM accounts_user WHERE id = r.by_id),
        'source', (SELECT other.key FROM engagement_conversation other WHERE other.id = r.source_id),
        'target', (SELECT other.key FROM engagement_conversation other WHERE other.id = r.target_id),
        'undone', (SELECT undo.key FROM engagement_rehousing undo WHERE undo.undoes_id = r.id))
       FROM engagement_rehousing r WHERE r.kind <> 'undo'
        AND (r.source_id = engagement_conversation.id OR r.target_id = engagement_conversation.id) ORDER BY r.id)""",
    "rules": """ARRAY(SELECT jsonb_build_object('key', f.key, 'name', r.name, 'rule', r.key, 'state', r.state,
        'did', f.did, 'undone', f.undone_at) FROM engagement_rulefiring f JOIN engagement_rule r ON r.id = f.rule_id
      WHERE f.conversation_id = engagement_conversation.id ORDER BY f.at DESC, f.id DESC LIMIT {rules})""",
    "others": """ARRAY(SELECT jsonb_build_object('key', o.key, 'excerpt', o.excerpt, 'state', o.state,
        'last_at', o.last_at)
       FROM engagement_conversation o WHERE o.person_id = engagement_conversation.person_id {here}
      ORDER BY o.last_at DESC LIMIT {others})""",
}
# Beside each message: what it said before, once it was changed, and whence it came; and how many there are.
SAID = """CASE WHEN engagement_message.edited_at IS NOT NULL THEN ARRAY(
  SELECT jsonb_build_object('text', v.text, 'at', v.seen_at) FROM engagement_messageversion v
   WHERE v.message_id = engagement_message.id ORDER BY v.n) END"""
CAME_FROM = """SELECT c.key FROM engagement_moved m JOIN engagement_rehousing r ON r.id = m.rehousing_id
   JOIN engagement_conversation c ON c.id = r.source_id
  WHERE m.message_id = engagement_message.id AND m.conversation_id = engagement_message.conversation_id
    AND m.kind = 'came' ORDER BY m.id DESC LIMIT 1"""
ALL = "SELECT count(*) FROM engagement_message WHERE conversation_id = %s AND kind <> 'post'"
ALL_OURS = """SELECT count(*) FROM engagement_message m WHERE m.conversation_id = %s AND m.ours AND m.kind <> 'post'
  AND NOT EXISTS (SELECT 1 FROM engagement_acknowledged WHERE delivery_id = m.delivery_id)"""
HERE = "AND o.channel_id IN (SELECT id FROM channels_app_channel WHERE scope_id = ANY(%s::bigint[]))"
MOVED = ("git-merge", "What was owed went to another conversation", "plain")


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
    earlier: Sequence[Told] = ()
    state: outbox.StateWords | None = None
    delivery: Delivery | None = None
    reply: Reply | None = None
    next_step: str = ""


@dataclass(frozen=True)
class Beside:
    """What stands beside the messages: clock events, notes and acts as plain data; others of the same person; whether
    anything was answered here, or begun."""

    clock: list[list[Any]]
    notes: list[Told]
    acts: list[Told]
    others: list[Conversation]
    moves: list[list[Any]]
    calendars: dict[str, Told]
    rehoused: list[Told]
    rules: list[Told] = field(default_factory=list)
    replied: bool = True


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
    rehoused: Sequence[Told] = ()
    rules: Sequence[Told] = ()


def tell(conversation: Conversation, user: User, now: datetime, *, whole: bool = False) -> Story:
    """Read the conversation for this person, its newest messages or the whole: at most four queries."""
    beside = beside_of(conversation, user, now)
    thread, earlier, answers = _messages(conversation, whole)
    replies = _replies(conversation) if beside.replied else []
    reading, lines = timing.told(beside.clock, beside.moves, beside.calendars)
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
        draft=next((one for one in reversed(replies) if _is_draft(one) and one.author_id == user.pk), None),
        under_way=under_way,
        parent=_parent(conversation, thread, earlier),
        answers=answers + (under_way is not None),
        drafts_of_others=[one.author.name for one in replies if _is_draft(one) and one.author_id != user.pk],
        asked=next((one for one in replies if one.state == "in_review" and one.author_id == user.pk), None),
        asked_by_others=[one.author.name for one in replies if one.state == "in_review" and one.author_id != user.pk],
        rehoused=beside.rehoused,
        rules=beside.rules,
    )


def _replies(conversation: Conversation) -> list[Reply]:
    beside = ("author", "delivery__channel", "delivery__stated_by", "parent")
    return list(Reply.objects.filter(conversation=conversation).select_related(*beside))


def _is_draft(reply: Reply) -> bool:
    """Words for this conversation alone; an answer for many under the post is written on a page of its own."""
    return reply.state == "draft" and reply.parent.kind != "post"


def with_beside(rows: QuerySet[Conversation], user: User, now: datetime) -> QuerySet[Conversation]:
    """Conversations with what stands beside their messages, for one that is shown: see `Beside`."""
    places = places_for(user, "see_inbox", now)
    here, params = ("", []) if places is None else (HERE, [places])
    told = aside.of(TOLD, params, here=here, rules=RULES, others=OTHERS + 1)
    return around.annotated(rows).annotate(told_beside=told)


def beside_of(conversation: Conversation, user: User, now: datetime) -> Beside:
    """From a row fetched `with_beside`; another one is asked for now."""
    row: Any = conversation
    if not hasattr(row, "told_beside"):
        row = with_beside(Conversation.objects.filter(pk=conversation.pk), user, now).only("key").get()
    told: Told = row.told_beside
    return Beside(
        clock=told["clock"],
        notes=told["notes"],
        acts=told["acts"],
        moves=told["moves"],
        calendars=told["calendars"],
        rehoused=told["rehoused"],
        others=[_other(one) for one in told["others"]],
        rules=told["rules"],
        replied=told["replied"],
    )


def _other(told: Told) -> Conversation:
    """Enough of another conversation to name it and lead to it."""
    at = datetime.fromisoformat(str(told["last_at"]))
    return Conversation(key=UUID(str(told["key"])), excerpt=told["excerpt"], state=told["state"], last_at=at)


def _messages(conversation: Conversation, whole: bool) -> tuple[list[Message], int, int]:
    """The newest messages or all of them, oldest first, with their versions; how many are earlier, how many ours."""
    here = Message.objects.filter(conversation=conversation).exclude(kind="post")
    rows = here.select_related("person", "delivery").annotate(
        came_from=aside.column(CAME_FROM),
        said=aside.column(SAID, (), ArrayField(JSONField())),
        like=aside.column(liking.TOLD, (), JSONField()),
        all_of_them=aside.column(ALL, [conversation.pk]),
        all_ours=aside.column(ALL_OURS, [conversation.pk]),
    )
    found: list[Any] = list(rows.order_by("-at", "-id")[: None if whole else SHOWN])[::-1]
    if not found:
        return [], 0, 0
    for message in found:
        message.channel = conversation.channel  # a thread lies on one channel
    return found, found[0].all_of_them - len(found), found[0].all_ours


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
    earlier = _changes(versions, now) if message.edited_at else []
    at = words.when(message.at, now)
    if not message.ours:
        author = str(message.person)
        return Entry("in", message.at, at, message.text, author, message=message, earlier=earlier)
    by_itself = message.delivery is not None and message.delivery.origin == "acknowledgement"
    detail = reply.author.name if reply else "automatic acknowledgement, no answer" if by_itself else "outside Parley"
    delivery = reply.delivery if reply else message.delivery if by_itself else None
    state = outbox.words_for(delivery, now) if delivery else None
    return Entry(
        "out", message.at, at, message.text, message.channel.name, detail, message, earlier, state, delivery, reply
    )


def _changes(versions: Sequence[Told], now: datetime) -> list[Told]:
    """What each edit changed, word by word, the newest first."""
    pairs = list(zip(versions, versions[1:], strict=False))
    return [
        {
            "n": number,
            "at": words.when(datetime.fromisoformat(new["at"]), now),
            "parts": comparing.parts(old["text"], new["text"]),
        }
        for number, (old, new) in reversed(list(enumerate(pairs, 1)))
    ]


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
        next_step=failing.next_step(delivery),
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
    names = became if isinstance(became, str) else ", ".join(became) if isinstance(became, list) and became else "none"
    return ACTS[act].format(who=who, became=names, reason=data.get("reason", "")) if act in ACTS else ""


def _clock_lines(told: Sequence[timing.Line], now: datetime) -> list[dict[str, object]]:
    lines = []
    for event in told:
        icon, said, tone = MOVED if event.reason == clocks.MOVED else CLOCK[event.kind]
        more = "made outside Parley" if event.reason == "outside" else ""
        if event.kind == "prioritised":
            more = words.reprioritised(event, now)
        if event.kind == "started" and event.noted_at - event.at > words.DAY / 24:
            more = f"Parley read it {words.when(event.noted_at, now)}"
        line = {"icon": icon, "words": said, "tone": tone, "at": event.at, "at_words": words.when(event.at, now)}
        lines.append(line | {"more": more or event.by})
    return lines
