"""Good hours: at which hours of its week a channel's posts are taken up reliably better than at the others.

Only the channel's own history counts: reactions, shares and replies a day after each post. An hour is good when its
posts rank above all others by more than chance explains, corrected for how many hours were looked at; with too few
posts, or no such hour, nothing is claimed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from accounts.models import Town
from calendar_app.models import GoodHour, HoursLook
from channels_app.models import Channel
from metrics.chance import better
from metrics.models import Reading

TAKEN_UP = ("likes", "shares", "replies")
SINCE = timedelta(days=365)
AGE = (timedelta(hours=23), timedelta(hours=72))  # how old a post is when its numbers are compared
LEAST_POSTS = 30  # of a channel, before anything is said
LEAST_IN_AN_HOUR = 5
CHANCE = 0.05
AGAIN = timedelta(days=1)
AT_ONCE = 20  # channels of one tick
Hour = tuple[int, int]  # weekday from Monday, hour; by the town's clocks


@dataclass(frozen=True)
class Good:
    """One good hour: the middle of its posts' numbers, and how many posts that rests on."""

    weekday: int
    hour: int
    rate: float
    posts: int


def good(numbers: Mapping[Hour, Sequence[float]]) -> list[Good]:
    """The hours whose posts are taken up reliably better than the rest, the best first. Pure.

    Fewer than LEAST_POSTS posts say nothing; an hour with fewer than LEAST_IN_AN_HOUR is part of the rest only.
    """
    if sum(map(len, numbers.values())) < LEAST_POSTS:
        return []
    looked_at = sorted(hour for hour, row in numbers.items() if len(row) >= LEAST_IN_AN_HOUR)
    found = []
    for hour in looked_at:
        rest = [one for other, row in numbers.items() if other != hour for one in row]
        if rest and better(numbers[hour], rest) < CHANCE / len(looked_at):
            found.append(Good(*hour, float(median(numbers[hour])), len(numbers[hour])))
    return sorted(found, key=lambda one: (-one.rate, one.weekday, one.hour))


def numbers_of(channel: Channel, zone: ZoneInfo, now: datetime) -> dict[Hour, list[float]]:
    """What its posts of a year were taken up with a day after they went out, by hour: one query.

    A post without any number is left out: nobody knows, which is not none.
    """
    rows = Reading.objects.filter(
        Q(at__gte=F("tracked__published_at") + AGE[0]) & Q(at__lt=F("tracked__published_at") + AGE[1]),
        tracked__channel=channel,
        tracked__published_at__gt=now - SINCE,
        measure__in=TAKEN_UP,
        value__isnull=False,
    ).exclude(tracked__remote_id="")
    first = rows.order_by("tracked", "measure", "at").distinct("tracked", "measure")
    posts: dict[int, float] = defaultdict(float)
    times: dict[int, datetime] = {}
    for tracked, at, value in first.values_list("tracked", "tracked__published_at", "value"):
        posts[tracked] += value or 0
        times[tracked] = at.astimezone(zone)
    found: dict[Hour, list[float]] = defaultdict(list)
    for tracked, number in posts.items():
        found[times[tracked].weekday(), times[tracked].hour].append(number)
    return dict(found)


@transaction.atomic
def measure(channel: Channel, zone: ZoneInfo, now: datetime) -> list[Good]:
    """Look at one channel's history and write down what it says; what was said before is replaced."""
    numbers = numbers_of(channel, zone, now)
    rows = good(numbers)
    posts = sum(map(len, numbers.values()))
    facts = {"posts": posts, "needed": LEAST_POSTS, "measured_at": now}
    HoursLook.objects.update_or_create(channel=channel, defaults=facts)
    GoodHour.objects.filter(channel=channel).delete()
    GoodHour.objects.bulk_create(_row(channel, one, now) for one in rows)
    return rows


def _row(channel: Channel, one: Good, now: datetime) -> GoodHour:
    return GoodHour(
        channel=channel, weekday=one.weekday, hour=one.hour, rate=one.rate, posts=one.posts, measured_at=now
    )


def measure_due(now: datetime) -> int:
    """Look at every channel that nobody has looked at for a day; how many."""
    zone = Town.here().tz
    return len([measure(channel, zone, now) for channel in _due(now)])


def _due(now: datetime) -> Iterable[Channel]:
    fresh = HoursLook.objects.filter(measured_at__gt=now - AGAIN).values("channel")
    return list(Channel.objects.living().exclude(pk__in=fresh).order_by("pk")[:AT_ONCE])
