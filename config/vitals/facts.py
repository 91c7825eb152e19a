"""What can be known about the machinery, in a dozen queries whose cost does not grow with the town's history."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from redis import Redis
from redis.exceptions import RedisError

from accounts import clock
from accounts.models import AuditSeal
from accounts.models.backups import last_good_backup
from channels_app import outbox, renewing, tallies, unheard, withheld
from channels_app.models import Channel, Cursor, Delivery, Heartbeat, Instance, UnheardMention, WithheldComments
from channels_app.models.deliveries import ENDED, WAITING
from config.celery_settings import task_queues
from config.vitals import twins
from engagement import pace
from engagement.models import Conversation, Message

ROLES = ("publisher", "reconciler", "beat", "poller", "mailer")
SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Vitals:
    """Ages and delays are in seconds. A part that has never been seen has no entry in `beats`."""

    now: datetime
    states: dict[str, int]
    overdue: int
    overdue_for: float
    unknown_for: float
    beats: dict[str, float]
    unread: dict[Channel, float]  # since the oldest complete reading of its streams
    poll_every: float
    expiring: dict[Channel, float]
    held: dict[Channel, tuple[int, float]]  # how many wait there, and seconds to the first moment
    twins: list[Message]
    broken: list[str]  # chains that do not fit: audit, records
    mismatch: str
    clock_delta: float
    backup_for: float | None
    late_found: int
    due_soon: int
    queues: dict[str, int] | None  # None: the broker does not answer
    audit_head: int
    mute: Sequence[Channel] = ()  # answer, and show nothing of what is known to be there
    unheard: Sequence[UnheardMention] = ()  # that nobody has looked at
    withheld: Sequence[tuple[WithheldComments, str]] = ()  # counted and not shown, each with its words


def read(now: datetime) -> Vitals:
    """Everything at one moment; `now` is the database's."""
    overdue = outbox.overdue(now).aggregate(count=Count("pk"), first=Min("next_action_at"))
    oldest = Delivery.objects.filter(state="unknown").aggregate(at=Min("intent_at"))["at"]
    instance = Instance.objects.filter(pk=1).first()
    backup = last_good_backup()
    return Vitals(
        now=now,
        states=dict(Delivery.objects.exclude(state__in=ENDED).order_by().values_list("state").annotate(n=Count("pk"))),
        overdue=overdue["count"],
        overdue_for=_age(overdue["first"], now),
        unknown_for=_age(oldest, now),
        beats={beat.role: _age(beat.at, now) for beat in Heartbeat.objects.filter(role__in=ROLES)},
        unread=_unread(now),
        poll_every=pace.every().total_seconds(),
        expiring={
            channel: (channel.expires_at - now).total_seconds()  # type: ignore[operator]
            for channel in Channel.objects.living().filter(expires_at__isnull=False).select_related("scope")
            if not renewing.goes_on(channel, now)
        },
        held=_held(now),
        twins=twins.lately(now),
        broken=[chain for chain in ("audit", "records") if tallies.get("chain_broken", chain)],
        mismatch=instance.stopped_why if instance is not None and instance.restored else "",
        clock_delta=clock.now().timestamp() - time.time(),
        backup_for=_age(backup, now) if backup else None,
        late_found=_late_found(now),
        due_soon=Conversation.objects.open().filter(due_at__lt=now + SOON).count(),
        queues=queue_depths(),
        audit_head=AuditSeal.objects.aggregate(head=Max("seq"))["head"] or 0,
        mute=list(Channel.objects.filter(state__in=Channel.READ, silent_since__isnull=False).select_related("scope")),
        unheard=unheard.open_on(Channel.objects.living()),
        withheld=[(row, withheld.words(row)) for row in withheld.open_on(Channel.objects.living())],
    )


def queue_depths() -> dict[str, int] | None:
    """How many messages wait in each queue of the broker; None while it does not answer."""
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
            return {queue.name: int(broker.llen(queue.name)) for queue in task_queues}
    except RedisError:
        return None


def _age(then: datetime | None, now: datetime) -> float:
    return max((now - then).total_seconds(), 0.0) if then else 0.0


def _unread(now: datetime) -> dict[Channel, float]:
    """For each channel that is read: since when its most neglected stream was not read to the end."""
    streams = Cursor.objects.filter(root="", channel__state__in=Channel.READ)
    oldest = dict(
        streams.order_by().values_list("channel").annotate(at=Min(Coalesce("last_ok_at", "channel__created_at")))
    )
    channels = Channel.objects.filter(pk__in=oldest).select_related("scope")
    return {channel: _age(oldest[channel.pk], now) for channel in channels}


def _held(now: datetime) -> dict[Channel, tuple[int, float]]:
    """Channels that nothing can go out on although something waits."""
    waits = Q(state="blocked", why="channel") | Q(state__in=WAITING, channel__state="needs_reconnect")
    rows = Delivery.objects.filter(waits).order_by().values("channel").annotate(n=Count("pk"), first=Min("due_at"))
    found = {row["channel"]: row for row in rows}
    channels = Channel.objects.filter(pk__in=found).select_related("scope")
    return {
        channel: (found[channel.pk]["n"], (found[channel.pk]["first"] - now).total_seconds()) for channel in channels
    }


def _late_found(now: datetime) -> int:
    days = {f"{now - timedelta(days=back):%Y-%m-%d}" for back in (0, 1)}
    found = tallies.read(["late_found"])["late_found"]
    return sum(value for label, value in found.items() if label.rpartition(":")[2] in days)
