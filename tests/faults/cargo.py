"""What a storm has to bring out: approved posts and replies, some with a picture, on many channels of all platforms."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from accounts import clock
from channels_app import outbox
from channels_app.models import Channel, Delivery
from policy.approvals import content_hash, free
from tests.factories import make_payload
from tests.faults.conftest import WORDS_ALONE, World

ANSWERING = 4  # channels of each platform on which every third is a reply
PICTURED = 10  # every so many-th has a picture


def create(channel: Channel, number: int, now: datetime, origin: str = "post", **parts: Any) -> Delivery:
    """One that may go out however late; its number is in its words."""
    kind = "reply" if parts.get("reply_to") else "post"
    payload = make_payload(f"Works on the water main, notice {number} of this winter.", **parts)
    approval = free(content_hash(payload, channel.key), kind, asked_by=None, now=now)
    return outbox.create(channel, kind, origin, payload, approval, None, now, now, late_minutes=None)


def load(world: World, targets: int, channels: int) -> None:
    """So many, spread evenly, all due now."""
    names = itertools.cycle(WORDS_ALONE)
    where = [world.channel(next(names)) for _ in range(channels)]
    answered = asked(world, where[: ANSWERING * len(WORDS_ALONE)])
    picture = [{"media": str(world.picture.key), "alt": "The library from the street."}]
    now = clock.now()
    for number in range(1, targets + 1):
        channel, turn = where[number % channels], number // channels
        if channel.pk in answered and turn % 3 == 0:
            create(channel, number, now, **answered[channel.pk])
        else:
            create(channel, number, now, pictures=picture if number % PICTURED == 0 else [])


def asked(world: World, channels: list[Channel]) -> dict[int, dict[str, str]]:
    """A post of each channel to which a resident has said something: what an answer to that carries."""
    roots = [create(channel, 0, clock.now(), "root") for channel in channels]
    outbox.step()
    answers = {}
    for root in roots:
        root.refresh_from_db()
        assert root.state == "published", root.why_words
        said = world.emulator.say(root.channel.platform, "When is it done?", reply_to=root.remote_id)
        parts = {"reply_to": said["id"], "root": root.remote_id, "mention": said.get("handle", "")}
        answers[root.channel_id] = parts
    return answers
