"""Figures are the town's; whoever sees one channel gets them without a name of what is on another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from channels_app.models import Channel
from metrics import collecting, within
from metrics.measures import from_followers
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span
from metrics.models import Reading, Tracked
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = "?from=2026-11-16&to=2026-11-23"
SPAN = Span(NOON - 2 * DAY, NOON + 4 * DAY, NOON + 4 * DAY)


def seat(channel: Channel) -> Client:
    """An officer of this channel alone."""
    client = Client()
    client.force_login(make_user("officer", scope=channel.scope))
    return client


def follow(channel: Channel, number: int) -> None:
    collecting.track_new(NOON)
    tracked = Tracked.objects.get(channel=channel, remote_id="")
    Reading.objects.create(tracked=tracked, measure="followers", at=NOON, value=number)


def words_of(client: Client, names: Sequence[str]) -> str:
    """The pages of these figures and their tables, one after another."""
    told = []
    for route in ("measures:figure", "measures:figure-rows"):
        told += [client.get(reverse(route, args=[name]) + WEEK).content.decode() for name in names]
    return "\n".join(told)


# --- two channels that are called alike ------------------------------------------------------------------------------


@pytest.fixture
def twins() -> tuple[Channel, Channel]:
    make_town(zone="UTC", pack="none")
    one, other = make_channel(name="Fernhill"), make_channel(name="Fernhill")
    assert str(one) == str(other)
    return one, other


def test_followers_of_two_channels_called_alike_are_added_up(twins: tuple[Channel, Channel]) -> None:
    for channel, number in zip(twins, (900, 70), strict=True):
        follow(channel, number)
    rule = RULES["followers"]
    assert rule.figure(rule.rows(SPAN)).value == 970
    assert sorted(one.followers for one in from_followers.places(SPAN)) == [70, 900]
    assert sorted(one.followers or 0 for one in from_followers.engaged(SPAN)) == [70, 900]


def test_of_two_channels_called_alike_each_has_its_own_figures_and_one_may_be_hidden(
    twins: tuple[Channel, Channel],
) -> None:
    one, other = twins
    mine, theirs = make_conversation(one, at=NOON), make_conversation(other, at=NOON)
    rule = within.of_channel(one).within.rule(RULES["demand"])
    assert rule.figure(rule.rows(SPAN)).value == 1
    told = words_of(seat(one), ["demand", "response_rate"])
    assert str(mine.key) in told
    assert str(theirs.key) not in told
    assert "a channel you do not see (1)" in told
