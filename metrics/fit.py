"""Which network fits: where the audiences are by the town's own evidence, and how the town has done there.

Each input is shown beside the rank it leads to. Nothing is taken from elsewhere, and nothing is guessed: what is not
known counts as nothing and is listed as missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from calendar_app.models import Reach
from channels_app.models import Channel
from metrics import presence
from metrics.models import Reading
from metrics.presence import Numbers

# What an input weighs; the best channel has all of it, the others their share of the best.
WEIGHTS = {"audience": 50, "followers": 20, "came_back": 15, "in_time": 15}
NAMES = {
    "audience": "People reached",
    "followers": "Followers",
    "came_back": "Came back, %",
    "in_time": "In time, %",
}


@dataclass(frozen=True)
class Fit:
    """One channel: its inputs by name (None: not known), its points of a hundred, and where its audience rests on."""

    channel: Channel
    inputs: Mapping[str, float | None]
    points: float
    evidence: Sequence[str] = ()

    @property
    def rows(self) -> list[tuple[str, float | None]]:
        return [(NAMES[name], self.inputs.get(name)) for name in WEIGHTS]

    @property
    def missing(self) -> list[str]:
        return [NAMES[name] for name in WEIGHTS if self.inputs.get(name) is None]


def rank(inputs: Sequence[tuple[Channel, Mapping[str, float | None], Sequence[str]]]) -> list[Fit]:
    """The channels with their points, the best first. Pure."""
    best = {name: max((known.get(name) or 0 for _, known, _ in inputs), default=0) for name in WEIGHTS}
    found = [Fit(channel, known, _points(known, best), evidence) for channel, known, evidence in inputs]
    return sorted(found, key=lambda one: (-one.points, str(one.channel)))


def _points(known: Mapping[str, float | None], best: Mapping[str, float]) -> float:
    parts = [weight * (known.get(name) or 0) / best[name] for name, weight in WEIGHTS.items() if best[name]]
    return round(sum(parts), 1)


def table(channels: Sequence[Channel], numbers: Mapping[int, Numbers], now: datetime) -> list[Fit]:
    """Each of these channels by the audience cards and the last thirteen weeks."""
    reached, evidence = _audiences(channels)
    followers = _followers(channels, now)
    rows = []
    for one in channels:
        own = numbers[one.pk]
        known = {
            "audience": reached.get(one.pk),
            "followers": followers.get(one.pk),
            "came_back": _round(own.back.percent),
            "in_time": _round(own.in_time.percent),
        }
        rows.append((one, known, evidence.get(one.pk, [])))
    return rank(rows)


def _round(value: float | None) -> float | None:
    return None if value is None else float(round(value))


def _audiences(channels: Sequence[Channel]) -> tuple[dict[int, float], dict[int, list[str]]]:
    """How many people of the audiences each channel reaches, and the cards that say so; without a size none counts."""
    reached: dict[int, float] = {}
    evidence: dict[int, list[str]] = {}
    cards = Reach.objects.filter(channel__in=channels, audience__active=True).select_related("audience")
    for one in cards.order_by("audience__name"):
        assert one.channel_id is not None  # noqa: S101  asked for
        size = one.audience.size
        about = f"{one.percent} % of {size:,}" if size else f"{one.percent} %, size not known"
        evidence.setdefault(one.channel_id, []).append(f"{one.audience.name}: {about}")
        if size:
            reached[one.channel_id] = reached.get(one.channel_id, 0) + size * one.percent / 100
    return {key: float(round(value)) for key, value in reached.items()}, evidence


def _followers(channels: Sequence[Channel], now: datetime) -> dict[int, float]:
    newest = Reading.objects.filter(
        tracked__channel__in=channels,
        tracked__remote_id="",
        measure="followers",
        value__isnull=False,
        at__gt=now - presence.SPAN,
        at__lte=now,
    ).order_by("tracked__channel", "-at")
    rows = newest.distinct("tracked__channel").values_list("tracked__channel", "value")
    return {channel: float(value or 0) for channel, value in rows}
