"""Seeing to it that a platform tells us unasked what happens on a channel: asked for once the channel speaks."""

from __future__ import annotations

from datetime import datetime

from channels_app import connecting, hooks
from channels_app.models import Channel
from channels_app.platforms import meta_notices
from channels_app.platforms.base import Ending


def ask(channel: Channel, now: datetime) -> None:
    """Have Meta send its notices; whether it takes that is kept. For a worker, as it calls the platform.

    X is told by a program of whoever pays for each of its notices; the others send none.
    """
    if channel.platform not in hooks.META:
        return
    try:
        meta_notices.ask(connecting.account_of(channel))
    except Ending:
        channel.notices_at = None
    else:
        channel.notices_at = now
    Channel.objects.filter(pk=channel.pk).update(notices_at=channel.notices_at)
