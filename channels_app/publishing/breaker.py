"""What a channel learns from the end of a call: to go on, to wait for a limit, or to rest after failures in a row."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from channels_app.models import Channel
from channels_app.publishing.timings import nth, span, times

IN_A_ROW = 3


def answered(channel: Channel, now: datetime, *, wrote: bool = False) -> None:
    """The platform works: it took something, or it refused it properly."""
    changes: dict[str, Any] = {"failures": 0, "breaker": 0} | ({"last_write_at": now} if wrote else {})
    Channel.objects.filter(pk=channel.pk).update(**changes)


def failed(channel: Channel, now: datetime) -> None:
    """A call ended without a proper answer; at the third in a row, and at each one after it, the channel rests."""
    row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    row.failures += 1
    if row.failures >= IN_A_ROW:
        row.breaker += 1
        _put_off(row, "breaker", nth(times().breaker, row.breaker), now)
    row.save(update_fields=["failures", "breaker", "next_send_at", "next_send_why"])


def limited(channel: Channel, wait: float, now: datetime) -> datetime:
    """The platform's limit: the channel waits until it is over, and a little longer. Returns until when."""
    row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    until = _put_off(row, "limit", wait + times().jitter * secrets.randbelow(1000) / 1000, now)
    row.save(update_fields=["next_send_at", "next_send_why"])
    return until


def pace(channel: Channel, now: datetime) -> None:
    """A late one goes out: the next late one waits, so that an outage does not end in a flood."""
    row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    _put_off(row, "pacing", times().pacing, now)
    row.save(update_fields=["next_send_at", "next_send_why"])


def _put_off(channel: Channel, why: str, seconds: float, now: datetime) -> datetime:
    """Until when the channel waits now; a longer wait than this one stays."""
    until = now + span(seconds)
    if channel.next_send_at is not None and channel.next_send_at >= until:
        return channel.next_send_at
    channel.next_send_at, channel.next_send_why = until, why
    return until
