"""The labelled automatic acknowledgement: off until somebody switches it on for a channel, and never an answer.

It says that it is automatic, when people are at the desk, and whom to call in danger. Whoever switched it on approved
its words; it goes through the outbox like everything else, stops no clock, and leaves a conversation alone afterwards
for as long as the town chose. Private messages that touch on law, money, safety or staff never get one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import Invalid
from accounts.town import DAYS
from channels_app import outbox, platforms
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import ATTENTION
from channels_app.platforms.base import Outgoing
from engagement import handling, replies, threads, wording
from engagement.models import Acknowledged, Acknowledgement, Conversation, Label, Message, Reply
from policy import approvals, tiers
from policy.models import Approval

ORIGIN = "acknowledgement"
LABEL = "Automatic message:"
FRESH = timedelta(hours=2)  # what was written longer ago is answered by a person or not at all
LATE_MINUTES = 30
AT_ONCE = 100
THEIRS = ("comment", "mention", "reply", "direct")
MENTION = "@" + "a" * 20  # room for the handle an answer begins with


@dataclass(frozen=True)
class Wanted:
    """What the page asks for."""

    on: bool
    text: str
    emergency: str
    every_hours: int
    private: bool


def in_force(channel: Channel) -> Acknowledgement | None:
    return Acknowledgement.objects.filter(channel=channel).select_related("by").order_by("-id").first()


def set_for(channel: Channel, wanted: Wanted, *, by: User, now: datetime) -> Acknowledgement:
    """Have the channel acknowledge like this from now on, or not at all. What came before is left alone."""
    _check(channel, wanted)
    before = in_force(channel)
    with transaction.atomic():
        fields = {name: getattr(wanted, name) for name in ("on", "text", "emergency", "every_hours", "private")}
        row = Acknowledgement.objects.create(channel=channel, **fields, by=by, at=now)
        was = "on" if before and before.on else "off"
        audit.record(
            "set_acknowledgement", channel, by=by, now=now, was=was, became="on" if row.on else "off", words=row.text
        )
    return row


def switched_on_by(user: User) -> list[Acknowledgement]:
    """Those in force that rest on this person's approval: they stop when the person leaves."""
    newest = Acknowledgement.objects.order_by("channel_id", "-id").distinct("channel_id")
    rows = Acknowledgement.objects.filter(pk__in=newest.values("pk"), on=True, by=user)
    return list(rows.select_related("channel"))


def _check(channel: Channel, wanted: Wanted) -> None:
    if not wanted.text.strip():
        raise Invalid("Write what the acknowledgement says.")
    if not any(letter.isdigit() for letter in wanted.emergency):
        raise Invalid("Say which number to call in danger.")
    if not 1 <= wanted.every_hours <= 24 * 30:
        raise Invalid("Leave a conversation alone for between 1 hour and 30 days.")
    platform = platforms.get(channel.platform)
    if wanted.on and "reply" not in platform.CAN:
        raise Invalid(f"Parley cannot answer on {platform.LABEL}.")
    left = room(channel, words(wanted.text, wanted.emergency, Town.here()))
    if left < 0:
        raise Invalid(f"This is {-left} characters too long for {platform.LABEL}.", next_step="Shorten it.")


def room(channel: Channel, text: str) -> int:
    """How much of the platform's limit is left under these words, a handle before them included."""
    platform = platforms.get(channel.platform)
    whole = platform.words(Outgoing("reply", text=text, mention=MENTION))
    return platforms.measure_reply(platform.NAME, whole, wording.account_for_counting(channel)).left


def words(text: str, emergency: str, town: Town) -> str:
    """Everything it says, the label first."""
    hours = opening(town.hours)
    at_desk = f"We are at the desk {hours}." if hours else "Nobody is at the desk at fixed hours."
    return f"{LABEL} {text.strip()} {at_desk} {emergency.strip()}"


def opening(week: Sequence[Sequence[Sequence[str]]]) -> str:
    """Mon to Fri 09:00-12:00 and 13:00-17:00, Sat 10:00-12:00: days with the same hours together."""
    said = [" and ".join(f"{opens}-{closes}" for opens, closes in day) for day in week]
    parts = []
    for hours, group in groupby(zip(DAYS, said, strict=False), key=lambda one: one[1]):
        days = [name[:3] for name, _ in group]
        if hours:
            parts.append(f"{days[0]} to {days[-1]} {hours}" if len(days) > 1 else f"{days[0]} {hours}")
    return ", ".join(parts)


def step(now: datetime) -> int:
    """Acknowledge what is to be, and drop what could not go out in time; how many went to the outbox."""
    _drop_stale(now)
    newest = Acknowledgement.objects.order_by("channel_id", "-id").distinct("channel_id")
    rows = Acknowledgement.objects.filter(pk__in=newest.values("pk"), on=True, channel__state="ok", by__is_active=True)
    made = 0
    for row in rows.select_related("channel__scope", "by"):
        for pk in list(waiting(row, now).values_list("pk", flat=True)[:AT_ONCE]):
            made += _acknowledge(row, pk, now)
    return made


