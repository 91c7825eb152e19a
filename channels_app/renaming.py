"""Accounts that get another name on their platform while they are connected."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from channels_app.models import Channel


def seen(channel: Channel, handle: str, now: datetime) -> None:
    """Call the channel's account what the platform calls it; where no name was told, nothing changes."""
    if not handle or handle == channel.handle:
        return
    with transaction.atomic():
        if Channel.objects.filter(pk=channel.pk, handle=channel.handle).update(handle=handle):
            audit.record("account_renamed", channel, by=None, now=now, was=channel.handle, handle=handle)
    channel.handle = handle
