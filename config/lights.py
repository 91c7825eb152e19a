"""Is anything broken? One light for each channel and each background role, with what is wrong in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from channels_app import platforms, renewing
from channels_app.models import Channel, Heartbeat
from config.vitals import rules

ROLE_WORDS = {
    "publisher": "Publishing",
    "poller": "Reading channels",
    "mailer": "Sending mail",
    "beat": "Background clock",
}
UNREAD = timedelta(minutes=30)


@dataclass(frozen=True)
class Light:
    """One line of the health block. `tone`: good, warn or alarm; `words` says it without the colour."""

    name: str
    tone: str
    words: str
    url: str = ""
    platform: str = ""


def ago(then: datetime | None, now: datetime) -> str:
    """How long ago in words staff use: "just now", "4 min ago", "3 h ago", "2 days ago", "never"."""
    if then is None:
        return "never"
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def health(user: User, now: datetime) -> list[Light]:
    """Each channel and each background role, with what is wrong in words."""
    lights = [_channel_light(channel, now) for channel in Channel.objects.visible_to(user, now, "see_today").living()]
    if not lights and not Channel.objects.living().exists():
        lights = [Light("Channels", "alarm", "none is active: people have nowhere to write to the town", "/channels/")]
    beats = {beat.role: beat.at for beat in Heartbeat.objects.filter(role__in=ROLE_WORDS)}
    return lights + [_role_light(role, beats.get(role), now) for role in ROLE_WORDS]


def _role_light(role: str, at: datetime | None, now: datetime) -> Light:
    if at is None:
        return Light(ROLE_WORDS[role], "alarm", "not seen yet")
    grade = rules.level((now - at).total_seconds(), rules.LIMITS[role])
    if not grade:
        return Light(ROLE_WORDS[role], "good", f"working, last seen {ago(at, now)}")
    return Light(ROLE_WORDS[role], "alarm" if grade == "page" else "warn", f"last seen {ago(at, now)}")


def _channel_light(channel: Channel, now: datetime) -> Light:
    url = f"/channels/{channel.key}/"
    if channel.state == "needs_reconnect":
        return Light(channel.name, "alarm", channel.why or "needs reconnecting", url, channel.platform)
    if channel.state == "paused":
        return Light(channel.name, "warn", "paused", url, channel.platform)
    if channel.state == "connecting":
        return Light(channel.name, "warn", "being connected", url, channel.platform)
    if channel.expires_at and not renewing.goes_on(channel, now) and channel.expires_at - now < timedelta(days=14):
        days = max((channel.expires_at - now).days, 0)
        return Light(channel.name, "warn", f"access ends in {days} days", url, channel.platform)
    if not platforms.get(channel.platform).STREAMS:
        return Light(channel.name, "good", "posted by hand", url, channel.platform)
    if channel.last_read_at is None or now - channel.last_read_at > UNREAD:
        return Light(channel.name, "warn", f"last read {ago(channel.last_read_at, now)}", url, channel.platform)
    return Light(channel.name, "good", f"read {ago(channel.last_read_at, now)}", url, channel.platform)
