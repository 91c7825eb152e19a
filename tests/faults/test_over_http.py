"""The outbox over the real adapters and a real server: what the public sees, whatever the platform answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts import clock
from channels_app import outbox
from channels_app.models import Channel, Delivery
from policy.approvals import content_hash, free
from tests.factories import make_payload
from tests.faults.conftest import WORDS_ALONE, World
from tests.faults.workers import settle

each_platform = pytest.mark.parametrize("platform", WORDS_ALONE)
TAKEN = ["drop_after", "html_after", "empty_body", "truncated", "refuse_after", "drip"]  # and the answer is lost
NOT_TAKEN = ["drop_before", "html"]  # and there is no answer either
LATE = ["late"]  # taken long after the line was cut


def create(channel: Channel, kind: str = "post", late_minutes: int | None = None, **parts: Any) -> Delivery:
    now = clock.now()
    payload = make_payload(parts.pop("text", ""), **parts)
    approval = free(content_hash(payload, channel.key), "post", asked_by=None, now=now)
    return outbox.create(channel, kind, "post", payload, approval, None, now, now, late_minutes=late_minutes)


def live(delivery: Delivery, state: str = "published", seconds: float = 40) -> Delivery:
    """Let the outbox work until the delivery is in this state."""
    until = time.monotonic() + seconds
    while delivery.state != state:
        assert time.monotonic() < until, (delivery.state, delivery.why_words)
        outbox.step()
        delivery.refresh_from_db()
        time.sleep(0.05)
    return delivery


def texts(world: World, channel: Channel) -> list[str]:
    return [one["text"] for one in world.public(channel)]


@each_platform
def test_a_post_with_a_picture_a_reply_and_its_deletion(world: World, platform: str):
    channel = world.channel(platform)
    picture = {"media": str(world.picture.key), "alt": "The library from the street."}
    post = live(create(channel, text="The library opens at nine.", pictures=[picture]))
    seen = world.public(channel)
    assert [one["id"] for one in seen] == [post.remote_id]
    assert post.remote_url.startswith("https://")
    said = world.emulator.say(platform, "On Sundays too?", reply_to=post.remote_id)
    parts = {"reply_to": said["id"], "root": post.remote_id, "mention": said.get("handle", "")}
    reply = live(create(channel, "reply", text="Not yet.", **parts))
    assert len(world.public(channel)) == 2
    live(create(channel, "delete", target=post.remote_id))
    post.refresh_from_db()
    assert (post.state, reply.state) == ("removed", "published")
    assert post.remote_id not in [one["id"] for one in world.public(channel)]


@each_platform
def test_a_limit_is_waited_for(world: World, platform: str):
    channel = world.channel(platform)
    world.emulator.fault("rate_limited", platform=platform, method="POST", times=1, reset=30)
    post = live(create(channel, text="Bins on Friday."))
    assert len(texts(world, channel)) == 1
    assert post.sends >= 1


@each_platform
def test_a_revoked_token_takes_the_channel_out_and_sends_nothing(world: World, platform: str):
    channel = world.channel(platform)
    world.emulator.revoke(account=channel.remote_id)
    post = live(create(channel, text="Market on Saturday."), "blocked")
    channel.refresh_from_db()
    assert (channel.state, post.why, texts(world, channel)) == ("needs_reconnect", "channel", [])
    world.emulator.revoke(account=channel.remote_id, state="ok")
    Channel.objects.filter(pk=channel.pk).update(state="ok")
    live(post)
    assert len(texts(world, channel)) == 1


@each_platform
def test_an_emulator_that_is_away_proves_that_nothing_left(world: World, platform: str, closed: Callable[[], None]):
    channel = world.channel(platform)
    closed()
    post = live(create(channel, text="Snow is cleared."), "retry_wait")
    assert (post.may_be_out, post.attempts.last().code) == (False, "not sent")
    assert post.next_action_at - clock.now() < timedelta(seconds=3)


def test_whatever_is_lost_on_the_way_every_post_is_published_once(world: World):
    posts: dict[str, Delivery] = {}
    for platform in WORDS_ALONE:
        for fault in TAKEN + NOT_TAKEN + LATE:
            channel = world.channel(platform)
            how = {"account": channel.remote_id, "method": "POST", "times": 1, "answer": "drop"}
            world.emulator.fault(fault, platform=platform, seconds=2 if fault in LATE else 5, **how)
            posts[f"{platform} {fault}"] = create(channel, text=f"Bus 12 is diverted, {platform} {fault}.")
    settle()
    time.sleep(2)
    assert {name: len(world.public(post.channel)) for name, post in posts.items()} == dict.fromkeys(posts, 1)
    for name, post in posts.items():
        post.refresh_from_db()
        assert (name, post.state, post.remote_id) == (name, "published", world.public(post.channel)[0]["id"])
        assert (name, post.sends) == (name, 2 if name.split()[1] in NOT_TAKEN else 1)
