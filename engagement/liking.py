"""Liking what a resident wrote, and taking that back: a nod and no answer. It stops no clock and counts as nothing.

It goes out through the outbox like everything else, held by the same stops. Of one message never more than one like or
taking back is on its way, so that neither can overtake the other. One that comes to nothing is told to whoever asked
and is nobody's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts import audit, notifications
from accounts.access import require
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, LostRace
from channels_app import outbox, platforms
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import ATTENTION
from engagement import handling, replies, threads, wording
from engagement.models import Liking, Message
from engagement.threads import PRIVATE
from policy import approvals

ORIGIN = "like"
LATE_MINUTES = 24 * 60  # a nod that comes later than this is odd
GONE = "The message was taken back by its author."
WAITS = "channel"  # why a like is blocked and goes on by itself
# Beside each message: the newest like of it, and what became of that.
TOLD = """(SELECT jsonb_build_object('kind', d.kind, 'state', d.state, 'why', l.why, 'waits', d.why_words)
   FROM engagement_liking l JOIN channels_app_delivery d ON d.id = l.delivery_id
  WHERE l.message_id = engagement_message.id ORDER BY l.n DESC LIMIT 1)"""


@dataclass(frozen=True)
class Standing:
    """How liking a message stands. `under_way` is "like" or "unlike" while that is on its way; `why` says what kept the
    last one from happening, or what it waits for.
    """

    liked: bool = False
    under_way: str = ""
    why: str = ""

    @property
    def act(self) -> str:
        """What can be asked for next; "" while a like is being taken back."""
        if self.under_way == "unlike":
            return ""
        return "unlike" if self.liked or self.under_way else "like"

    @property
    def words(self) -> str:
        """The state in words; "" for a message nobody has liked."""
        waits = f" It waits: {self.why}" if self.why else ""
        if self.under_way:
            return f"{'Liking…' if self.under_way == 'like' else 'Taking the like back…'}{waits}"
        if self.liked:
            return f"Liked by the town{f'. It could not be taken back: {self.why}' if self.why else ''}"
        return f"Could not be liked: {self.why}" if self.why else ""

    @property
    def tone(self) -> str:
        return "warn" if self.why else "accent" if self.under_way else "good"


def standing(told: Mapping[str, Any] | None) -> Standing:
    """From what `TOLD` says of a message. Pure."""
    if told is None:
        return Standing()
    kind, state = told["kind"], told["state"]
    if state == "published":
        return Standing(liked=kind == "like")
    if state in {"failed", "cancelled"}:
        return Standing(liked=kind == "unlike", why=told["why"])
    return Standing(liked=kind == "unlike", under_way=kind, why=told["waits"] if state == "blocked" else "")


def acts_on(channel: Channel, private: bool) -> frozenset[str]:
    """What can be done there with messages as public or private as that."""
    if ("like_direct" if private else "like") not in platforms.get(channel.platform).CAN:
        return frozenset()
    return frozenset({"unlike"} if channel.purpose == "broadcast" else {"like", "unlike"})


@transaction.atomic
def like(message: Message, *, by: User, now: datetime) -> None:
    """Have the town like it. Asked for again it is the same like; one that is still being taken back stays.

    Raises Invalid where that cannot be, LostRace while the opposite is going out this very moment.
    """
    message, last = _held(message)
    now_it_is = _of(last)
    if now_it_is.act == "unlike":
        return
    if last is not None and now_it_is.under_way:
        _stop(last, by, now)
    else:
        if message.gone_at is not None:
            raise Invalid(GONE, next_step="Load the page again.")
        if message.channel.purpose == "broadcast":
            raise Invalid(replies.ONE_WAY)
        _ask("like", message, last, by, now)
    _note("liked", message, by, now)


@transaction.atomic
def unlike(message: Message, *, by: User, now: datetime) -> None:
    """Take the town's like back, or stop one that has not gone out. Asked for again it is the same."""
    message, last = _held(message)
    now_it_is = _of(last)
    if now_it_is.act != "unlike" or last is None:
        return
    if now_it_is.under_way:
        _stop(last, by, now)
    else:
        _ask("unlike", message, last, by, now)
    _note("unliked", message, by, now)


def _held(message: Message) -> tuple[Message, Liking | None]:
    """The message with its newest like, while nobody else at the desk can change that."""
    if message.conversation is None:
        raise Invalid("Only what residents write is liked.")
    handling.hold(message.conversation)
    fresh = Message.objects.select_related("channel__scope", "person", "conversation__channel").get(pk=message.pk)
    last = Liking.objects.filter(message=fresh).select_related("delivery__channel").order_by("-n").first()
    return fresh, last


