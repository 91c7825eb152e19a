"""The publisher's own process: on time, woken by whoever writes, and hard to kill."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from accounts import audit, clock
from accounts.models import AuditEntry, Mail
from channels_app import outbox, tasks
from channels_app.models import Delivery, Heartbeat
from channels_app.platforms.base import Outgoing, Receipt
from channels_app.publishing import loop as looping
from channels_app.publishing import rounds, sending, waking
from channels_app.publishing.claim import claim
from channels_app.publishing.loop import Loop
from policy import records
from tests.factories import make_approval, make_channel, make_delivery, make_payload, make_user
from tests.stage import SILENCE, Stage

pytestmark = pytest.mark.usefixtures("transactional_db")


def until(true: Callable[[], bool], seconds: float = 10) -> float:
    """Wait for it; how long that took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it did not happen"
        time.sleep(0.005)
    return time.monotonic() - begun


@pytest.fixture
def running() -> Iterator[Callable[..., Loop]]:
    """Starts publishers in threads; stops them at the end."""
    started: list[tuple[Loop, threading.Thread]] = []

    def start(every: float = 30) -> Loop:
        loop = Loop(every)

        def run() -> None:
            loop.run()
            connections.close_all()

        thread = threading.Thread(target=run)
        started.append((loop, thread))
        thread.start()
        until(lambda: Heartbeat.objects.filter(role="publisher").exists())
        return loop

    yield start
    for loop, thread in started:
        loop.stop()
        thread.join(10)
        assert not thread.is_alive()
        loop._pool.shutdown()  # a thread that is late would find the next test's database


def create(text: str = "Now", wait: float = 0) -> Delivery:
    now = clock.now()
    channel, payload = make_channel(), make_payload(text)
    approval = make_approval(payload, channel)
    due_at = now + timedelta(seconds=wait)
    return outbox.create(channel, "post", "post", payload, approval, None, due_at, now)


def test_it_is_woken_by_the_transaction_that_gives_it_work(stage: Stage, running):
    running(every=30)
    time.sleep(0.2)
    with transaction.atomic():
        create()
        time.sleep(0.3)
        assert stage.sent == []
    assert until(lambda: len(stage.sent) == 1) < 1


def test_what_becomes_due_later_goes_out_on_the_moment(stage: Stage, running):
    running(every=30)
    delivery = create(wait=1.0)
    until(lambda: len(stage.sent) == 1)
    assert timedelta(0) <= clock.now() - delivery.due_at < timedelta(seconds=0.5)


def test_what_becomes_due_between_look_and_sleep_is_not_slept_over(stage: Stage, running, monkeypatch):
    really, slow = looping.claim, threading.Event()

    def dawdle(*asked: object) -> object:
        found = really(*asked)
        if slow.is_set() and found is None:
            time.sleep(0.5)
        return found

    monkeypatch.setattr(looping, "claim", dawdle)
    running(every=30)
    slow.set()
    create(wait=0.3)
    assert until(lambda: len(stage.sent) == 1) < 5


def test_many_channels_are_served_side_by_side(stage: Stage, running):
    together = threading.Barrier(8)

    def meet(outgoing: Outgoing) -> Receipt:
        together.wait(5)
        return stage.publish(outgoing)

    stage.answers = [meet] * 8
    with transaction.atomic():
        for n in range(8):
            create(f"Notice {n}")
    running()
    until(lambda: Delivery.objects.filter(state="published").count() == 8)


def test_a_channel_goes_on_as_soon_as_it_is_free(stage: Stage, running):
    channel, now = make_channel(), clock.now()
    for n in range(20):
        make_delivery(channel=channel, payload=make_payload(f"Notice {n}"), due_at=now)
    running(every=30)
    assert until(lambda: len(stage.sent) == 20, 20) < 20


def test_after_stop_nothing_begins_and_one_under_way_is_finished(stage: Stage, running):
    begun, finish = threading.Event(), threading.Event()

    def slow(outgoing: Outgoing) -> Receipt:
        begun.set()
        finish.wait(10)
        return stage.publish(outgoing)

    stage.answers = [slow]
    running()
    first = create("Under way")
    assert begun.wait(5)
    outbox.stop_all(make_user("manager"), clock.now(), "Stop everything.")
    assert [one.pk for one in outbox.under_way()] == [first.pk]
    create("Too late")
    time.sleep(0.5)
    finish.set()
    until(lambda: Delivery.objects.filter(state="published").count() == 1)
    assert [one.text for one in stage.sent] == ["Under way"]
    outbox.resume_all(make_user("manager"), clock.now())
    until(lambda: len(stage.sent) == 2)


def test_it_outlives_its_database_connections(stage: Stage, running):
    running(every=0.2)
    for _ in range(3):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        time.sleep(0.3)
    create()
    until(lambda: len(stage.sent) == 1)


def test_finished_cycles_are_on_record_and_what_was_written_is_sealed(stage: Stage, running):
    running(every=0.1)
    create()
    until(lambda: Delivery.objects.filter(state="published").exists())
    until(lambda: not AuditEntry.objects.filter(seal=None).exists())
    until(lambda: Heartbeat.objects.filter(role="reconciler").exists())
    assert audit.verify() is None
    assert records.verify() is None
    before = Heartbeat.objects.get(role="publisher").at
    until(lambda: Heartbeat.objects.get(role="publisher").at > before)


def test_what_others_write_is_sealed_while_nothing_is_to_be_sent(stage: Stage, running):
    running(every=30)
    audit.record("looked", None, by=None, now=clock.now())
    until(lambda: not AuditEntry.objects.filter(seal=None).exists(), 5)


