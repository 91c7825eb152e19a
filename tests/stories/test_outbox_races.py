"""Many at once: every delivery is sent once, and of two who act on one, one wins and the other is told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts import clock
from accounts.refusals import Refusal
from channels_app import failpoints, outbox
from channels_app.models import Attempt, Channel, Delivery, Instance
from channels_app.platforms.base import Outgoing, Receipt
from channels_app.publishing import claim as claiming
from channels_app.publishing import results, rounds, sending, sweep
from channels_app.publishing.publisher import at
from tests.factories import NOON, make_channel, make_delivery, make_payload, make_user
from tests.faults.workers import until
from tests.stage import CONTENT, LATER, Stage, after

pytestmark = pytest.mark.usefixtures("transactional_db")


def at_once(jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run the jobs in threads that start together; their results, a refusal being one."""
    gate = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(n: int, job: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            results[n] = job()
        except Refusal as refusal:
            results[n] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, job)) for n, job in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    return results


def test_eight_publishers_and_two_hundred_deliveries_each_sent_once(stage: Stage):
    channels = [make_channel() for _ in range(10)]
    for n in range(200):
        make_delivery(channel=channels[n % 10], payload=make_payload(f"Notice {n}"), late_minutes=None)
    instant = rounds.publisher(at(NOON))

    def publish_all() -> None:
        for _ in range(400):
            delivery = claiming.claim(instant, NOON)
            if delivery:
                sending.work(instant, delivery)
            elif not Delivery.objects.filter(state="scheduled").exists():
                return

    at_once([publish_all] * 8)
    assert Counter(one.text for one in stage.sent) == Counter(f"Notice {n}" for n in range(200))
    assert Delivery.objects.filter(state="published").count() == 200
    assert Attempt.objects.filter(event="intent").count() == 200


def test_at_most_one_call_per_channel_is_under_way(stage: Stage):
    channel, busy, most = make_channel(), threading.Semaphore(1), []
    for n in range(12):
        make_delivery(channel=channel, payload=make_payload(f"Notice {n}"))

    def alone(outgoing: Outgoing) -> Receipt:
        most.append(busy.acquire(blocking=False))
        threading.Event().wait(0.01)
        busy.release()
        return stage.publish(outgoing)

    stage.answers = [alone] * 12
    at_once([lambda: [outbox.step(NOON) for _ in range(20)]] * 4)
    assert most == [True] * 12


def test_a_claim_that_looked_long_ago_and_a_result_do_not_wait_for_each_other(stage: Stage):
    """The claim holds the channel and finds out too late that another delivery is at work there."""
    channel = make_channel()
    sent, waiting = make_delivery("sending", channel=channel), make_delivery(channel=channel)
    receipt = Receipt("r1", "https://example.org/1", NOON)
    claimed = Delivery.objects.filter(pk=waiting.pk)
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        ending = threading.Thread(target=apart, args=(lambda: results.ended(sent, receipt, NOON, open_before=False),))
        ending.start()
        until(waits_for_a_lock)
        with pytest.raises(IntegrityError), transaction.atomic():
            claimed.update(state="claimed", lease_until=after(seconds=90), owner="slow")
    ending.join(30)
    sent.refresh_from_db()
    assert sent.state == "published"


def apart(job: Callable[[], object]) -> None:
    """A thread's work, its connection closed at the end."""
    try:
        job()
    finally:
        connections.close_all()


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_of_a_claim_and_a_cancel_one_wins(stage: Stage):
    publisher = make_user("publisher")
    outcomes: Counter[str] = Counter()
    for _ in range(15):
        delivery = make_delivery()
        _, told = at_once([lambda: outbox.step(NOON), lambda d=delivery: outbox.cancel(d, publisher, NOON, d.version)])
        delivery = Delivery.objects.get(pk=delivery.pk)
        assert (delivery.state, isinstance(told, Refusal)) in {("published", True), ("cancelled", False)}
        outcomes[delivery.state] += 1
    assert len(stage.sent) == outcomes["published"]


def test_of_a_claim_and_a_move_in_time_one_wins(stage: Stage):
    publisher = make_user("publisher")
    for _ in range(15):
        delivery = make_delivery()
        later = [lambda d=delivery: outbox.reschedule(d, after(hours=1), publisher, NOON, d.version)]
        _, told = at_once([lambda: outbox.step(NOON), *later])
        delivery.refresh_from_db()
        assert (delivery.state, isinstance(told, Refusal)) in {("published", True), ("scheduled", False)}


