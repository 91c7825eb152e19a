"""Forgetting in time: what nobody has made use of is deleted, words and all; how many there were is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagement.models import ListeningChoices, ProfileView, WatchHit

VIEWS = timedelta(days=31)
AT_ONCE = 5_000


def forget(now: datetime) -> int:
    """Delete what is due, a portion at a time; returns how many. Held ones and those in the inbox stay."""
    oldest = now - timedelta(days=ListeningChoices.here().forget_days)
    due = WatchHit.objects.filter(state__in=["new", "aside"], heard_at__lt=oldest)
    gone = 0
    while portion := list(due.values_list("pk", flat=True)[:AT_ONCE]):
        gone += WatchHit.objects.filter(pk__in=portion, state__in=["new", "aside"]).delete()[0]
    ProfileView.objects.filter(at__lt=now - VIEWS).delete()
    return gone


def due_at(hit: WatchHit, choices: ListeningChoices) -> datetime:
    """When it is forgotten unless somebody acts."""
    return hit.heard_at + timedelta(days=choices.forget_days)
