"""Nothing stays where a dead process left it, and every end reaches the layer that asked."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.refusals import LostRace
from channels_app import failpoints, outbox
from channels_app.models import Attempt, Channel, Delivery
from channels_app.publishing import claim as claiming
from channels_app.publishing import results, rounds, sending, sweep, telling
from channels_app.publishing.landing import land
from channels_app.publishing.publisher import at
from policy.models import Approval
from tests.factories import NOON, make_channel, make_delivery, make_user
from tests.stage import CONTENT, SILENCE, Stage, after, events, live

pytestmark = pytest.mark.django_db
LEASE = after(seconds=90)


@pytest.mark.parametrize("state", ["claimed", "preparing"])
def test_a_crash_before_the_intent_means_due_again(stage: Stage, state: str):
    delivery = live(make_delivery(state), after(seconds=89))
    assert delivery.state == state
    sweep.sweep(LEASE)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.crashes, events(delivery)) == ("scheduled", 1, ["crashed"])
    assert live(delivery, LEASE).state == "published"


def test_a_crash_after_the_intent_means_checking(stage: Stage):
    delivery = make_delivery("sending")
    sweep.sweep(LEASE)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sends, delivery.next_action_at) == ("unknown", 1, LEASE)


def test_the_third_crash_goes_to_a_person(stage: Stage):
    publisher = make_user("publisher")
    delivery = live(make_delivery("claimed", crashes=2), LEASE)
    assert (delivery.state, delivery.why, stage.sent) == ("needs_attention", "crashes", [])
    assert "3 crashes" in publisher.notifications.get().words


def test_a_step_that_is_done_forgives_earlier_crashes(stage: Stage):
    stage.step_names = ["image:1"]
    assert live(make_delivery(crashes=2), NOON).crashes == 0


def test_ends_reach_the_layer_that_asked(stage: Stage, layer):
    stage.answers = [None, CONTENT]
    live(make_delivery(origin="layer"), NOON)
    live(make_delivery(origin="layer"), NOON)
    assert layer.told == ["published", "failed"]


def test_a_fault_in_that_layer_loses_neither_the_receipt_nor_its_turn(stage: Stage, layer):
    layer.after_fault = RuntimeError("in a layer above")
    delivery = live(make_delivery(origin="layer"), NOON)
    assert (delivery.state, delivery.taken_up, layer.told) == ("published", False, [])
    layer.after_fault = None
    live(delivery, after(seconds=1), after(seconds=2))
    assert (delivery.taken_up, layer.told) == (True, ["published"])


def test_every_rest_is_told_anew(stage: Stage, layer):
    publisher = make_user("publisher")
    delivery = live(make_delivery("missed", origin="layer"), NOON)
    rounds.once(at(NOON))
    assert layer.told == ["missed"]
    delivery.refresh_from_db()
    land(delivery, "scheduled", "decided", now=NOON, next_action_at=NOON)
    assert not delivery.taken_up
    live(delivery, NOON)
    assert layer.told == ["missed", "published"]
    assert publisher.notifications.count() == 0


def test_who_has_lost_the_claim_writes_nothing(stage: Stage):
    delivery = make_delivery()
    me = rounds.publisher(at(NOON))
    claimed = claiming.claim(me, NOON)
    Delivery.objects.filter(pk=delivery.pk).update(fence=2, owner="another")
    sending.work(me, claimed)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.owner, stage.sent, events(delivery)) == ("claimed", "another", [], [])


def test_a_step_kept_by_one_who_lost_is_not_kept(stage: Stage):
    delivery = make_delivery("preparing")
    delivery.fence = 0
    with pytest.raises(LostRace):
        results.save_step(delivery, lease_until=LEASE)


def test_too_little_of_the_lease_means_not_sending(stage: Stage):
    make_delivery()
    me = rounds.publisher(at(NOON))
    claimed = claiming.claim(me, NOON)
    sending.work(rounds.Publisher(me.epoch, at(after(seconds=46))), claimed)
    assert stage.sent == []


def test_a_publisher_frozen_after_its_intent_does_not_begin(stage: Stage, monkeypatch):
    ticks = iter([0.0, 16.0])
    monkeypatch.setattr(sending, "ticks", lambda: next(ticks))
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, stage.sent, events(delivery)) == ("retry_wait", [], ["intent", "proven_rejected"])


def test_what_held_the_publisher_up_is_no_failure_of_the_platform(stage: Stage, monkeypatch):
    frozen = itertools.chain([0.0, 16.0] * 4, itertools.repeat(0.0))
    monkeypatch.setattr(sending, "ticks", lambda: next(frozen))
    delivery = live(make_delivery(), *(after(seconds=5 * n) for n in range(4)))
    assert (delivery.next_action_at, delivery.channel.failures) == (after(seconds=20), 0)
    assert delivery.channel.next_send_at is None
    assert live(delivery, after(seconds=20)).state == "published"


def test_a_fault_before_the_intent_counts_as_a_crash(stage: Stage):
    delivery = make_delivery()
    failpoints.arm("before_intent=raise")
    live(delivery, NOON)
    failpoints.disarm()
    assert (delivery.state, delivery.crashes, delivery.next_action_at) == ("scheduled", 1, after(minutes=1))


@pytest.mark.parametrize("place", ["after_intent", "after_answer", "before_result"])
def test_a_fault_after_the_intent_leaves_the_question_open(stage: Stage, place: str):
    delivery = make_delivery()
    failpoints.arm(f"{place}=raise")
    live(delivery, NOON)
    failpoints.disarm()
    assert delivery.state == "unknown"
    live(delivery, after(seconds=5), after(seconds=210), after(seconds=270))
    assert delivery.state == "published"
    assert len(stage.public) == 1


def test_a_fault_after_the_result_changes_nothing(stage: Stage):
    failpoints.arm("after_result=raise")
    assert live(make_delivery(), NOON).state == "published"
    failpoints.disarm()


def test_a_fault_of_one_who_lost_changes_nothing(stage: Stage):
    delivery = make_delivery()
    me = rounds.publisher(at(NOON))
    claimed = claiming.claim(me, NOON)
    Delivery.objects.filter(pk=delivery.pk).update(fence=7)
    sending._fault(me, claimed)
    delivery.refresh_from_db()
    assert delivery.state == "claimed"


def test_a_step_that_fails_for_what_may_be_out_asks_a_person(stage: Stage):
    stage.KEYED, stage.step_names, stage.uploads = True, ["image:1"], [SILENCE]
    kept = {"intent_at": NOON, "settle_from": NOON, "settle_by": LEASE}
    delivery = live(make_delivery("retry_wait", **kept), after(minutes=1))
    assert (delivery.state, delivery.why) == ("needs_attention", "may_be_out")


def test_a_row_another_publisher_holds_is_skipped(stage: Stage):
    make_delivery("claimed")
    rows = Delivery.objects.filter(state="published")
    assert sweep._one(rows, 0, sweep._lease_ended, NOON) is False


@pytest.mark.parametrize("fault", [LostRace("moved"), ZeroDivisionError(), IntegrityError()])
def test_a_row_that_cannot_be_dealt_with_keeps_no_other_from_its_turn(stage: Stage, fault: Exception):
    first, second = make_delivery("claimed"), make_delivery("claimed")

    def deal(delivery: Delivery, now: datetime) -> None:
        land(delivery, "scheduled", "crashed", now=now, next_action_at=now)
        if delivery.pk == first.pk:
            raise fault

    assert sweep._each(Delivery.objects.all(), deal, NOON) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("claimed", "scheduled")


def test_a_lost_database_is_the_loops_matter(stage: Stage):
    def deal(delivery: Delivery, now: datetime) -> None:
        raise OperationalError("gone")

    make_delivery("claimed")
    with pytest.raises(OperationalError):
        sweep._each(Delivery.objects.all(), deal, NOON)


def test_a_fault_in_telling_undoes_nothing(stage: Stage, monkeypatch):
    def fail(*args: object, **how: object) -> None:
        raise RuntimeError("in notifications")

    monkeypatch.setattr(telling, "tell_role", fail)
    assert live(make_delivery(), after(minutes=31)).state == "missed"


def test_what_is_blocked_is_asked_about_every_half_minute(stage: Stage, layer):
    layer.block = outbox.Block("gone", "It is gone.")
    delivery = live(make_delivery(origin="layer"), NOON, after(seconds=1))
    assert delivery.next_action_at == after(seconds=31)
    layer.block = None
    assert live(delivery, after(seconds=29)).state == "blocked"
    assert live(delivery, after(seconds=31)).state == "published"


def test_the_reason_that_holds_it_now_is_the_one_people_read(stage: Stage):
    delivery = make_delivery(channel=make_channel(state="paused"), late_minutes=None)
    assert live(delivery, NOON).why == "channel"
    Approval.objects.filter(pk=delivery.approval_id).update(withdrawn_at=NOON)
    Channel.objects.update(state="ok")
    live(delivery, after(minutes=1), after(minutes=2))
    assert (delivery.state, delivery.why, delivery.why_words) == ("blocked", "approval", "The approval was withdrawn.")
    assert delivery.next_action_at == after(minutes=1, seconds=30)  # it does not go away by itself: not asked again


def test_a_round_with_nothing_to_do_asks_one_question(stage: Stage, django_assert_num_queries):
    live(make_delivery(origin="nobody"), NOON)
    make_delivery(due_at=after(hours=1))
    make_delivery("unknown", next_action_at=after(hours=1))
    with django_assert_num_queries(1):
        assert sweep.sweep(after(minutes=1)) == 0


def test_a_part_whose_moment_passed_before_the_part_before_it_was_out_is_not_missed(stage: Stage):
    first = make_delivery("unknown", next_action_at=after(days=1))
    second = make_delivery(channel=first.channel, follows=first)
    sweep.sweep(after(hours=2))
    second.refresh_from_db()
    assert second.state == "scheduled"


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("scheduled", {"lease_until": LEASE}),
        ("claimed", {"lease_until": None}),
        ("published", {"remote_id": ""}),
        ("scheduled", {"next_action_at": None}),
        ("unknown", {"next_action_at": None}),
        ("scheduled", {"state": "sent"}),
    ],
)
def test_the_database_refuses_what_must_never_be(state: str, change: dict[str, object]):
    delivery = make_delivery(state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**change)


def test_the_database_refuses_two_at_work_on_one_channel():
    channel = make_channel()
    make_delivery("sending", channel=channel)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_delivery("claimed", channel=channel)


def test_the_database_refuses_a_second_intent_under_one_fence(stage: Stage):
    delivery = live(make_delivery(), NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(delivery=delivery, n=2, fence=delivery.fence, event="intent", at=NOON)


@pytest.mark.parametrize("statement", ["UPDATE channels_app_attempt SET n = 9", "DELETE FROM channels_app_attempt"])
def test_attempts_are_only_ever_added(stage: Stage, statement: str):
    live(make_delivery(), NOON)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_nobody_registered_for_is_simply_done(stage: Stage):
    assert live(make_delivery(origin="nobody"), NOON).taken_up


def test_a_follower_whose_layer_finds_it_unable_is_left_for_the_claim(stage: Stage):
    first = make_delivery("failed")
    second = make_delivery(channel=first.channel, follows=first)
    stage.CAN = frozenset()
    assert sweep.followers(NOON) == 0
    assert second.state == "scheduled"
