"""Rows `due` and `throughput`: a publisher of its own against an emulated platform that takes 200 ms to answer."""

from __future__ import annotations

import math
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from accounts import clock
from calendar_app import wording
from calendar_app.models import Placement, Post, Release
from channels_app import vault
from channels_app.emulator.client import Emulator
from channels_app.emulator.process import start
from channels_app.models import Channel, Delivery
from channels_app.platforms import http
from channels_app.platforms.base import Secret
from channels_app.publishing.loop import THREADS
from config.bench import town
from config.bench.figures import Figure, p95
from config.bench.ground import Ground, environment
from config.homes import ROOT
from policy import approvals
from policy.models import Approval

CHANNELS = 50
AT_ONCE = 1_000
SINGLES = 40
APART = 1.5  # seconds between two single posts
EACH_SECOND = 10
ANSWERS_IN = 0.2
PATIENCE = 180
SOON = 4  # seconds until the first is due: time to write them all down


@dataclass(frozen=True)
class Stage:
    """A town whose channels are connected to the emulated platform, and a publisher at work."""

    desk: town.Desk
    emulator: Emulator


def due(ground: Ground) -> list[Figure]:
    """All at one moment, and one after another on an idle publisher."""
    many = ground.sized(AT_ONCE)
    with _stage(ground) as stage:
        at = clock.now() + timedelta(seconds=SOON)
        _plan(stage.desk, [at] * many)
        out = _wait(many)
        took = (max(out) - at).total_seconds()
        twice = _wrong(stage, many)
        singles = ground.sized(SINGLES)
        first = clock.now() + timedelta(seconds=SOON)
        dice = random.Random(7)  # noqa: S311 - moments within a second, not secrets
        _plan(stage.desk, [first + timedelta(seconds=n * APART + dice.random()) for n in range(singles)])
        _wait(many + singles)
        late = _lateness(first)
    ideal = math.ceil(many / THREADS) * ANSWERS_IN
    size = f"{many:,} at once over {CHANNELS} channels"
    return [
        Figure("due", size, took, "s", 1.25 * ideal, ideal, f"{THREADS} sends at once, each answered in 200 ms"),
        Figure("due", size, twice, "twice or never", 0, None, "by what the platform shows"),
        Figure(
            "due", "1 at a time", p95(late), "s late p95", 2, ANSWERS_IN, "from its moment to the platform's answer"
        ),
    ]


def throughput(ground: Ground) -> list[Figure]:
    """Ten posts a second for as long as asked: how many got out, and how late."""
    many = max(CHANNELS, round(ground.seconds * EACH_SECOND))
    with _stage(ground) as stage:
        first = clock.now() + timedelta(seconds=SOON + many / 500)
        _plan(stage.desk, [first + timedelta(seconds=n / EACH_SECOND) for n in range(many)])
        out = _wait(many, ground.seconds + PATIENCE)
        wrong = _wrong(stage, many)
        late = _lateness(first)
    rate = many / max((max(out) - first).total_seconds(), 1)
    size = f"{many:,} in {ground.seconds:.0f} s over {CHANNELS} channels"
    return [
        Figure("throughput", size, rate, "a second", 0.95 * EACH_SECOND, EACH_SECOND, "as planned", within="at least"),
        Figure("throughput", size, p95(late), "s late p95", 2, ANSWERS_IN, f"latest {max(late):.2f} s"),
        Figure("throughput", size, wrong, "twice or never", 0, None, "by what the platform shows"),
    ]


@contextmanager
def _stage(ground: Ground, channels: int = CHANNELS) -> Iterator[Stage]:
    name = ground.database()
    ground.tell("connecting channels")
    url, platform = start(ground.home / f"emulator-{name}")
    emulator = Emulator(url)
    try:
        emulator.fault("delay_before", route="publish", seconds=ANSWERS_IN)
        desk = town.found(channels, clock.now(), ("mastodon",))
        for channel in desk.channels:
            _connect(channel, emulator)
        with environment(EMULATOR_URL=url, PARLEY_INSTANCE_FILE=str(ground.home / f"{name}.json")), _publisher():
            yield Stage(desk, emulator)
    finally:
        platform.terminate()
        platform.wait(10)
        ground.drop(name)


