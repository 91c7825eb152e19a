"""Searching beyond our own channels, where a platform lets us: one search per watch and network, each in turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.keyring import CannotOpen
from accounts.models import User
from channels_app import connecting, platforms, prices, renewing
from channels_app.models import Channel
from channels_app.platforms.base import Refused, TryLater, Uncertain
from engagement import pace
from engagement.listening import hearing
from engagement.models import ListeningChoices, Watch, WatchSearch

EVERY = pace.SEARCHES
OVERLAP = timedelta(hours=1)
REACH = timedelta(days=7) - timedelta(minutes=10)  # as far back as any of the platforms searches
AFTER_REFUSAL = timedelta(hours=6)
AT_ONCE = 20


def due(now: datetime) -> list[int]:
    """The searches to make now, the longest waiting first."""
    channels = searchers()
    wanted = [(watch, channel) for watch in Watch.objects.listening(now).filter(search=True) for channel in channels]
    there = set(WatchSearch.objects.values_list("watch", "channel"))
    WatchSearch.objects.bulk_create(
        (
            WatchSearch(watch=watch, channel=channel, next_at=now)
            for watch, channel in wanted
            if (watch.pk, channel.pk) not in there
        ),
        ignore_conflicts=True,
    )
    pairs = {(watch.pk, channel.pk) for watch, channel in wanted}
    rows = WatchSearch.objects.filter(next_at__lte=now).order_by("next_at").values_list("pk", "watch", "channel")
    return [pk for pk, watch, channel in rows if (watch, channel) in pairs][:AT_ONCE]


def searchers() -> list[Channel]:
    """One connected channel of each network that can be searched: all of a network find the same."""
    found: dict[tuple[str, str], Channel] = {}
    for channel in Channel.objects.filter(state__in=Channel.READ).exclude(remote_id="").order_by("pk"):
        if can_search(channel.platform):
            found.setdefault((channel.platform, channel.host), channel)
    return list(found.values())


def can_search(platform: str) -> bool:
    return "search" in platforms.get(platform).CAN


def able(user: User, now: datetime) -> list[tuple[Channel, bool]]:
    """The channels this person sees, each with whether its network can be searched."""
    seen = Channel.objects.visible_to(user, now, "see_listening").living().exclude(remote_id="")
    return [(channel, can_search(channel.platform)) for channel in seen]


def search(pk: int, now: datetime) -> int | None:
    """Make one search that is due; returns what was new. None when somebody else makes it, or nothing came back."""
    if not WatchSearch.objects.filter(pk=pk, next_at__lte=now).update(next_at=now + EVERY):
        return None
    row = WatchSearch.objects.select_related("watch", "channel").get(pk=pk)
    if row.watch.state != "on" or row.watch.ends_at <= now:
        return None
    account = None
    try:
        account = connecting.account_of(row.channel)
        found = platforms.get(row.channel.platform).search(account, row.watch.names, _since(row, now))
    except (TryLater, Uncertain) as ending:
        _later(row, now + max(EVERY, timedelta(seconds=ending.wait)), ending.words)
        return None
    except CannotOpen as problem:
        connecting.needs_reconnect(row.channel, str(problem), now)
        _later(row, now + EVERY, str(problem))
        return None
    except Refused as refused:
        _refused(row, renewing.met(row.channel, account, refused, now), now)
        return None
    WatchSearch.objects.filter(pk=pk).update(last_ok_at=now, why="")
    new = hearing.take(row.watch, row.channel, found, now)
    # Searches overlap. What they bring again is charged once; what is shown late is new all the same.
    young = sum(row.last_ok_at is None or one.at > row.last_ok_at for one in found)
    prices.count_reads(row.channel, now, others=max(young, new))
    return new


def _refused(row: WatchSearch, ending: Refused | TryLater, now: datetime) -> None:
    """Keys that had run out are new by now; those that are dead end the connection, and it is searched again after."""
    if isinstance(ending, TryLater):
        _later(row, now + timedelta(seconds=ending.wait), ending.words)
    elif ending.cause == "token":
        _later(row, now + EVERY, ending.words)
        connecting.needs_reconnect(row.channel, ending.words, now)
    else:
        _later(row, now + AFTER_REFUSAL, ending.words)


def _since(row: WatchSearch, now: datetime) -> datetime:
    oldest = max(now - REACH, now - timedelta(days=ListeningChoices.here().forget_days), row.watch.at - OVERLAP)
    return max(oldest, row.last_ok_at - OVERLAP) if row.last_ok_at else oldest


def _later(row: WatchSearch, when: datetime, why: str) -> None:
    WatchSearch.objects.filter(pk=row.pk).update(next_at=when, why=why[:200])
