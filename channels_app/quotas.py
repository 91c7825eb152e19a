"""How much a platform still lets itself be asked, as it last told: written down after a channel was read or written to.

Four numbers of each kind, and one row of each: what is left, of how many, until when, and when that was told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels_app import tallies
from channels_app.models import Channel
from channels_app.platforms import budgets, quotas
from channels_app.platforms.quotas import Quota

NAMES = ("quota_left", "quota_of", "quota_ends", "quota_told")
LOW = 10  # percent
PARTLY = {
    "x": "How much of the month's cap of reads is left, X shows on the app's own page and does not tell these keys.",
}


@dataclass(frozen=True)
class Told:
    """`ends` is None where the platform does not say when it is full again."""

    what: str
    left: int
    most: int
    ends: datetime | None
    at: datetime

    def over(self, now: datetime) -> bool:
        """Whether the window has passed that this was told of."""
        return self.ends is not None and self.ends <= now

    def low(self, now: datetime) -> bool:
        return not self.over(now) and self.left * 100 <= self.most * LOW


def note(channel: Channel, now: datetime, pause: float = 0) -> None:
    """Write down what the platform told since the last time; at most every `pause` seconds where much is sent."""
    put(channel, quotas.take(channel.platform, channel.host, channel.remote_id, pause), now)


def put(channel: Channel, found: Iterable[Quota], now: datetime) -> None:
    """Keep these instead of what was told before of the same kinds."""
    told = int(now.timestamp())
    numbers: dict[tuple[str, str], int] = {}
    for one in found:
        ends = int((now + timedelta(seconds=one.seconds)).timestamp()) if one.seconds is not None else 0
        values = zip(NAMES, (one.left, one.most, ends, told), strict=True)
        numbers |= {(name, _label(channel, one.what)): value for name, value in values}
    if numbers:
        tallies.put_all(numbers)


def of(channel: Channel) -> list[Told]:
    """What this channel's platform told last, by kind."""
    mine, found = f"{channel.key} ", tallies.read(NAMES)
    kinds = sorted(label.removeprefix(mine) for label in found["quota_told"] if label.startswith(mine))
    return [_told(kind, [found[name].get(mine + kind, 0) for name in NAMES]) for kind in kinds]


def tells(platform: str) -> bool:
    return quotas.tells(platform)


def untold(platform: str, label: str) -> str:
    """What is known of a platform that keeps it to itself until it is used up."""
    budget = budgets.BUDGETS.get(platform, {}).get("")
    words = f"Not told by {label} until it is used up."
    return f"{words} Parley keeps its reading within {budget.most_words()}." if budget else words


def _told(kind: str, numbers: list[int]) -> Told:
    left, most, ends, at = numbers
    return Told(kind, left, most, _moment(ends) if ends else None, _moment(at))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _label(channel: Channel, what: str) -> str:
    return f"{channel.key} {what}"[:120]
