"""Looking again at messages that still wait: no platform tells when somebody takes their words back.

An open conversation's messages are looked at 1 hour, 24 hours and 7 days after they came, and when a reply is written.
A message that is gone keeps its row, its versions and its record; its clock stops as taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.keyring import CannotOpen
from accounts.refusals import LostRace
from channels_app import connecting, platforms, renewing
from channels_app.models import Channel
from channels_app.platforms.base import Incoming, Refused, TryLater, Uncertain
from engagement import filing, threads
from engagement.models import ClockEvent, Message

LEASE = timedelta(minutes=5)  # a message being looked at is put off by this, and by the next step afterwards
AT_ONCE = 20


def due(now: datetime) -> list[int]:
    """Messages to look at now; those of conversations that are done need no look and are struck off."""
    rows = Message.objects.filter(recheck_at__lte=now)
    rows.filter(conversation__state="closed").update(recheck_at=None)
    rows = rows.filter(channel__state__in=Channel.READ).order_by("recheck_at")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def look_again(message_id: int, now: datetime) -> bool | None:
    """Whether the message is still there; None when nobody could say now or somebody else is looking."""
    message = _claim(message_id, now)
    if message is None:
        return None
    platform = platforms.get(message.channel.platform)
    account = None
    try:
        account = connecting.account_of(message.channel)
        seen = platform.read(account, message.remote_id, message.kind)
    except Refused as refused:
        ending = renewing.met(message.channel, account, refused, now)
        if isinstance(ending, Refused) and ending.cause == "token":
            connecting.needs_reconnect(message.channel, ending.words, now)
        return None
    except CannotOpen as problem:
        connecting.needs_reconnect(message.channel, str(problem), now)
        return None
    except (TryLater, Uncertain):
        return None
    return _note(message, seen, now)


@transaction.atomic
def mark_gone(channel: Channel, remote_ids: Iterable[str], now: datetime) -> None:
    """Mark messages as taken back and stop what was owed for them."""
    threads.hold(channel)
    there = Message.objects.filter(channel=channel, remote_id__in=list(remote_ids), gone_at=None)
    rows = list(there.select_related("conversation"))
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(gone_at=now, recheck_at=None)
    theirs = [row for row in rows if row.conversation_id and not row.ours]
    ClockEvent.objects.bulk_create(
        (
            ClockEvent(conversation=row.conversation, kind="withdrawn", at=now, noted_at=now, message=row)
            for row in theirs
        ),
        ignore_conflicts=True,
    )
    threads.refresh({row.conversation_id for row in rows if row.conversation_id}, now)
    threads.beat(channel)


def _claim(message_id: int, now: datetime) -> Message | None:
    free = Message.objects.filter(pk=message_id, recheck_at__lte=now, gone_at=None, channel__state__in=Channel.READ)
    if not free.update(recheck_at=now + LEASE):
        return None
    return Message.objects.select_related("channel").get(pk=message_id)


def _note(message: Message, seen: Incoming | None, now: datetime) -> bool:
    with transaction.atomic():
        if seen is None:
            mark_gone(message.channel, [message.remote_id], now)
            return False
        filing.file(message.channel, [seen], now)
        following = [message.ingested_at + step for step in filing.RECHECKS if message.ingested_at + step > now]
        held = Message.objects.filter(pk=message.pk, recheck_at=now + LEASE)
        if not held.update(recheck_at=min(following, default=None)):
            raise LostRace("Somebody else looked at this message meanwhile.")
    return True
