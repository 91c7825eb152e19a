"""What a storm has to bring out: approved posts and replies on many channels of all platforms.

Some have a picture; where a platform takes nothing without one, or without a video, all have.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from accounts import clock
from channels_app import outbox, platforms
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import WAITING
from policy.approvals import content_hash, free
from tests.factories import make_payload
from tests.faults.conftest import MUST, SHOWN, WORDS_ALONE, World

ANSWERING = 4  # channels of each platform on which every third is a reply
PICTURED, WITH_PICTURE = 10, 1  # every so many-th has a picture where none is needed, this one first
EVERY = 10  # every so many-th channel is where one is needed, or a video


def create(channel: Channel, number: int, now: datetime, origin: str = "post", **parts: Any) -> Delivery:
    """One that may go out however late; its number is in its words."""
    kind = "reply" if parts.get("reply_to") else "post"
    payload = make_payload(f"Works on the water main, notice {number} of this winter.", **parts)
    approval = free(content_hash(payload, channel.key), kind, asked_by=None, now=now)
    return outbox.create(channel, kind, origin, payload, approval, None, now, now, late_minutes=None)


def load(world: World, targets: int, channels: int) -> None:
    """So many, spread evenly, all due now."""
    where = [world.channel(name) for name in itertools.islice(places(), channels)]
    answered = asked(world, where)
    now = clock.now()
    for number in range(1, targets + 1):
        channel, turn = where[number % channels], number // channels
        if channel.pk in answered and turn % 3 == 0:
            create(channel, number, now, **answered[channel.pk])
        else:
            create(channel, number, now, **shown(world, channel, turn))


def places() -> Iterator[str]:
    """The platform of one channel after the other."""
    words, more = itertools.cycle(WORDS_ALONE), itertools.cycle(reversed(SHOWN))
    for number in itertools.count(1):
        yield next(words if number % EVERY else more)


def everywhere(world: World, count: int) -> list[Channel]:
    """So many channels: one where nothing goes out without a picture or a video on each such platform, the rest evenly
    on those of words alone.
    """
    words = itertools.islice(itertools.cycle(WORDS_ALONE), count - len(SHOWN))
    return [world.channel(name) for name in [*SHOWN, *words]]


def turn(channels: Sequence[Channel], number: int) -> Channel:
    """Whose turn it is: every so many-th time one where something must be shown, which takes longer."""
    words = [one for one in channels if not MUST[one.platform]]
    more = [one for one in channels if MUST[one.platform]]
    return words[number % len(words)] if number % EVERY else more[number // EVERY % len(more)]


def needed(world: World, channel: Channel) -> dict[str, Any]:
    """What a post on this channel cannot be without."""
    return shown(world, channel, 0)


def shown(world: World, channel: Channel, turn: int) -> dict[str, Any]:
    """What the post shows: a video, a picture or nothing. Where a platform takes either, they take turns."""
    must = MUST[channel.platform]
    if "video" in must and ("picture" not in must or turn % 2):
        return {"video": {"media": str(world.film.key), "alt": "The weir from the bridge."}}
    if must or turn % PICTURED == WITH_PICTURE:
        return {"pictures": [{"media": str(world.picture.key), "alt": "The library from the street."}]}
    return {}


def asked(world: World, channels: Iterable[Channel]) -> dict[int, dict[str, str]]:
    """A post to which a resident has said something, on some channels of each platform where one can answer.

    What an answer to that carries, by channel.
    """
    roots = [create(one, 0, clock.now(), "root", **shown(world, one, 0)) for one in answering(channels)]
    while Delivery.objects.filter(origin="root", state__in=WAITING).exists():
        outbox.step()
    answers = {}
    for root in roots:
        root.refresh_from_db()
        assert root.state == "published", root.why_words
        said = world.emulator.say(root.channel.platform, "When is it done?", reply_to=root.remote_id)
        parts = {"reply_to": said["id"], "root": root.remote_id, "mention": said.get("handle", "")}
        answers[root.channel_id] = parts
    return answers


def answering(channels: Iterable[Channel]) -> Iterator[Channel]:
    """The first few of each platform where one can answer."""
    so_far: Counter[str] = Counter()
    for channel in channels:
        so_far[channel.platform] += 1
        if so_far[channel.platform] <= ANSWERING and "reply" in platforms.get(channel.platform).CAN:
            yield channel