def _of(last: Liking | None) -> Standing:
    if last is None:
        return Standing()
    delivery = last.delivery
    return standing({"kind": delivery.kind, "state": delivery.state, "why": last.why, "waits": delivery.why_words})


def _stop(last: Liking, by: User, now: datetime) -> None:
    """Take back what has not gone out yet; what may be out is undone by its opposite, once that is known."""
    try:
        outbox.cancel(last.delivery, by=by, now=now, version=last.delivery.version)
    except (LostRace, IllegalMove) as late:
        words = "That is going out right now, so it cannot be stopped."
        raise LostRace(words, next_step="Wait a moment, then press again.") from late


def _ask(kind: str, message: Message, last: Liking | None, by: User, now: datetime) -> None:
    channel, private = message.channel, message.visibility in PRIVATE
    require(by, "answer", now, channel.scope)
    if kind not in acts_on(channel, private):
        what = "a private message" if private else "what others write"
        raise Invalid(f"{channel.get_platform_display()} lets no program like {what}.")
    payload = payload_for(message)
    delivery = outbox.create(
        channel=channel,
        kind=kind,
        origin=ORIGIN,
        payload=payload,
        approval=approvals.free(approvals.content_hash(payload, channel.key), kind, asked_by=by, now=now),
        asked_by=by,
        due_at=now,
        now=now,
        late_minutes=LATE_MINUTES,
    )
    Liking.objects.create(message=message, n=last.n + 1 if last else 1, delivery=delivery, by=by, at=now)


def payload_for(message: Message) -> dict[str, Any]:
    """What goes out: whose message, and who may see that it is there."""
    visibility = wording.visibility_for(message)
    return {"text": "", "link": "", "pictures": [], "target": message.remote_id, "visibility": visibility}


def _note(act: str, message: Message, by: User, now: datetime) -> None:
    """In the conversation's history, for whoever has it open."""
    assert message.conversation
    audit.record(act, message.conversation, by=by, now=now, became=str(message.person))
    handling.touch(message.conversation)


def recheck(delivery: Delivery, now: datetime) -> outbox.Block | None:
    """The last questions before it goes out."""
    row = Liking.objects.select_related("message").filter(delivery=delivery).first()
    if row is None or Liking.objects.filter(message=row.message, n__gt=row.n).exists():
        return outbox.Block("taken_back", "This was taken back.")
    if delivery.kind == "unlike":
        return None
    if row.message.gone_at is not None:
        return outbox.Block("parent_gone", GONE)
    if delivery.channel.purpose == "broadcast":
        return outbox.Block("one_way", replies.ONE_WAY)
    return None


def after(delivery: Delivery, now: datetime) -> None:
    """What became of it shows at the message. What comes to rest without having gone out is dropped, and told."""
    row = Liking.objects.select_related("message__conversation", "by").filter(delivery=delivery).first()
    if row is None:
        return
    resting = delivery.state in ATTENTION and not (delivery.state == "blocked" and delivery.why == WAITS)
    if resting or delivery.state == "failed":
        _came_to_nothing(row, delivery, now)
    if resting:
        outbox.give_up(delivery, now, "A like is not worth a second look")
    threads.beat(delivery.channel)


def _came_to_nothing(row: Liking, delivery: Delivery, now: datetime) -> None:
    why = {
        "missed": "It waited for too long.",
        "needs_attention": f"{delivery.channel.get_platform_display()} did not say whether it took it.",
    }.get(delivery.state, delivery.why_words or "The platform refused it.")
    Liking.objects.filter(pk=row.pk).update(why=why[:300])
    if delivery.why == "gone":  # what is not there is seen to be gone in the inbox too
        Message.objects.filter(pk=row.message_id, gone_at=None).update(recheck_at=now)
    what = "could not be liked" if delivery.kind == "like" else "is still liked"
    words = f"What {row.message.person} wrote {what}: {why}"
    once = f"like:{delivery.key}"
    notifications.tell(row.by, "inbox.like", words, page(delivery), now=now, once=once)


def page(delivery: Delivery) -> str:
    """Where a person sees it: the conversation."""
    rows = Liking.objects.filter(delivery=delivery)
    key = rows.values_list("message__conversation__key", flat=True).first()
    return reverse("inbox:conversation", args=[key]) if key else reverse("inbox:queue")
