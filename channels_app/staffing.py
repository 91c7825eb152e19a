"""How much work a channel makes, against the hours kept for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count

from channels_app.models import Channel, Delivery, Papers

WEEKS = 4
POST_MINUTES, ANSWER_MINUTES = 45, 12  # to plan, write, check and read back one; to read, settle and answer one
LEAST = Decimal("2.0")  # hours a week that looking in each working day takes, also where nothing happens


@dataclass(frozen=True)
class Load:
    """One channel a week. `given` is None where nobody has said how many hours there are."""

    channel: Channel
    posts: float
    answers: float
    needs: Decimal
    given: Decimal | None

    @property
    def over(self) -> bool:
        return self.given is not None and self.given < self.needs

    @property
    def words(self) -> str:
        """The warning with what it is made of; empty where the hours are enough or nobody has said."""
        if not self.over:
            return ""
        made = f"{self.posts:g} posts at {POST_MINUTES} minutes and {self.answers:g} answers at {ANSWER_MINUTES}"
        needs, least, given = (f"{float(hours or 0):g}" for hours in (self.needs, LEAST, self.given))
        return (
            f"Over capacity: {self.channel} takes about {needs} hours a week ({made}, at least {least}), "
            f"and {given if self.given else 'none'} are kept for it."
        )


def needs(posts: float, answers: float) -> Decimal:
    """Hours a week for so many posts and answers. Pure."""
    minutes = posts * POST_MINUTES + answers * ANSWER_MINUTES
    return max(LEAST, Decimal(minutes / 60).quantize(Decimal("0.1")))


def loads(channels: Sequence[Channel], now: datetime) -> list[Load]:
    """The work of the last four weeks on each of these; a channel without any is expected to be like the others."""
    since = now - timedelta(weeks=WEEKS)
    out = Delivery.objects.filter(channel__in=channels, published_at__gte=since, published_at__lt=now)
    rows = out.filter(kind__in=["post", "reply"]).order_by().values_list("channel", "kind").annotate(n=Count("pk"))
    weekly = {(channel, kind): n / WEEKS for channel, kind, n in rows}
    hours = dict(Papers.objects.filter(channel__in=channels).values_list("channel", "weekly_hours"))
    busy = {channel for channel, _ in weekly}
    usual = _mean(weekly.get((pk, "post"), 0) for pk in busy), _mean(weekly.get((pk, "reply"), 0) for pk in busy)
    found = []
    for one in channels:
        known = (weekly.get((one.pk, "post"), 0.0), weekly.get((one.pk, "reply"), 0.0))
        posts, answers = known if one.pk in busy else usual
        found.append(Load(one, posts, answers, needs(posts, answers), hours.get(one.pk)))
    return found


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return round(sum(numbers) / len(numbers), 1) if numbers else 0.0


def load_of(channel: Channel, now: datetime) -> Load:
    """One channel's, seen beside all the others."""
    rows = loads(list(Channel.objects.living()), now)
    return next((one for one in rows if one.channel.pk == channel.pk), loads([channel], now)[0])
