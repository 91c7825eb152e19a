"""Keeping a channel's polls within what its platform allows: where there are too many, all of them wait longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from channels_app import platforms
from channels_app.models import Channel, Cursor
from channels_app.platforms import budgets
from engagement import pace
from engagement.models import Watch, WatchSearch


def stretch(cursor: Cursor, now: datetime) -> float:
    """How many times as long as usual this stream waits; 1 where the budget is large enough."""
    platform = cursor.channel.platform
    if platform not in budgets.BUDGETS:
        return 1.0
    return budgets.stretch(platform, cursor.stream, polls(cursor, now))


def polls(cursor: Cursor, now: datetime) -> dict[str, float]:
    """How often each stream that lives on the same budget would be polled in a second, at the usual pace; and how often
    watches search by this channel.
    """
    mine = Q(channel=cursor.channel_id)
    if budgets.is_shared(cursor.channel.platform):
        mine = Q(channel__platform=cursor.channel.platform, channel__state__in=Channel.READ)
    counts = {"whole": Count("pk", filter=Q(root=""))}
    edges = [now, *(now - age for age, _ in pace.BY_AGE)]
    pauses = [pause.total_seconds() for _, pause in pace.BY_AGE]
    for number, (newer, older) in enumerate(zip(edges, edges[1:], strict=False)):
        young = Q(root_at__gt=older) if number == 0 else Q(root_at__gt=older, root_at__lte=newer)
        counts[f"age{number}"] = Count("pk", filter=~Q(root="") & young)
    counts["old"] = Count("pk", filter=~Q(root="") & Q(root_at__lte=edges[-1]))
    found = {}
    rows: Iterable[Any] = Cursor.objects.filter(mine).values("stream").annotate(**counts)
    for row in rows:
        rate = row["whole"] / pace.EVERY.total_seconds() + row["old"] / pace.OLDER.total_seconds()
        rate += sum(row[f"age{number}"] / pause for number, pause in enumerate(pauses))
        found[str(row["stream"])] = rate
    if "search" in platforms.get(cursor.channel.platform).CAN:
        wanted = Watch.objects.listening(now).filter(search=True)
        searches = WatchSearch.objects.filter(mine, watch__in=wanted).count()
        found["search"] = searches / pace.SEARCHES.total_seconds()
    return found