def test_two_people_and_one_delivery(stage: Stage):
    ines, omar = make_user("publisher"), make_user("publisher")
    delivery = make_delivery("missed")
    told = at_once(
        [lambda who=who: outbox.decide(Delivery.objects.get(pk=delivery.pk), "send", who, NOON) for who in (ines, omar)]
    )
    assert sum(isinstance(one, Refusal) for one in told) <= 1
    outbox.step(NOON)
    outbox.step(NOON)
    assert len(stage.sent) == 1


def test_sweeps_at_once_count_one_crash(stage: Stage):
    delivery = make_delivery("claimed")
    at_once([lambda: sweep.sweep(after(seconds=90))] * 6)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.crashes, delivery.attempts.count()) == ("scheduled", 1, 1)


def test_after_stop_no_send_begins_even_among_those_already_claimed(stage: Stage):
    manager = make_user("manager")
    for _ in range(40):
        make_delivery()
    begun: list[bool] = []
    stopped = threading.Event()

    def seen(outgoing: Outgoing) -> Receipt:
        begun.append(stopped.is_set())
        return stage.publish(outgoing)

    stage.answers = [seen] * 40

    def stop() -> None:
        threading.Event().wait(0.05)
        outbox.stop_all(manager, clock.now(), "Stop.")
        threading.Event().wait(0.5)  # an intent committed just before may still be on its way into the call
        stopped.set()

    at_once([lambda: outbox.step(NOON)] * 4 + [stop])
    assert not any(begun)
    assert outbox.step(NOON) == 0
    assert Delivery.objects.filter(state__in=["claimed", "sending"]).count() == 0


def test_publishers_that_start_at_once_agree_on_whose_database_it_is(stage: Stage):
    manager = make_user("manager")
    for _ in range(10):
        at_once([lambda: rounds.publisher(at(NOON)) for _ in range(6)])
        assert outbox.publishing_state().on
        Instance.objects.update(publishing=False, restored=True)
        outbox.resume_all(manager, NOON)


def test_a_publisher_frozen_since_its_claim_does_not_take_over_a_newer_one(stage: Stage, monkeypatch):
    delivery = make_delivery()
    me = rounds.publisher(at(NOON))

    def frozen(place: str) -> None:
        Delivery.objects.filter(pk=delivery.pk).update(fence=2, owner="another")

    with monkeypatch.context() as patch:
        patch.setattr(claiming.failpoints, "hit", frozen)
        assert claiming.claim(me, NOON) is None


def test_a_fault_outside_every_transaction_is_written_down(stage: Stage):
    """The same faults as in the stories of one transaction, where each write opens its own."""
    stage.step_names = ["image:1"]
    stage.uploads, stage.answers = [LATER, CONTENT], [ZeroDivisionError("in the SDK"), Receipt("vid", pending=True)]
    waits, fails = make_delivery(), make_delivery()
    asks, processed = make_delivery(prepared={"image:1": "1"}), make_delivery(prepared={"image:1": "1"})
    stage.reads = [None]
    assert outbox.step(NOON) == 4
    states = [Delivery.objects.get(pk=one.pk).state for one in (waits, fails, asks, processed)]
    assert states == ["retry_wait", "failed", "unknown", "awaiting_platform"]
    failpoints.arm("before_result=raise")
    raises = make_delivery(prepared={"image:1": "1"})
    outbox.step(after(seconds=5))
    failpoints.disarm()
    raises.refresh_from_db()
    assert raises.state == "unknown"


def test_the_intent_is_there_for_all_to_see_before_the_first_byte(stage: Stage):
    delivery = make_delivery()
    seen: list[object] = []

    def look(outgoing: Outgoing) -> Receipt:
        seen.append(connection.in_atomic_block)
        seen.extend(at_once([lambda: list(Attempt.objects.values_list("event", "idem_key"))]))
        seen.extend(at_once([lambda: Delivery.objects.get(pk=delivery.pk).state]))
        return stage.publish(outgoing)

    stage.answers = [look]
    outbox.step(NOON)
    assert seen == [False, [("intent", stage.sent[0].idem_key)], "sending"]
