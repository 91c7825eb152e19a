"""Comments that a platform counts and does not show: noted once, ended when they are read or a person has looked.

Whether it is so is found out where the numbers of posts and what was read are both known; here it is kept and said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import IllegalMove
from channels_app import platforms, tallies
from channels_app.models import Channel, WithheldComments

MANY = 3  # fewer may have been hidden there one by one
COMPARED = "comments_compared"  # when a channel's counts were last held against what was read of it


def counted(platform: str) -> bool:
    """Whether the platform tells how many comments there are, and lets them be read."""
    module = platforms.get(platform)
    return "comments" in module.STREAMS and "metrics" in module.CAN


def note(channel: Channel, count: int, since: datetime, now: datetime) -> None:
    """So many are counted and not shown. What is noted already keeps the day it began."""
    row = {"count": count, "since": since, "at": now}
    kept, new = WithheldComments.objects.get_or_create(channel=channel, ended_at=None, defaults=row)
    if not new and kept.count != count:
        WithheldComments.objects.filter(pk=kept.pk, ended_at=None).update(count=count)


def over(channel: Channel, now: datetime) -> None:
    """Nothing is kept from Parley, as far as the numbers tell."""
    WithheldComments.objects.filter(channel=channel, ended_at=None).update(ended_at=now)


def open_on(channels: Iterable[Channel]) -> list[WithheldComments]:
    """Where it is so and nobody has looked."""
    rows = WithheldComments.objects.filter(channel__in=channels, ended_at=None).select_related("channel__scope")
    return list(rows.order_by("channel"))


def looked_at(channel: Channel) -> datetime | None:
    """When somebody last looked at the posts themselves: what was missing then, they know of."""
    rows = WithheldComments.objects.filter(channel=channel, ended_by__isnull=False)
    return rows.order_by("-ended_at").values_list("ended_at", flat=True).first()


def look_at(row: WithheldComments, *, by: User, now: datetime) -> None:
    """Somebody has looked at the posts on the platform: it ends, and the audit trail says who looked."""
    with transaction.atomic():
        if not WithheldComments.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now, ended_by=by):
            raise IllegalMove("It is over already.")
        audit.record("looked_at_comments", row.channel, by=by, now=now, count=row.count)


def compared(channel: Channel, now: datetime) -> None:
    tallies.put(COMPARED, int(now.timestamp()), str(channel.key))


def last_compared(channel: Channel) -> datetime | None:
    seconds = tallies.get(COMPARED, str(channel.key))
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def many(row: WithheldComments) -> bool:
    return row.count >= MANY


def words(row: WithheldComments) -> str:
    """What is to be said of it, on the town's calendar."""
    label, day = row.channel.get_platform_display(), row.since.astimezone(Town.here().tz)
    comments = "1 comment" if row.count == 1 else f"{row.count} comments"
    counts = f"{label} counts {comments} since {day:%A} {day.day} {day:%B}"
    which = "it" if row.count == 1 else "them"
    return f"{counts} and shows us none: the right to read {which} may be gone"
