"""Who has a post open just now, and at which hours a channel is heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from calendar_app.models import GoodHour, HoursLook, Post, Presence
from channels_app.models import Channel

GONE = timedelta(seconds=45)  # a page says every fifteen seconds that it is open
STOPPED = timedelta(seconds=20)
FORGOTTEN = timedelta(days=1)
SHOWN = 3
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Other:
    """A colleague who has the post open, and whether words of theirs came in the last seconds."""

    name: str
    types: bool


@dataclass(frozen=True)
class Hours:
    """The best hours of a channel's week in words; none where nobody can say yet. `posts` is what they rest on.

    `missing` is how many more posts it takes to say anything; with none missing and no hours, none is reliably better.
    """

    channel: Channel
    best: list[str]
    posts: int
    measured_at: datetime | None
    missing: int | None = None


def here(post: Post, user: User, now: datetime, *, typed: bool = False) -> None:
    """This person has it open; `typed`: and words of theirs have just come."""
    facts = {"seen_at": now} | ({"typed_at": now} if typed else {})
    Presence.objects.update_or_create(post=post, user=user, defaults=facts)
    Presence.objects.filter(post=post, seen_at__lt=now - FORGOTTEN).delete()


def others(post: Post, user: User, now: datetime) -> list[Other]:
    """The colleagues who have it open, those who type first."""
    rows = Presence.objects.filter(post=post, seen_at__gt=now - GONE).exclude(user=user).select_related("user")
    found = [Other(one.user.name, one.typed_at is not None and one.typed_at > now - STOPPED) for one in rows]
    return sorted(found, key=lambda one: (not one.types, one.name))


def hours(channels: Iterable[Channel]) -> list[Hours]:
    """For each channel its best hours, as far as they were measured; nothing is guessed."""
    wanted = list(channels)
    rows: dict[int, list[GoodHour]] = {}
    for one in GoodHour.objects.filter(channel__in=wanted).order_by("-rate", "weekday", "hour"):
        rows.setdefault(one.channel_id, []).append(one)
    looks = {one.channel_id: one for one in HoursLook.objects.filter(channel__in=wanted)}
    return [_hours(channel, rows.get(channel.pk, []), looks.get(channel.pk)) for channel in wanted]


def _hours(channel: Channel, rows: list[GoodHour], look: HoursLook | None) -> Hours:
    best = sorted(rows[:SHOWN], key=lambda one: (one.weekday, one.hour))
    return Hours(
        channel,
        [f"{DAYS[one.weekday]} {one.hour:02}:00" for one in best],
        sum(one.posts for one in rows) or (look.posts if look else 0),
        max((one.measured_at for one in rows), default=look.measured_at if look else None),
        max(look.needed - look.posts, 0) if look else None,
    )