def waiting(row: Acknowledgement, now: datetime) -> QuerySet[Conversation]:
    """Conversations on this channel that are to be acknowledged now."""
    earlier = Acknowledged.objects.filter(conversation=OuterRef("pk"), at__gt=now - timedelta(hours=row.every_hours))
    under_way = Reply.objects.filter(conversation=OuterRef("pk"), state="released")
    since = max(row.at, now - FRESH)
    rows = Conversation.objects.filter(channel=row.channel, state="open", clock="running", unanswered_since__gte=since)
    if row.channel.purpose == "broadcast":  # nobody answers there: once, with where help is
        rows = Conversation.objects.filter(channel=row.channel, opened_at__gte=since, kind__in=THEIRS)
        earlier = Acknowledged.objects.filter(conversation=OuterRef("pk"))
    rows = rows.filter(~Exists(earlier), ~Exists(under_way))
    return rows if row.private else rows.filter(private=False)


@transaction.atomic
def _acknowledge(row: Acknowledgement, pk: int, now: datetime) -> bool:
    fresh = handling.hold(Conversation(pk=pk))
    message = wording.last_asked(fresh)
    if message is None or not waiting(row, now).filter(pk=pk).exists() or _is_delicate(fresh, message):
        return False
    if Acknowledged.objects.filter(message=message).exists():
        return False
    payload = payload_for(row, message)
    delivery = outbox.create(
        channel=row.channel,
        kind="reply",
        origin=ORIGIN,
        payload=payload,
        approval=_approval(row, payload),
        asked_by=None,
        due_at=now,
        now=now,
        late_minutes=LATE_MINUTES,
    )
    Acknowledged.objects.create(setting=row, conversation=fresh, message=message, delivery=delivery, at=now)
    threads.beat(row.channel)
    return True


def payload_for(row: Acknowledgement, message: Message) -> dict[str, object]:
    """What goes out; nobody's initials stand under it."""
    text = words(row.text, row.emergency, Town.here())
    return wording.payload_for(message, text, row.by) | {"text": text}


def _approval(row: Acknowledgement, payload: dict[str, object]) -> Approval:
    said = f"{row.by.name} switched this acknowledgement on and approved its words."
    return Approval.objects.create(
        hash=approvals.content_hash(payload, row.channel.key), rule=ORIGIN, rule_words=said[:200], by=row.by, at=row.at
    )


def _is_delicate(conversation: Conversation, message: Message) -> bool:
    """A private message on something grave: a machine's words would hurt, and its hours would keep people waiting."""
    if not conversation.private:
        return False
    labels = Label.objects.filter(conversations=conversation).values_list("name", flat=True)
    return tiers.of("", message.text, labels=labels).number == 3


def _drop_stale(now: datetime) -> None:
    """One that could not go out while it made sense, or may be out and nobody can tell, is nobody's work."""
    for delivery in Delivery.objects.filter(origin=ORIGIN, state__in=ATTENTION):
        outbox.give_up(delivery, now, "An acknowledgement is not worth a second look")


def recheck(delivery: Delivery, now: datetime) -> outbox.Block | None:
    """The last questions before it goes out."""
    sent = Acknowledged.objects.select_related("message", "conversation").filter(delivery=delivery).first()
    if sent is None or sent.message.gone_at is not None:
        return outbox.Block("parent_gone", "The message it acknowledges was taken back.")
    if sent.conversation.clock not in {"running", "none"}:
        return outbox.Block("answered", "A person was quicker.")
    newest = in_force(delivery.channel)
    if newest is None or not newest.on or not newest.by.is_active:
        return outbox.Block("off", "The acknowledgement was switched off.")
    if delivery.payload.get("visibility") != wording.visibility_for(sent.message):
        return outbox.Block("visibility", "It would be seen by others than the message it acknowledges.")
    return None


def after(delivery: Delivery, now: datetime) -> None:
    """It is out: a message of ours that answers nothing."""
    sent = Acknowledged.objects.select_related("message", "conversation").filter(delivery=delivery).first()
    if sent is None:
        return
    threads.hold(delivery.channel)
    if delivery.state == "published":
        visibility = str(delivery.payload["visibility"])
        replies.our_message(delivery, sent.message, sent.conversation, visibility, now)
        threads.refresh([sent.conversation_id], now)
    threads.beat(delivery.channel)


def page(delivery: Delivery) -> str:
    key = Acknowledged.objects.filter(delivery=delivery).values_list("conversation__key", flat=True).first()
    return reverse("inbox:conversation", args=[key]) if key else reverse("inbox:queue")
