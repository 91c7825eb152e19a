"""Kick-starters: a question under one of our posts, and the count of what people answered.

Only replies in public, from before the closing and still there, count. The words counted are those at the closing. What
no rule reads for certain waits for a person, who may look again as often as they like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import Invalid, LostRace
from channels_app.models import Channel, Delivery
from engagement import tallying
from engagement.hearing import SCALE, VALUES
from engagement.models import InputCall, KickStarter, Message, Ruling
from engagement.tallying import Said, Tally
from engagement.threads import PRIVATE

NOT_REPRESENTATIVE = (
    "These are the people who chose to answer here. "
    "They do not stand for the whole town, and the numbers are no survey."
)
HOW_COUNTED = (
    "One answer counts per person and account: the last clear one before the closing. Replies that can be read in more "
    "than one way wait for a person, and are never guessed. Deleted and private replies are left out."
)
MONTHS = timedelta(days=120)
MOST_POSTS = 40


@dataclass(frozen=True)
class OwnPost:
    """A post of ours that is out, as far as a question under it needs it."""

    channel: Channel
    remote_id: str
    text: str
    url: str
    at: datetime


@dataclass(frozen=True)
class Row:
    """One reply as the page lists it."""

    message: Message
    value: str
    why: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Count:
    """The tally, and the replies behind it by where they stand."""

    tally: Tally
    bars: Sequence[tuple[str, int]]
    unclear: Sequence[Row]
    counted: Sequence[Row]
    replaced: Sequence[Row]
    without: Sequence[Row]
    late: int


def own_posts(user: User, now: datetime) -> list[OwnPost]:
    """Our newest posts without a question, on the channels this person may ask on."""
    speaking = Channel.objects.visible_to(user, now, "note").exclude(purpose="broadcast")
    channels = {one.pk: one for one in speaking}
    asked = set(KickStarter.objects.filter(channel__in=channels).values_list("channel_id", "remote_id"))
    rows = Message.objects.filter(channel__in=channels, kind="post", gone_at=None, at__gt=now - MONTHS)
    found = {
        (row.channel_id, row.remote_id): OwnPost(channels[row.channel_id], row.remote_id, row.text, row.url, row.at)
        for row in rows.order_by("-at")[: MOST_POSTS + len(asked)]
    }
    sent = Delivery.objects.filter(channel__in=channels, kind="post", state="published", part=0).exclude(remote_id="")
    for row in sent.filter(published_at__gt=now - MONTHS).order_by("-published_at")[: MOST_POSTS + len(asked)]:
        found.setdefault((row.channel_id, row.remote_id), _sent(row, channels[row.channel_id]))
    posts = sorted((post for ref, post in found.items() if ref not in asked), key=lambda post: post.at, reverse=True)
    return posts[:MOST_POSTS]


def find_post(channel: UUID | str, remote_id: str, user: User, now: datetime) -> OwnPost | None:
    """The post of ours with this id; None where there is none, or where this person may not ask on its channel."""
    here = Channel.objects.visible_to(user, now, "note").filter(key=channel).first()
    if here is None:
        return None
    row = Message.objects.filter(channel=here, remote_id=remote_id, kind="post").first()
    if row is not None:
        return OwnPost(here, row.remote_id, row.text, row.url, row.at)
    sent = Delivery.objects.filter(channel=here, kind="post", remote_id=remote_id, published_at__isnull=False).first()
    return _sent(sent, here) if sent else None


def refuse_one_way(channel: Channel) -> None:
    """Raise where nobody is asked anything: on a channel that only warns."""
    if channel.purpose == "broadcast":
        raise Invalid(
            f"{channel} only warns: nobody is asked anything there.",
            next_step="Ask under a post on another channel, or have an administrator say what this one is for.",
        )


def put(
    post: OwnPost, shape: str, question: str, closes_on: date, call: InputCall | None, *, by: User, now: datetime
) -> KickStarter:
    """Put a question under a post; its replies are counted until the end of that day in town."""
    require(by, "note", now, post.channel.scope)
    refuse_one_way(Channel.objects.get(pk=post.channel.pk))
    closes_at = end_of(closes_on)
    if closes_at <= now:
        raise Invalid("The closing day is over already.", next_step="Choose today or a later day.")
    if shape not in VALUES or not question.strip():
        raise Invalid("A kick-starter needs its shape and its question.")
    if call is not None and call.state not in {"draft", "open"}:
        raise Invalid("This input call is closed.", next_step="Choose another one, or none.")
    try:
        with transaction.atomic():
            one = KickStarter.objects.create(
                channel=post.channel, remote_id=post.remote_id, words=post.text, url=post.url, shape=shape,
                question=question.strip(), call=call, posted_at=post.at, closes_at=closes_at, by=by, at=now,
            )  # fmt: skip
            audit.record("asked_kickstarter", one, by=by, now=now, shape=shape, closes=closes_on.isoformat())
    except IntegrityError:
        raise LostRace("This post has a kick-starter already.", next_step="Open that one.") from None
    return one


def close(one: KickStarter, *, by: User, now: datetime) -> None:
    """Stop counting now."""
    require(by, "note", now, one.channel.scope)
    if not KickStarter.objects.filter(pk=one.pk, closes_at__gt=now).update(closes_at=now):
        raise LostRace("It is closed already.")
    audit.record("closed_kickstarter", one, by=by, now=now, was=one.closes_at.isoformat())


def rule(one: KickStarter, message: Message, value: str, *, by: User, now: datetime) -> None:
    """A person says what a reply means; "" takes their word back and lets the rules read it again."""
    require(by, "note", now, one.channel.scope)
    if value not in {*dict(VALUES[one.shape]), "none", ""}:
        raise Invalid("Choose one of the answers.")
    if not replies(one).filter(pk=message.pk).exists():
        raise Invalid("This is no reply to that post.")
    with transaction.atomic():
        was = Ruling.objects.filter(kickstarter=one, message=message).first()
        if value:
            Ruling.objects.update_or_create(
                kickstarter=one, message=message, defaults={"value": value, "by": by, "at": now}
            )
        elif was:
            was.delete()
        audit.record("read_reply", one, by=by, now=now, reply=message.pk, was=was.value if was else "", became=value)


def count(one: KickStarter) -> Count:
    """The count as it is now, from the replies alone."""
    messages = list(replies(one).select_related("person", "conversation").prefetch_related("versions"))
    counting = [row for row in messages if row.at <= one.closes_at]
    rulings = {row.message_id: row for row in one.rulings.all()}
    said = [_said(one, row, rulings.get(row.pk)) for row in counting]
    tally = tallying.tally(one.shape, said)
    by_ref = {row.pk: row for row in counting}
    return Count(
        tally=tally,
        bars=[(words, tally.counts[value]) for value, words in VALUES[one.shape]],
        unclear=[Row(by_ref[row.ref], "", why) for row, why in tally.unclear],
        counted=[_row(by_ref[row.ref], tally.values[person], row) for person, row in tally.counted.items()],
        replaced=[Row(by_ref[row.ref], "", "A later answer of the same person counts.") for row in tally.replaced],
        without=[_row(by_ref[row.ref], "", row) for row in tally.without],
        late=len(messages) - len(counting),
    )


def average(one: KickStarter, tally: Tally) -> float | None:
    """The mean of a scale, to one decimal; None for other shapes and where nobody answered."""
    if one.shape != SCALE or not tally.people:
        return None
    return round(sum(int(value) for value in tally.values.values()) / tally.people, 1)


def table(one: KickStarter) -> list[list[object]]:
    """Every reply for a spreadsheet, with how it counts; without names of accounts."""
    found = count(one)
    words = dict(VALUES[one.shape])
    rows = [(row, "Counted", words[row.value]) for row in found.counted]
    rows += [(row, "Replaced by a later answer", "") for row in found.replaced]
    rows += [(row, "Waits for a person", "") for row in found.unclear]
    rows += [(row, "No answer", "") for row in found.without]
    tz = Town.here().tz
    return [
        [
            f"{row.message.at.astimezone(tz):%Y-%m-%d %H:%M}",
            row.message.text,
            state,
            value,
            "yes" if row.by_hand else "",
        ]
        for row, state, value in sorted(rows, key=lambda one: (one[0].message.at, one[0].message.pk))
    ]


def replies(one: KickStarter) -> QuerySet[Message]:
    """Every public reply of residents under the post that is still there, oldest first; late ones included."""
    rows = Message.objects.filter(channel=one.channel_id, root_id=one.remote_id, ours=False, gone_at=None)
    return rows.exclude(visibility__in=PRIVATE).exclude(kind="post").order_by("at", "id")


def end_of(day: date) -> datetime:
    """The last moment of a day in town."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=Town.here().tz)


def _said(one: KickStarter, message: Message, ruling: Ruling | None) -> Said:
    text, changed = message.text, message.edited_at
    if changed and changed > one.closes_at:
        before = [row for row in message.versions.all() if row.seen_at <= one.closes_at]
        text = before[-1].text if before else text
        changed = None
    fresh = ruling if ruling and not (changed and changed > ruling.at) else None
    return Said(message.person_id or 0, message.at, text, message.pk, fresh.value if fresh else "")


def _row(message: Message, value: str, said: Said) -> Row:
    return Row(message, value, by_hand=bool(said.ruled))


def _sent(row: Delivery, channel: Channel) -> OwnPost:
    at = row.published_at or row.due_at
    return OwnPost(channel, row.remote_id, str(row.payload.get("text", "")), row.remote_url, at)
