"""Followers that come or go faster than ever before: a reason to look, and a footnote in reports.

The rule is pure; `lately` fetches readings, and `watch` tells once whoever looks after the channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.notifications import tell_role
from channels_app.models import Channel
from metrics import gaps
from metrics.figures import middle
from metrics.gaps import Point

DAY = timedelta(days=1)
USUAL = timedelta(days=28)
LEAST = 100  # followers in a day, below which nothing is said
TIMES = 10  # the usual change of a day
SHARE, MANY = 0.02, 2000  # of the followers there were; so many in a day are a jump on a channel of any size


@dataclass(frozen=True)
class Jump:
    """A change between two readings: per day, against what is usual for this channel."""

    at: datetime
    was: int
    became: int
    a_day: float
    usual: float

    @property
    def words(self) -> str:
        change = self.became - self.was
        way = "more" if change > 0 else "fewer"
        return (
            f"{abs(change):,} followers {way} between two readings, where {self.usual:,.0f} a day "
            f"{'is' if round(self.usual) == 1 else 'are'} usual. "
            "Look at who they are before you count them."
        )


def jumps(points: Sequence[Point]) -> list[Jump]:
    """The changes out of all proportion, in readings given in the order of time; a gap is spread over its days."""
    known = [one for one in points if one.value is not None]
    changes: list[tuple[datetime, float]] = []
    found = []
    for before, after in zip(known, known[1:], strict=False):
        was, became = before.value or 0, after.value or 0
        a_day = (became - was) / max((after.at - before.at) / DAY, 1.0)
        recent = [abs(value) for at, value in changes if after.at - at <= USUAL]
        usual = middle(recent) or 0.0
        if abs(a_day) >= max(LEAST, TIMES * usual, min(SHARE * was, MANY)):
            found.append(Jump(after.at, was, became, a_day, usual))
        else:
            changes.append((after.at, a_day))
    return found


def lately(channels: Sequence[Channel], start: datetime, end: datetime) -> list[tuple[Channel, Jump]]:
    """The jumps of these channels in this time, held against the four weeks before it."""
    points = gaps.of_profiles(channels, "followers", start - USUAL, end)
    return [(one, jump) for one in channels for jump in jumps(points.get(one.pk, ())) if jump.at >= start]


def watch(now: datetime) -> int:
    """Tell, once for each jump of the last two days, those who look after the channel; how many were told."""
    told = 0
    for channel, jump in lately(list(Channel.objects.living()), now - 2 * DAY, now):
        words, once = f"{channel}: {jump.words}", f"followers:{channel.key}:{jump.at:%Y-%m-%dT%H:%M}"
        url = f"/channels/{channel.key}/"
        told += len(tell_role("pause_channel", channel.scope, "channel.followers", words, url, now=now, once=once))
    return told
