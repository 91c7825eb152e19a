"""Row `intake`: a flood of mentions on its way into the database, by as many workers as an installation runs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connections

from accounts import clock
from channels_app.models import Channel
from channels_app.platforms.base import Incoming
from config.bench import town
from config.bench.figures import Figure
from config.bench.ground import Ground, as_owner
from engagement import filing
from engagement.models import ClockEvent, Conversation, Message, MessageVersion
from policy.models import Record

MENTIONS = 10_000
WORKERS = 2
PAGE = 800  # what one walk of twenty pages brings
RESIDENTS = 3_000
FILLED = (
    "engagement_person",
    "engagement_conversation",
    "engagement_threadkey",
    "engagement_message",
    "engagement_messageversion",
    "engagement_clockevent",
    "policy_record",
    "policy_recordbody",
)


def intake(ground: Ground) -> list[Figure]:
    """How many a second; whether any is lost or there twice; and how many rows bare SQL would copy in a second."""
    now, many = clock.now(), ground.sized(MENTIONS)
    name = ground.database()
    desk = town.found(4, now, ("mastodon",))
    shares = [list(_mentions(desk.channels, place, many, now)) for place in range(WORKERS)]
    begun = time.perf_counter()
    _side_by_side(shares, now)
    taken = time.perf_counter() - begun
    counts = {model._meta.verbose_name: model._default_manager.count() for model in KEPT}
    wrong = sum(abs(count - many) for count in counts.values())
    unclear = Conversation.objects.exclude(clock="running", due_at__isnull=False).count()
    bare = _bare(name)
    ground.drop(name)
    size = f"{many:,} mentions"
    workers = f"{WORKERS} workers, pages of {PAGE}; the yardstick copies the same rows and indexes by SQL"
    return [
        Figure("intake", size, many / taken, "a second", 2000, many / bare, workers, within="at least"),
        Figure("intake", size, wrong + unclear, "lost, twice or without a clock", 0),
    ]


KEPT = (Message, MessageVersion, ClockEvent, Conversation, Record)


def _mentions(
    channels: list[Channel], place: int, many: int, now: datetime
) -> Iterator[tuple[Channel, list[Incoming]]]:
    """One worker's share, page by page, on channels of its own."""
    mine = channels[place::WORKERS]
    numbers = range(place, many, WORKERS)
    for start in range(0, len(numbers), PAGE):
        channel = mine[start // PAGE % len(mine)]
        yield channel, [_mention(number, now) for number in numbers[start : start + PAGE]]


def _mention(number: int, now: datetime) -> Incoming:
    author = f"r{number % RESIDENTS}"
    text = f"@fernhill when does the council look at the bins in Mill Road, number {number}? We wrote twice already 🙂"
    return Incoming(
        kind="mention",
        remote_id=f"flood-{number}",
        thread_key=f"flood-{number}",
        parent_id="",
        root_id="",
        author_id=author,
        author_handle=f"@{author}@social.fernhill.example",
        author_name=f"Resident {number % RESIDENTS}",
        text=text,
        at=now - timedelta(seconds=number),
        url=f"https://social.fernhill.example/@{author}/{number}",
        raw={
            "id": f"flood-{number}",
            "content": f"<p>{text}</p>",
            "visibility": "public",
            "counts": {"replies": 0, "reblogs": number % 7, "favourites": number % 31},
            "account": {"id": author, "acct": f"{author}@social.fernhill.example", "note": "Lives here. " * 40},
            "tags": [{"name": "bins"}, {"name": "fernhill"}],
            "card": None,
        },
    )


def _side_by_side(shares: list[list[tuple[Channel, list[Incoming]]]], now: datetime) -> None:
    """Each share in a process of its own, as the workers are; back when all have ended."""
    connections.close_all()
    sys.stdout.flush()
    children = []
    for share in shares:
        child = os.fork()
        if not child:
            status = 1
            try:
                for channel, page in share:
                    filing.file(channel, page, now)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise RuntimeError("A worker broke off.")


def _bare(name: str) -> float:
    """How many seconds the database alone takes for the same rows with the same indexes."""
    for table in FILLED:
        as_owner(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)", name)
    begun = time.perf_counter()
    for table in FILLED:
        as_owner(f"INSERT INTO bare_{table} SELECT * FROM {table}", name)
    return time.perf_counter() - begun
