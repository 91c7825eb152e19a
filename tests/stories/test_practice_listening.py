"""The practice town listens and has rules, so that whoever tries the pages finds something there."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from accounts.models import Scope, Town
from config.trial import listening
from config.trial.desk_life import Desk
from engagement.models import Label, PublicVoice, RuleFiring, RuleTrial, Watch, WatchDay, WatchHit
from policy.models import Topic
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_incoming, receive

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_the_watches_hear_the_rules_act_and_one_group_is_named():
    make_town()
    roles = {"dev": "manager", "tom": "officer", "amara": "publisher"}
    staff = {address: make_user(role, name=address.capitalize()) for address, role in roles.items()}
    Topic.objects.create(name="Bins and recycling")
    Label.objects.create(name="Bins")
    Scope.objects.create(kind="department", name="Streets and bins")
    channel = make_channel()
    listening.begin(staff, NOON - 30 * DAY)
    group = {"author_handle": "@pondfriends", "author_name": "Friends of Mill Pond"}
    for n in range(4):
        receive(channel, make_incoming(f"bins left again {n}", at=NOON - n * DAY, **group), now=NOON - n * DAY)
    receive(channel, make_incoming("smoke over Mill Road", at=NOON), now=NOON)
    desk = Desk(random.Random(1), Town.here(), staff, {channel.platform: channel})
    listening.catch_up(desk, NOON - 30 * DAY, NOON + timedelta(hours=1))
    assert RuleFiring.objects.count() == 5
    assert RuleTrial.objects.filter(looked=5).count() == 2
    assert set(WatchHit.objects.values_list("state", flat=True)) == {"new", "held", "aside"}
    assert WatchHit.objects.filter(message=None).count() == 3
    assert PublicVoice.objects.get().heard.count() == 1
    assert WatchDay.objects.filter(heard=0).count() > 50
    assert Watch.objects.filter(state="asked").count() == 1
