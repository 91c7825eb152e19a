"""The trial's town is on every network there is, and can be seen and answered there."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import Town, User
from channels_app import outbox
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Delivery
from channels_app.platforms import NAMES, READ_ONLY
from config.trial import settling, spreading
from config.trial.desk_life import Desk
from engagement.models import Conversation, Message
from tests.factories import NOON

pytestmark = pytest.mark.django_db
HERE = set(NAMES) - {"x", "facebook", "mastodon"}


@pytest.fixture
def desk(emulator: Emulator, settings, tmp_path: Path) -> Desk:
    settings.MEDIA_ROOT, settings.PRACTICE_URL = tmp_path, "http://127.0.0.1:1/"
    emulator.reset(town="fernhill")
    settling.settle(NOON - timedelta(weeks=3))
    staff = {user.email.split("@")[0]: user for user in User.objects.all()}
    return Desk(random.Random(1), Town.here(), staff, {})


def test_the_town_is_on_every_network(desk: Desk, emulator: Emulator):
    spreading.spread(desk, emulator, NOON)
    channels = {channel.platform: channel for channel in Channel.objects.all()}
    assert set(channels) == HERE
    assert {one.platform for one in channels.values() if one.state != "ok" or one.why} == set()
    assert {one.platform for one in channels.values() if one.in_preparation} == {"pinterest"}
    out = set(Delivery.objects.filter(kind="post", state="published").values_list("channel__platform", flat=True))
    assert out == {"linkedin", "bluesky", "wordpress", "youtube", "vimeo"}
    left = Delivery.objects.exclude(state="published").order_by("due_at")
    assert [(one.channel.platform, one.state, one.why) for one in left][:2] == [
        ("manual", "needs_attention", "by_hand"),
        ("instagram", "scheduled", ""),
    ]
    waiting = Conversation.objects.filter(state="open").order_by("channel__platform")
    assert {one.channel.platform for one in waiting} == HERE - READ_ONLY - {"manual", "pinterest"}
    assert {one.channel.platform for one in waiting if one.due_at and one.due_at < NOON} == set()
    assert Conversation.objects.filter(state="closed").count() == 5
    assert not Delivery.objects.filter(kind="reply").exclude(state="published").exists()
    assert Message.objects.filter(channel=channels["rss"]).count() == 2
    assert outbox.overdue(NOON + timedelta(hours=1)).count() == 0
