"""Channels do not wait for each other: limits, breaker, pacing after an outage, emergencies."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from channels_app import outbox
from channels_app.models import Delivery
from channels_app.publishing import breaker, rounds
from channels_app.publishing import claim as claiming
from channels_app.publishing.publisher import at
from tests.factories import NOON, make_channel, make_delivery
from tests.stage import CONTENT, LATER, SILENCE, Stage, after, live, step

pytestmark = pytest.mark.django_db


def out() -> int:
    return Delivery.objects.filter(state="published").count()


def test_three_failures_in_a_row_rest_the_channel_for_one_five_and_fifteen_minutes(stage: Stage):
    channel = make_channel()
    for _ in range(6):
        make_delivery(channel=channel, late_minutes=None)
    stage.answers, stage.looks = [SILENCE] * 6, [LATER] * 500
    step(NOON)
    channel.refresh_from_db()
    assert (len(stage.sent), channel.next_send_why, channel.next_send_at) == (3, "breaker", after(minutes=1))
    step(after(minutes=1))
    channel.refresh_from_db()
    assert (len(stage.sent), channel.next_send_at) == (4, after(minutes=6))
    step(after(minutes=6))
    channel.refresh_from_db()
    assert (len(stage.sent), channel.next_send_at) == (5, after(minutes=21))
    step(after(minutes=21))
    channel.refresh_from_db()
    assert (len(stage.sent), channel.next_send_at) == (6, after(minutes=36))


@pytest.mark.parametrize("answer", [None, CONTENT])
def test_a_proper_answer_closes_the_breaker(stage: Stage, answer):
    channel = make_channel(failures=5, breaker=2, next_send_at=NOON, next_send_why="breaker")
    stage.answers = [answer]
    live(make_delivery(channel=channel), NOON)
    channel.refresh_from_db()
    assert (channel.failures, channel.breaker) == (0, 0)


def test_one_channel_never_delays_another(stage: Stage):
    resting = make_channel(next_send_at=after(hours=1), next_send_why="breaker")
    for _ in range(20):
        make_delivery(channel=resting)
    assert live(make_delivery(), NOON).state == "published"


def test_a_successful_send_is_noted_on_its_channel(stage: Stage):
    delivery = live(make_delivery(), NOON)
    delivery.channel.refresh_from_db()
    assert delivery.channel.last_write_at == NOON


def test_after_an_outage_a_channel_sends_one_every_twenty_seconds(stage: Stage):
    channel = make_channel()
    for _ in range(3):
        make_delivery(channel=channel)
    make_delivery(channel=make_channel())
    counts = []
    for seconds in (0, 10, 19, 20, 39, 40):
        step(after(minutes=10, seconds=seconds))
        counts.append(out())
    assert counts == [2, 2, 2, 3, 3, 4]


def test_on_time_nothing_is_paced(stage: Stage):
    channel = make_channel()
    for _ in range(5):
        make_delivery(channel=channel)
    step(after(seconds=30))
    assert out() == 5


def test_an_emergency_skips_the_pacing_and_goes_first(stage: Stage):
    channel = make_channel()
    make_delivery(channel=channel, text="Old")
    step(after(minutes=10))
    make_delivery(channel=channel, text="Also old")
    warning = make_delivery(channel=channel, text="Flood", priority=outbox.EMERGENCY)
    live(warning, after(minutes=10, seconds=1))
    assert warning.state == "published"
    assert [one.text for one in stage.sent] == ["Old", "Flood"]


@pytest.mark.parametrize("why", ["limit", "breaker"])
def test_an_emergency_waits_for_limits_and_for_a_platform_that_is_down(stage: Stage, why: str):
    channel = make_channel(next_send_at=after(minutes=5), next_send_why=why)
    assert live(make_delivery(channel=channel, priority=outbox.EMERGENCY), NOON).state == "scheduled"


def test_the_longer_of_two_waits_holds(stage: Stage):
    channel = make_channel()
    breaker.limited(channel, 3600, NOON)
    breaker.pace(channel, NOON)
    channel.refresh_from_db()
    assert channel.next_send_why == "limit"


def test_one_delivery_at_work_per_channel(stage: Stage):
    channel = make_channel()
    make_delivery(channel=channel)
    make_delivery(channel=channel)
    other = make_delivery()
    me = rounds.publisher(at(NOON))
    claimed = [claiming.claim(me, NOON) for _ in range(3)]
    assert claimed[1].pk == other.pk
    assert claimed[2] is None


def test_a_publisher_of_another_epoch_claims_nothing(stage: Stage):
    make_delivery()
    rounds.publisher(at(NOON))
    stranger = rounds.Publisher("11111111-1111-1111-1111-111111111111", at(NOON))
    assert claiming.claim(stranger, NOON) is None


def test_the_oldest_and_the_most_urgent_go_first(stage: Stage):
    make_delivery(text="Second", due_at=after(seconds=-1))
    make_delivery(text="First", due_at=after(seconds=-2))
    make_delivery(text="Before all", priority=1)
    step(NOON)
    assert [one.text for one in stage.sent] == ["Before all", "First", "Second"]


def test_a_channel_taken_between_the_look_and_the_claim_is_left_to_the_other(stage: Stage, monkeypatch):
    make_delivery()
    me, really, raced = rounds.publisher(at(NOON)), claiming._claim, iter([IntegrityError()] * 2)

    def claim(*args):
        for lost in raced:
            raise lost
        return really(*args)

    monkeypatch.setattr(claiming, "_claim", claim)
    assert claiming.claim(me, NOON).state == "claimed"
    raced = iter([IntegrityError()] * 5)
    assert claiming.claim(me, NOON) is None
