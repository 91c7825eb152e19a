"""How much was heard: by day, by channel and network, and by organisation; and when that is far above the usual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Sum

from accounts import notifications
from accounts.models import Town, User
from channels_app.models import Channel
from engagement.listening import watching
from engagement.models import ListeningChoices, Watch, WatchDay, WatchHit, WatchVoice

DAYS = 56
RECENT = 28  # days: what the usual is made of, and where the talk is
FEWEST = 7  # days of listening without which nothing is usual yet
DAY = timedelta(days=1)
LISTENED = """
INSERT INTO engagement_watchday (watch_id, channel_id, day, heard)
SELECT w, c, %s, 0 FROM unnest(%s::bigint[]) AS w, unnest(%s::bigint[]) AS c ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Place:
    """One channel with what was heard on it, and its share of all."""

    channel: Channel
    heard: int
    share: int  # percent


def note_listening(now: datetime) -> None:
    """Every channel that was read today counts as listened to today, by every watch: a 0 is a 0 and a gap a gap."""
    today = now.astimezone(Town.here().tz).date()
    begun = datetime.combine(today, datetime.min.time(), Town.here().tz)
    watches = list(Watch.objects.listening(now).values_list("pk", flat=True))
    read = Channel.objects.filter(state__in=Channel.READ, last_read_at__gte=begun).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(LISTENED, [today, watches, list(read)])


def by_day(watch: Watch, channels: Sequence[int], today: date, days: int = DAYS) -> list[tuple[date, int | None]]:
    """How often something was heard on each of the last days, today included; None where nobody listened."""
    first = today - DAY * (days - 1)
    rows = WatchDay.objects.filter(watch=watch, channel__in=channels, day__gte=first, day__lte=today)
    heard: dict[date, int] = dict(rows.values_list("day").annotate(all=Sum("heard")))
    return [(first + DAY * n, heard.get(first + DAY * n)) for n in range(days)]


def finding(days: Sequence[tuple[date, int | None]]) -> str:
    """What the last seven days say, beside the seven before."""
    last, before = ([heard for _, heard in part if heard is not None] for part in (days[-7:], days[-14:-7]))
    if not last:
        return "Nothing was listened to in the last 7 days"
    words = f"Heard {sum(last)} time{'' if sum(last) == 1 else 's'} in the last 7 days"
    if len(before) < len(last):
        return f"{words}; there is no whole week before it to compare with"
    return f"{words}, {sum(before)} in the 7 days before"


def chart(watch: Watch, days: Sequence[tuple[date, int | None]], csv: str) -> dict[str, object]:
    """What `components/chart.html` draws."""
    return {
        "id": f"watch-{watch.pk}",
        "finding": finding(days),
        "note": "By day. A gap is a day on which nobody listened; today is not over.",
        "kind": "line",
        "names": ["Day", "Heard"],
        "rows": [[f"{day.day} {day:%b}", heard] for day, heard in days],
        "unit": "",
        "tones": ["1"],
        "dashed": [],
        "csv": csv,
    }


def places(watch: Watch, channels: Sequence[int], today: date) -> list[Place]:
    """Where the talk is: the channels by what was heard on them in the last four weeks."""
    rows = WatchDay.objects.filter(watch=watch, channel__in=channels, day__gt=today - DAY * RECENT)
    heard: dict[int, int] = dict(rows.values_list("channel").annotate(all=Sum("heard")))
    whole = sum(heard.values())
    named = Channel.objects.in_bulk(list(heard))
    found = [Place(named[pk], n, round(100 * n / whole) if whole else 0) for pk, n in heard.items()]
    return sorted(found, key=lambda one: (-one.heard, str(one.channel)))


def voices(watch: Watch) -> Sequence[WatchVoice]:
    """The organisations, groups and public roles that were heard, with the evidence; nobody else is counted."""
    rows = WatchVoice.objects.filter(watch=watch, voice__ended_at=None).select_related("voice")
    return list(rows.order_by("-heard", "voice__name"))


def recent(watches: Sequence[Watch], channels: Sequence[int], today: date) -> Mapping[int, int]:
    """What each watch heard in the last seven days; a watch that did not listen is not there."""
    rows = WatchDay.objects.filter(watch__in=watches, channel__in=channels, day__gt=today - DAY * 7)
    return dict(rows.values_list("watch").annotate(all=Sum("heard")))


def warn(now: datetime) -> list[Watch]:
    """Tell once when a watch hears far more than usual; it is told again only after it has been quiet in between."""
    choices = ListeningChoices.here()
    listening = list(Watch.objects.listening(now))
    usual, today = _usual(listening, now), _today(listening, now)
    loud = []
    for watch in listening:
        if watch.pk not in usual:
            continue
        heard, often = today.get(watch.pk, 0), usual[watch.pk]
        if watch.loud_since is None and heard >= limit(often, choices):
            if Watch.objects.filter(pk=watch.pk, loud_since=None).update(loud_since=now):
                _tell(watch, heard, often, now)
                loud.append(watch)
        elif watch.loud_since is not None and heard < limit(often, choices) / 2:
            Watch.objects.filter(pk=watch.pk, loud_since=watch.loud_since).update(loud_since=None)
    return loud


def limit(usual: float, choices: ListeningChoices) -> float:
    """From how many in 24 hours it is loud; it is quiet again below half of that."""
    return max(choices.loud_least, choices.loud_times * usual)


def _usual(listening: Sequence[Watch], now: datetime) -> dict[int, float]:
    """What each heard on a usual day of the last four weeks; those that have listened too short are left out."""
    today = now.astimezone(Town.here().tz).date()
    rows = WatchDay.objects.filter(watch__in=listening, day__lt=today, day__gte=today - DAY * RECENT)
    days: dict[int, list[int]] = defaultdict(list)
    for watch, _, heard in rows.values_list("watch", "day").annotate(all=Sum("heard")):
        days[watch].append(heard)
    return {pk: sum(heard) / len(heard) for pk, heard in days.items() if len(heard) >= FEWEST}


def _today(listening: Sequence[Watch], now: datetime) -> dict[int, int]:
    rows = WatchHit.objects.filter(watch__in=listening, at__gt=now - DAY, at__lte=now)
    found: dict[int, int] = defaultdict(int)
    for watch in rows.values_list("watch", flat=True):
        found[watch] += 1
    return found


def _tell(watch: Watch, heard: int, usual: float, now: datetime) -> None:
    words = f"“{watch}” was heard {heard} times in 24 hours; usual is {usual:.0f}"
    once, url = f"loud:{watch.key}:{now:%Y%m%dT%H%M}", watching.address(watch)
    told = notifications.tell_role("keep_watch", None, "listening.loud", words, url, now=now, once=once)
    if watch.worker:
        notifications.tell(watch.worker, "listening.loud", words, watching.ABOUT_ME, now=now, once=once)
        return
    people: list[User] = [one.user for one in told]
    notifications.tell_role("take_hit", None, "listening.loud", words, url, now=now, once=once, besides=people)
