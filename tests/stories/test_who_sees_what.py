"""Figures are the town's; whoever sees one channel gets them without a name of what is on another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from channels_app.models import Channel
from metrics import collecting, within
from metrics.measures import from_followers, from_places
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span
from metrics.models import PaidEntry, Reading, Tracked
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_placement, make_post, make_topic
from tests.factories_inbox import make_conversation
from tests.factories_paid import make_paid, spend
from tests.factories_promises import make_issue, make_place, make_promise

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
    assert sorted(one.followers for one in from_places.places(SPAN)) == [70, 900]
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


# --- what is on a channel one does not see ---------------------------------------------------------------------------

NAMED = (
    *("followers", "useful_followers", "useful_count", "hours_short"),
    *("cost_per_outcome", "spend", "problem_solving", "unlinked"),
)
POSTS = ("engagement_rate", "population_reached", "demand", "ideas_gathered", "promises_kept", "put_right")
SECRETS = (
    "Parks",
    "facebook",
    "Duck race",
    "ducks entered",
    "Invoice 7",
    "Hidden Hollow",
    "Heron",
    "pond life",
    "busy",
)


@pytest.fixture
def hidden() -> Channel:
    """A channel on which everything has a name, and that told nobody its followers or its hours."""
    make_town(zone="UTC", pack="none", population=20_000)
    channel, boss = make_channel("facebook", name="Parks"), make_user("manager")
    collecting.track_new(NOON)
    profile = Tracked.objects.get(channel=channel, remote_id="")
    Reading.objects.create(tracked=profile, measure="followers", at=NOON, missing="busy with Parks")
    topic = make_topic(name="pond life")
    make_placement("published", post=make_post(author=boss, channels=[channel], text="Heron", topic=topic), due_at=NOON)
    collecting.track_new(NOON + DAY)
    thread = make_conversation(channel, at=NOON)
    make_issue(thread, place=make_place("Hidden Hollow"))
    make_promise(thread, what="Heron nests are counted")
    for results in (12, None):
        spend(make_paid(by=boss, channel=channel, title="Duck race", outcome="ducks entered"), 30, results)
    PaidEntry.objects.update(source="Invoice 7")
    return channel


def test_nothing_of_a_hidden_channel_is_named_and_the_figures_are_the_same(hidden: Channel) -> None:
    boss, neighbour = Client(), seat(make_channel(name="Fernhill"))
    boss.force_login(make_user("manager"))
    told = words_of(neighbour, [*NAMED, *POSTS]) + neighbour.get(reverse("figures:case")).content.decode()
    assert [secret for secret in SECRETS if secret in told] == []
    everything = words_of(boss, [*NAMED, *POSTS])
    assert [secret for secret in SECRETS if secret not in everything] == []
    for name in (*NAMED, *POSTS):
        found = [one.get(reverse("measures:figure", args=[name]) + WEEK).context["figure"] for one in (boss, neighbour)]
        assert len({(one.value, one.part, one.whole) for one in found}) == 1, name
    page = neighbour.get(reverse("measures:figure", args=["followers"]) + WEEK).content.decode()
    assert "missing: a channel you do not see (1)" in page
    assert "1 of these rows is about channels you do not see" in page


def test_an_issue_is_named_to_whoever_sees_one_of_its_reports(hidden: Channel) -> None:
    own = make_channel(name="Fernhill")
    make_issue(make_conversation(own, at=NOON), place=make_place("Bridge Street"), now=NOON)
    told = words_of(seat(own), ["problem_solving"])
    assert "Bridge Street: many ask" in told
    assert "Hidden Hollow" not in told
    assert "Hidden Hollow: many ask" in words_of(seat(hidden), ["problem_solving"])
