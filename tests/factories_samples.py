"""Samples for tests: drawn, and read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from accounts.models import User
from channels_app.models import Channel
from engagement.models import Message
from metrics import sampling
from metrics.models import Coding, Drawn, Sample
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_incoming, receive


def say(channel: Channel, count: int, at: datetime = NOON - timedelta(days=3)) -> list[Message]:
    """So many residents write, each once."""
    return receive(channel, *(make_incoming(f"The bins, number {n}", at=at) for n in range(count)))


def make_sample(
    channel: Channel | None = None, *, count: int = 12, size: int = 10, share: int = 20, by: User | None = None,
    now: datetime = NOON,
) -> Sample:  # fmt: skip
    """A sample of what was just said."""
    say(channel or make_channel(), count, now - timedelta(days=3))
    first = (now - timedelta(days=7)).date()
    return sampling.draw(first, first + timedelta(days=6), size, share, by=by or make_user("manager"), now=now)


def make_read_sample(
    said: Iterable[Message], tones: Sequence[str], *, by: User | None = None, now: datetime = NOON
) -> Sample:
    """These messages, read so and counted, however few they are."""
    user, rows = by or make_user("manager"), list(said)
    days = [one.at.date() for one in rows]
    facts = {"first": min(days), "last": max(days), "whole": len(rows), "size": len(rows), "twice": 0, "seed": "x"}
    one = Sample.objects.create(**facts, state="done", by=user, at=now, ended_at=now)
    for place, (message, tone) in enumerate(zip(rows, tones, strict=True), 1):
        drawn = Drawn.objects.create(sample=one, message=message, place=place)
        Coding.objects.create(drawn=drawn, turn=1, tone=tone, by=user, at=now)
    return one
