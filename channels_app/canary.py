"""Once a day each channel is asked for something that is known to be there.

A platform that has quietly taken a right away answers as if nobody had written anything, and a town that hears nothing
believes that all is quiet. So an own post is read back; where it is not shown and nothing else is, that is an alarm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.keyring import CannotOpen
from channels_app import connecting, expiring, platforms, prices, renewing
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Account, Platform, Refused, TryLater, Uncertain

EVERY, SOON = timedelta(days=1), timedelta(hours=1)
SETTLED = timedelta(minutes=15)  # platforms show what is new a little late
REACH = timedelta(days=90)


def look_due(now: datetime, limit: int = 3) -> int:
    """Look at the channels whose day is over; how many. Safe on any number of workers at once."""
    due = Channel.objects.filter(Q(canary_at=None) | Q(canary_at__lte=now - EVERY), state__in=Channel.READ)
    looked = 0
    for channel in due.exclude(remote_id="").order_by("canary_at")[:limit]:
        mine = Channel.objects.filter(pk=channel.pk, canary_at=channel.canary_at)
        if mine.update(canary_at=now):
            look(channel, now)
            expiring.ask(channel)
            looked += 1
    return looked


def look(channel: Channel, now: datetime) -> bool | None:
    """Whether what is known to be there is shown; None where nothing is known, or nobody could say."""
    module, known = platforms.get(channel.platform), known_post(channel, now)
    if known is None or "own_posts" not in module.CAN:
        Channel.objects.filter(pk=channel.pk).update(silent_since=None)
        return None
    account = None
    try:
        account = connecting.account_of(channel)
        shown = _shown(module, account, known)
    except (TryLater, Uncertain, CannotOpen):
        _soon(channel, now)
        return None
    except Refused as refused:
        ending = renewing.met(channel, account, refused, now)
        if isinstance(ending, Refused) and ending.cause == "token":
            connecting.needs_reconnect(channel, ending.words, now)
        _soon(channel, now)
        return None
    prices.count_reads(channel, now, own=1)
    _note(channel, shown, now)
    return shown


def known_post(channel: Channel, now: datetime) -> Delivery | None:
    """The newest post of ours that must be there."""
    posts = Delivery.objects.filter(channel=channel, kind="post", state="published").exclude(remote_id="")
    lately = posts.filter(published_at__lt=now - SETTLED, published_at__gt=now - REACH)
    return lately.order_by("-published_at").first()


def _shown(module: Platform, account: Account, known: Delivery) -> bool:
    """A post that is gone while others are there was deleted by somebody; that is not silence."""
    if module.read(account, known.remote_id, "post") is not None:
        return True
    return "posts" in module.STREAMS and bool(module.fetch(account, "posts", "").items)


def _note(channel: Channel, shown: bool, now: datetime) -> None:
    mine = Channel.objects.filter(pk=channel.pk)
    if shown:
        mine.update(silent_since=None)
    else:
        mine.filter(silent_since=None).update(silent_since=now)
        _soon(channel, now)


def _soon(channel: Channel, now: datetime) -> None:
    """Again in an hour, so that an alarm ends soon after its cause."""
    Channel.objects.filter(pk=channel.pk).update(canary_at=now - EVERY + SOON)