def test_open_questions_are_settled_while_others_are_sent(stage: Stage, running, settings):
    settings.OUTBOX_TIME_FACTOR = 100
    stage.answers = [stage.unseen]
    running(every=0.05)
    create()
    until(lambda: Delivery.objects.filter(state="published", via="reconcile").exists())
    assert len(stage.sent) == 1


def test_stopping_it_waits_a_little_for_calls_and_then_leaves_them(stage: Stage, running):
    begun, finish = threading.Event(), threading.Event()

    def slow(outgoing: Outgoing) -> Receipt:
        begun.set()
        finish.wait(10)
        return stage.publish(outgoing)

    stage.answers = [slow]
    loop = running()
    create()
    assert begun.wait(5)
    loop.stop()
    assert not loop.finish(0.1)
    finish.set()
    assert loop.finish(5)


def test_a_thread_that_gives_up_frees_its_place(stage: Stage, running, monkeypatch):
    monkeypatch.setattr(looping, "THREADS", 1)
    faults = iter([ZeroDivisionError("of the thread")])
    really = looping.work

    def work(*args: object) -> None:
        for fault in faults:
            raise fault
        really(*args)

    monkeypatch.setattr(looping, "work", work)
    running(every=0.1)
    create("First")
    create("Second")
    until(lambda: len(stage.sent) == 1)


def test_more_are_got_ready_than_are_sent_at_once_and_those_heed_a_stop(stage: Stage, running, monkeypatch):
    monkeypatch.setattr(looping, "THREADS", 2)
    finish = threading.Event()

    def slow(outgoing: Outgoing) -> Receipt:
        finish.wait(20)
        return stage.publish(outgoing)

    stage.answers = [slow] * 4
    for n in range(4):
        create(f"Notice {n}")
    running()
    until(lambda: len(stage.sent) == 2 and Delivery.objects.filter(state="claimed").count() == 1)
    outbox.stop_all(make_user("publisher"), clock.now(), "A mistake.")
    finish.set()
    until(lambda: Delivery.objects.filter(state="scheduled").count() == 2)
    until(lambda: Delivery.objects.filter(state="published").count() == 2)
    assert len(stage.sent) == 2


def test_one_whose_turn_does_not_come_is_given_back(stage: Stage, settings):
    settings.OUTBOX_TIME_FACTOR = 100
    one = create()
    me = rounds.publisher(clock.now)
    while me.calls.acquire(blocking=False):
        pass
    sending.work(me, claim(me, clock.now()))
    one.refresh_from_db()
    assert (one.state, one.crashes, stage.sent) == ("scheduled", 0, [])
    me.calls.release()
    sending.work(me, claim(me, clock.now()))
    assert len(stage.sent) == 1


def test_whatever_breaks_a_cycle_off_it_goes_on(stage: Stage, running, monkeypatch):
    faults = iter([OSError("disk full"), ZeroDivisionError()])
    really = rounds.publisher

    def publisher(time):
        for fault in faults:
            raise fault
        return really(time)

    monkeypatch.setattr(rounds, "publisher", publisher)
    running(every=0.1)
    create()
    until(lambda: len(stage.sent) == 1)


def test_a_fault_while_claiming_keeps_the_place_free(stage: Stage, monkeypatch):
    loop = Loop(1)
    me = rounds.publisher(clock.now)
    monkeypatch.setattr(looping, "claim", lambda *_: 1 / 0)
    for _ in range(looping.THREADS + 1):
        with pytest.raises(ZeroDivisionError):
            loop._claimed(me)
    assert loop.finish(0)


def test_settlers_that_take_long_are_not_joined_by_ever_more(stage: Stage):
    loop = Loop(1)
    for _ in range(looping.SETTLERS):
        loop._settlers.acquire()
    loop._tend()
    loop._pool.shutdown()
    assert not Heartbeat.objects.filter(role="reconciler").exists()


def test_a_silent_worker_is_told_of_and_its_mail_sent_from_here(stage: Stage, running, monkeypatch):
    monkeypatch.setattr(looping, "WATCH_EVERY", 0)
    admin = make_user("administrator")
    rounds.beat("mailer", clock.now() - timedelta(minutes=6))
    rounds.beat("poller", clock.now() - timedelta(minutes=6))
    running(every=0.1)
    until(lambda: Mail.objects.filter(state="sent").exists())
    assert admin.notifications.get().words == "The worker has sent no mail for 6 min."


def test_a_silent_publisher_is_told_of_by_the_worker(stage: Stage):
    admin = make_user("administrator")
    rounds.beat("publisher", clock.now() - timedelta(minutes=3))
    tasks.send_due()
    tasks.send_due()
    assert "publisher has been silent for 3 min" in admin.notifications.get().words


def test_a_loop_told_too_often_still_sleeps_and_wakes(stage: Stage):
    loop = Loop(1)
    for _ in range(70_000):
        loop._nudge()
    loop._drain()
    for _ in range(20):
        loop._drain()


def test_the_task_shares_the_claim(stage: Stage):
    create()
    tasks.send_due()
    tasks.send_due()
    assert len(stage.sent) == 1


def test_a_round_ends_when_it_is_enough(stage: Stage):
    create()
    assert rounds.once(clock.now, lambda: True) == 0
    assert stage.sent == []


def test_an_ear_hears_only_what_is_committed(stage: Stage):
    with waking.listening() as ear:
        assert ear.wait(0.01) is False
        with transaction.atomic():
            waking.wake()
            assert ear.wait(0.05) is False
        assert ear.wait(1) is True


def test_it_says_when_the_next_one_is_due(stage: Stage):
    now = clock.now()
    assert rounds.next_moment(now) is None
    stage.answers = [SILENCE]
    delivery = create(wait=60)
    assert rounds.next_moment(now) == delivery.due_at