@contextmanager
def _publisher() -> Iterator[None]:
    words = [sys.executable, str(ROOT / "manage.py"), "send_due"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        if process.stdout is None or not process.stdout.readline():
            raise RuntimeError("The publisher did not start.")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _connect(channel: Channel, emulator: Emulator) -> None:
    made = emulator.create_account(channel.platform, channel.handle.strip("@"), name=channel.name)
    Channel.objects.filter(pk=channel.pk).update(remote_id=made["id"], host=http.PRACTICE_HOSTS[channel.platform])
    channel.remote_id = made["id"]
    vault.store(channel, "access_token", Secret(made["token"]))


def _plan(desk: town.Desk, moments: Sequence[datetime]) -> None:
    """One approved and released post for each of these moments, the channels in turn."""
    now, author = clock.now(), desk.everywhere
    begun = Post.objects.count()
    facts = {"author": author, "kind": "news", "language": "en", "created_at": now, "changed_at": now}
    posts = Post.objects.bulk_create(
        Post(text=f"Road works on Mill Road, notice {begun + n}.", **facts) for n in range(len(moments))
    )
    placements = [
        Placement(
            post=post,
            channel=desk.channels[n % len(desk.channels)],
            state="approved",
            due_at=at,
            wall_at=at,
            zone="UTC",
            asked_by=author,
            asked_at=now,
        )
        for n, (post, at) in enumerate(zip(posts, moments, strict=True))
    ]
    rule, words = approvals.FREE["post"]
    granted = [
        Approval(hash=wording.content_hash(one, one.post), rule=rule, rule_words=words, asked_by=author, at=now)
        for one in placements
    ]
    for one, approval in zip(placements, Approval.objects.bulk_create(granted), strict=True):
        one.approval = approval
    Placement.objects.bulk_create(placements)
    made = Delivery.objects.bulk_create([_delivery(one, now) for one in placements])
    for one, delivery in zip(placements, made, strict=True):
        one.delivery = delivery
    Release.objects.bulk_create(
        Release(placement=one, delivery=delivery, at=now) for one, delivery in zip(placements, made, strict=True)
    )
    Placement.objects.bulk_update(placements, ["delivery"], batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('parley_outbox', '')")


def _delivery(placement: Placement, now: datetime) -> Delivery:
    payload = wording.payload(wording.said(placement, placement.post))
    approval = placement.approval
    return Delivery(
        channel=placement.channel,
        kind="post",
        origin="post",
        payload=payload,
        content_hash=approval.hash if approval else "",
        approval=approval,
        asked_by=placement.asked_by,
        due_at=placement.due_at or now,
        next_action_at=placement.due_at,
        created_at=now,
    )


def _wait(many: int, patience: float = PATIENCE) -> list[datetime]:
    """When each got out, once all have."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        if Delivery.objects.filter(state="published").count() >= many:
            break
        time.sleep(0.5)
    else:
        states = Counter(Delivery.objects.values_list("state", flat=True))
        raise RuntimeError(f"Not all got out in time: {dict(states)}.")
    return [at for at in Delivery.objects.values_list("published_at", flat=True) if at]


def _lateness(since: datetime) -> list[float]:
    rows = Delivery.objects.filter(due_at__gte=since).values_list("due_at", "published_at")
    return [(out - due_at).total_seconds() for due_at, out in rows if out]


def _wrong(stage: Stage, many: int) -> int:
    """How many posts the public sees twice or not at all."""
    shown = Counter(post["text"] for post in stage.emulator.public())
    return abs(len(shown) - many) + sum(times - 1 for times in shown.values())
