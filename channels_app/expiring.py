"""Who may cure it is told before access ends and before a version of a platform's interface does: once at each step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from accounts.keyring import CannotOpen
from accounts.models import Town
from accounts.notifications import tell_role
from channels_app import connecting, platforms, renewing
from channels_app.models import Channel

STEPS = (14, 7, 3, 1)  # days before access ends
SUNSET_STEPS = (90, 30, 7)


def step(days: int, steps: Sequence[int] = STEPS) -> int | None:
    """The step that so many days are within: the smallest that holds them; None while there is time. Pure."""
    return min((one for one in steps if days <= one), default=None)


def warn(now: datetime) -> int:
    """Tell of every step that was reached since the last look; how many people were told."""
    ends = Channel.objects.living().filter(expires_at__isnull=False, test_due_at=None).select_related("scope")
    told = sum(_of_access(channel, now) for channel in ends if not renewing.goes_on(channel, now))
    return told + sum(_of_version(platform, now) for platform in connected())


def ask(channel: Channel) -> None:
    """Note when access ends, where the platform says so at any time: it moves when the person comes back there."""
    told = getattr(platforms.get(channel.platform), "ends_at", None)
    try:
        ends = told(connecting.account_of(channel)) if told else None
    except CannotOpen:
        return  # whoever reads or publishes meets it too, and says so
    if ends is not None:
        Channel.objects.filter(pk=channel.pk).update(expires_at=ends)


def connected() -> list[str]:
    """The platforms the town has a channel on that Parley speaks."""
    there = Channel.objects.living().order_by().values_list("platform", flat=True).distinct()
    return sorted(set(there) & set(platforms.REGISTRY))


def sunset(platform: str) -> date | None:
    """When the version of the platform's interface that Parley speaks ends, where it said so."""
    ask = getattr(platforms.get(platform), "sunset", None)
    return cast("date | None", ask()) if ask else None


def _of_access(channel: Channel, now: datetime) -> int:
    assert channel.expires_at is not None  # noqa: S101  asked for
    left = (channel.expires_at - now).days
    reached = step(left)
    if reached is None or channel.expires_at <= now:
        return 0
    when = "in less than a day" if left < 1 else f"in {left} day{'' if left == 1 else 's'}"
    words = f"Access to {channel} ends {when}. Enter new keys before, and nothing has to wait."
    once = f"channel:{channel.key}:ends:{channel.expires_at:%Y-%m-%d}:{reached}"
    url = f"/channels/{channel.key}/"
    return len(tell_role("connect_channel", channel.scope, "channel.expires", words, url, now=now, once=once))


def _of_version(platform: str, now: datetime) -> int:
    ends = sunset(platform)
    reached = step((ends - now.astimezone(Town.here().tz).date()).days, SUNSET_STEPS) if ends else None
    if ends is None or reached is None:
        return 0
    label = platforms.get(platform).LABEL
    words = f"{label} ends the version Parley speaks with it on {ends.day} {ends:%B %Y}. Upgrade Parley before."
    once = f"sunset:{platform}:{ends}:{reached}"
    return len(tell_role("run_parley", None, "channel.sunset", words, "/channels/health/", now=now, once=once))
