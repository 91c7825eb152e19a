"""The topics register: what the town speaks about, for whom, and what it has not spoken about lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min, Q

from accounts import audit
from accounts.models import Town, User
from accounts.walltime import to_wall
from calendar_app import balance
from calendar_app.models import Placement
from policy.models import PlanLimits, Topic


@dataclass(frozen=True)
class Entry:
    """One topic with its posts of the last weeks; `share` in percent of all of them, None while there are none."""

    topic: Topic
    posts: int
    share: int | None
    last: date | None
    next: date | None
    silent: bool


@dataclass(frozen=True)
class Side:
    """The niche topics or the general ones. `open` counts the places no topic has, `over` the topics too many."""

    name: str
    key: str
    slots: int
    entries: Sequence[Entry]

    @property
    def open(self) -> int:
        return max(self.slots - len(self.entries), 0)

    @property
    def over(self) -> int:
        return max(len(self.entries) - self.slots, 0)


def sides(user: User, town: Town, limits: PlanLimits, now: datetime) -> tuple[list[Side], list[Topic]]:
    """Both halves of the register, and what was put away: three queries."""
    topics = list(Topic.objects.select_related("owner"))
    since = now - timedelta(days=limits.silent_days)
    posts = Counter(one.topic for one in balance.lines(user, since, now, now))
    times = _times(user, now)
    entries = [_entry(one, posts, times.get(one.pk, (None, None)), since, town) for one in topics if one.active]
    halves = [
        Side("Niche topics", "niche", limits.niche_slots, [one for one in entries if one.topic.niche]),
        Side("General topics", "general", limits.general_slots, [one for one in entries if not one.topic.niche]),
    ]
    return halves, [one for one in topics if not one.active]


def _times(user: User, now: datetime) -> dict[int, tuple[datetime | None, datetime | None]]:
    """For each topic when its last post went out and when the next one is planned."""
    rows = Placement.objects.visible_to(user, now).planned().exclude(delivery__state__in=("failed", "missed"))
    grouped = (
        rows.order_by()
        .values_list("post__topic")
        .annotate(last=Max("due_at", filter=Q(due_at__lte=now)), next=Min("due_at", filter=Q(due_at__gt=now)))
    )
    return {topic: (last, coming) for topic, last, coming in grouped if topic}


def _entry(
    topic: Topic,
    posts: Counter[int | None],
    times: tuple[datetime | None, datetime | None],
    since: datetime,
    town: Town,
) -> Entry:
    last, coming = times
    count, whole = posts[topic.pk], posts.total()
    share = round(100 * count / whole) if whole else None
    days = [to_wall(at, town.zone).date() if at else None for at in times]
    return Entry(topic, count, share, days[0], days[1], silent=last is None or last < since)


@transaction.atomic
def keep(topic: Topic, *, by: User, now: datetime) -> Topic:
    """Write a topic down, new or changed, on the record."""
    act = "changed topic" if topic.pk else "added topic"
    topic.save()
    facts = {"niche": topic.niche, "audience": topic.audience, "evidence": topic.evidence}
    audit.record(act, topic, by=by, now=now, owner=topic.owner.name if topic.owner else "", facts=facts)
    return topic
