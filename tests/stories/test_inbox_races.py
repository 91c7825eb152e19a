"""Two people, or two readers, at the same moment: one of them, whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.db import connections

from channels_app.models import Channel, Delivery
from engagement import answering_together, filing, replies
from engagement.models import Conversation, Message
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_conversation, make_incoming
from tests.scripted import Scripted

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all of them in threads that start together; what each gave or raised."""
    start, results = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            results.append(act())
        except Exception as problem:  # noqa: BLE001
            results.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_send_pressed_four_times_at_once_is_one_delivery(transactional_db: str, scripted: Scripted):
    asked, officer = make_conversation(at=NOON), make_user("officer")
    sending = Sending("On Thursday.", "one-form")
    results = at_once(*[lambda: replies.release(asked, sending, by=officer, now=NOON + HOUR).pk] * 4)
    assert len(set(results)) == 1
    assert Delivery.objects.count() == 1


def test_two_officers_pressing_send_at_once_make_one_delivery(transactional_db: str, scripted: Scripted):
    asked, people = make_conversation(at=NOON), [make_user("officer") for _ in range(3)]

    def press(n: int) -> object:
        sending = Sending(f"Answer {n}", f"form-{n}", replies.answers_of(asked))
        return replies.release(asked, sending, by=people[n], now=NOON + HOUR).pk

    results = at_once(*[lambda n=n: press(n) for n in range(3)])
    assert sum(isinstance(result, int) for result in results) == 1
    assert Delivery.objects.count() == 1


def test_readers_at_once_file_each_item_once(transactional_db: str):
    channel = make_channel()
    items = [make_incoming(at=NOON + n * MINUTE) for n in range(30)]
    parts = [items[:20], items[10:], [replace(item) for item in items[5:25]]]
    at_once(*[lambda p=part: filing.file(Channel.objects.get(pk=channel.pk), p, NOON + HOUR) for part in parts])
    assert (Message.objects.count(), Conversation.objects.count()) == (30, 30)


def test_one_answer_for_all_and_one_for_one_of_them_at_once_are_one_answer(transactional_db: str, scripted: Scripted):
    channel, officer, other = make_channel("facebook"), make_user("officer"), make_user("officer")
    post = make_incoming("The pool is shut.", kind="post", remote_id="post-1", author_id=channel.remote_id, at=NOON)
    asked = [make_incoming(kind="comment", parent_id="post-1", root_id="post-1", at=NOON + MINUTE) for _ in range(3)]
    filing.file(channel, [post, *asked], NOON + 2 * MINUTE)
    there = list(Conversation.objects.filter(channel=channel).order_by("pk"))
    results = at_once(
        lambda: answering_together.send(there[0], there, Sending("On Saturday."), by=officer, now=NOON + HOUR).pk,
        lambda: replies.release(there[1], Sending("Because."), by=other, now=NOON + HOUR).pk,
    )
    assert sum(isinstance(result, int) for result in results) == 1
    assert Delivery.objects.count() == 1
