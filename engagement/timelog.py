"""Where the team's time goes: minutes written down, and minutes counted from what was done in Parley.

What is counted from acts is an estimate: so many minutes for each answer and each post, said on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import Invalid
from channels_app.models import Delivery
from engagement.models import Reply, TimeEntry

PER_REPLY, PER_POST = 5, 20  # minutes an act is taken to be
OF_SITUATION = {"criticism": "complaints", "bad_news": "solving", "emergency": "solving"}
OF_LABELS = {"complaint": "complaints", "complaints": "complaints", "praise": "helpful"}


@dataclass(frozen=True)
class Share:
    """One activity of a week: minutes by hand and from acts, and its share in percent. The shares add up to 100."""

    activity: str
    name: str
    by_hand: int
    from_acts: int
    percent: int

    @property
    def minutes(self) -> int:
        return self.by_hand + self.from_acts


def log(activity: str, minutes: int, on: date, words: str, *, by: User, now: datetime) -> TimeEntry:
    """Write down minutes of one's own."""
    require(by, "see_inbox", now)
    if activity not in dict(TimeEntry.ACTIVITIES) or not 1 <= minutes <= 1440:
        raise Invalid("Choose what it was, and between 1 minute and 24 hours.")
    if on > timezone.localdate(now):
        raise Invalid("That day is still to come.")
    one = TimeEntry.objects.create(activity=activity, minutes=minutes, on=on, words=words.strip()[:200], by=by, at=now)
    audit.record("logged_time", one, by=by, now=now, subject=one.get_activity_display(), minutes=minutes)
    return one


def take_back(one: TimeEntry, *, by: User, now: datetime) -> None:
    """Remove an entry of one's own."""
    if one.by_id != by.pk:
        raise Invalid("Only whoever wrote it down takes it back.")
    audit.record("removed_time", one, by=by, now=now, subject=one.get_activity_display(), minutes=one.minutes)
    one.delete()


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def week(monday: date) -> list[Share]:
    """The week's time by activity, of the whole team; nobody is compared with anybody."""
    by_hand: Counter[str] = Counter()
    rows = TimeEntry.objects.filter(on__gte=monday, on__lt=monday + timedelta(days=7))
    for activity, minutes in rows.values_list("activity", "minutes"):
        by_hand[activity] += minutes
    return shares(by_hand, from_acts(monday))


def from_acts(monday: date) -> dict[str, int]:
    """Minutes that the week's answers and posts are taken to have needed, by activity."""
    start = datetime.combine(monday, time(0), tzinfo=Town.here().tz)
    end = datetime.combine(monday + timedelta(days=7), time(0), tzinfo=Town.here().tz)
    sent = Reply.objects.filter(state__in=["released", "published"], at__gte=start, at__lt=end)
    found: Counter[str] = Counter()
    labels = dict(sent.filter(conversation__labels__name__isnull=False).values_list("pk", "conversation__labels__name"))
    for pk, situation in sent.values_list("pk", "situation"):
        label = OF_LABELS.get(labels.get(pk, "").lower(), "")
        found[label or OF_SITUATION.get(situation, "helpful")] += PER_REPLY
    posts = Delivery.objects.filter(
        kind="post", part=0, created_at__gte=start, created_at__lt=end, asked_by__isnull=False
    )
    found["broadcasting"] += PER_POST * (posts.aggregate(n=Count("content_hash", distinct=True))["n"] or 0)
    return dict(found)


def shares(by_hand: Mapping[str, int], acts: Mapping[str, int]) -> list[Share]:
    """Minutes as shares that add up to exactly 100, the largest rests rounded up; all 0 where nothing was logged."""
    minutes = {key: by_hand.get(key, 0) + acts.get(key, 0) for key, _ in TimeEntry.ACTIVITIES}
    total = sum(minutes.values())
    exact = {key: 100 * n / total if total else 0.0 for key, n in minutes.items()}
    percent = {key: int(value) for key, value in exact.items()}
    missing = (100 if total else 0) - sum(percent.values())
    for key in sorted(exact, key=lambda one: percent[one] - exact[one])[:missing]:
        percent[key] += 1
    return [Share(key, name, by_hand.get(key, 0), acts.get(key, 0), percent[key]) for key, name in TimeEntry.ACTIVITIES]
