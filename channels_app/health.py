"""How a channel is, in words: what its page, the list and nobody else needs to work out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from channels_app import platforms, renewing
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import ATTENTION, WAITING

WARN_DAYS = 14
STALE = timedelta(minutes=30)


@dataclass(frozen=True)
class Health:
    """`words` and `tone` are the channel's state; the others are empty where there is nothing to say."""

    words: str
    tone: str
    expiry: str = ""
    expiry_tone: str = "plain"
    read_is_stale: bool = False


def with_counts(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Each channel with `waiting` and `wanting`: its deliveries that wait for their time, and those for a person."""

    def count(states: list[str]) -> Coalesce:
        rows = Delivery.objects.filter(channel=OuterRef("pk"), state__in=states).order_by()
        return Coalesce(Subquery(rows.values("channel").annotate(n=Count("pk")).values("n")), 0)

    return channels.annotate(waiting=count(WAITING), wanting=count(ATTENTION))


def of(channel: Channel, now: datetime) -> Health:
    """How this channel is."""
    words, tone = _state(channel, now)
    expiry, expiry_tone = _expiry(channel, now)
    heard = channel.state not in {"connecting", "archived"} and bool(platforms.get(channel.platform).STREAMS)
    stale = heard and (channel.last_read_at is None or now - channel.last_read_at > STALE)
    return Health(words, tone, expiry, expiry_tone, stale)


def _state(channel: Channel, now: datetime) -> tuple[str, str]:
    if channel.test_due_at is not None:
        return f"Asking {channel.get_platform_display()} whom the keys speak for…", "calm"
    if channel.state == "connecting":
        return "Not connected yet", "warn"
    if channel.state == "needs_reconnect":
        return "Needs reconnecting", "alarm"
    if channel.state == "paused":
        return "Paused", "warn"
    if channel.state == "archived":
        return "Disconnected", "plain"
    if channel.next_send_at and channel.next_send_at > now and channel.next_send_why:
        why = channel.get_next_send_why_display()
        until = timezone.localtime(channel.next_send_at)
        return f"Connected; sending waits until {until:%H:%M}: {why[0].lower()}{why[1:]}", "warn"
    return "Connected", "good"


def _expiry(channel: Channel, now: datetime) -> tuple[str, str]:
    if channel.expires_at is None or channel.state == "archived":
        return "", "plain"
    if renewing.goes_on(channel, now):
        return "Renewed by itself", "plain"
    days = (channel.expires_at - now).days
    if channel.expires_at <= now:
        return "Access has ended", "alarm"
    words = "Access ends today" if days == 0 else f"{days} day{'' if days == 1 else 's'} left"
    return words, "alarm" if days <= 3 else "warn" if days <= WARN_DAYS else "plain"
