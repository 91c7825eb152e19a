"""A publisher is killed at every named place, against every platform: nothing is published twice, nothing never."""

from __future__ import annotations

import random
import time

from accounts import clock
from channels_app import failpoints, outbox, platforms
from channels_app.models import Channel, Delivery
from channels_app.publishing.timings import times
from policy.approvals import content_hash, free
from tests.factories import make_payload
from tests.faults.cargo import WITH_PICTURE, shown
from tests.faults.conftest import WORDS_ALONE, World
from tests.faults.judging import between_two_intents_stands_a_proof
from tests.faults.workers import KILLED, ended, fork, look_once, settle, sweep_one, work_on_one

WHILE_SENDING = [name for name in failpoints.NAMES if name not in {"in_sweep", "in_reconcile"}]
FROZEN = ["after_claim", "before_intent", "after_intent", "mid_body", "after_answer"]


def create(world: World, channel: Channel, text: str, *, picture: bool = True) -> Delivery:
    """A post, approved and due; with a picture or a video it takes more than one claim."""
    now = clock.now()
    payload = make_payload(text, **(shown(world, channel, WITH_PICTURE) if picture else {}))
    approval = free(content_hash(payload, channel.key), "post", asked_by=None, now=now)
    return outbox.create(channel, "post", "post", payload, approval, None, now, now, late_minutes=None)


def judged(world: World, deliveries: dict[str, Delivery], seed: int) -> None:
    """The emulator says what the public saw: each once. The database says the same, with an id for each."""
    twice, never, untrue = [], [], []
    for name, delivery in deliveries.items():
        delivery.refresh_from_db()
        seen = world.public(delivery.channel)
        story = list(delivery.attempts.order_by("id").values_list("event", "code"))
        twice += [(name, story)] if len(seen) > 1 else []
        never += [(name, delivery.state, delivery.why_words, story)] if not seen else []
        if delivery.state != "published" or [delivery.remote_id] != [one["id"] for one in seen]:
            untrue.append((name, delivery.state, delivery.why_words, delivery.remote_id, story))
    assert (twice, never, untrue) == ([], [], []), f"seed {seed}"


def test_killed_at_every_place_nothing_is_published_twice_and_nothing_never(world: World, seed: int):
    cases = [(platform, place) for platform in platforms.SENT_TO for place in failpoints.NAMES]
    random.Random(seed).shuffle(cases)
    deliveries: dict[str, Delivery] = {}
    for platform, place in cases:
        name = f"{platform} {place}"
        deliveries[name] = create(world, world.channel(platform), f"Notice: {name} {seed}")
        spec = f"{place if place in WHILE_SENDING else 'after_intent'}=kill"
        while ended(pid := fork(work_on_one, spec)) != KILLED:
            deliveries[name].refresh_from_db()
            assert deliveries[name].state == "scheduled", f"{pid} passed {place} unharmed (seed {seed})"
    time.sleep(times().lease)
    for name, delivery in deliveries.items():
        if name.endswith("in_sweep"):
            assert ended(fork(lambda pk=delivery.pk: sweep_one(pk), "in_sweep=kill")) == KILLED, name
        if name.endswith("in_reconcile"):
            assert ended(fork(lambda pk=delivery.pk: sweep_one(pk))) == 0, name
            assert ended(fork(lambda pk=delivery.pk: look_once(pk), "in_reconcile=kill")) == KILLED, name
    settle()
    judged(world, deliveries, seed)
    between_two_intents_stands_a_proof()


def test_frozen_for_longer_than_a_lease_nothing_is_published_twice_and_nothing_never(world: World, seed: int):
    deliveries: dict[str, Delivery] = {}
    frozen = []
    for platform in WORDS_ALONE:
        for place in FROZEN:
            name = f"{platform} {place}"
            deliveries[name] = create(world, world.channel(platform), f"Notice: {name} {seed}", picture=False)
            frozen.append(fork(work_on_one, f"{place}=hang:{times().lease * 1.5}"))
            while not Delivery.objects.filter(pk=deliveries[name].pk).exclude(state="scheduled").exists():
                time.sleep(0.02)
    settle()
    assert [ended(pid) for pid in frozen] == [0] * len(frozen)
    judged(world, deliveries, seed)
    between_two_intents_stands_a_proof()
