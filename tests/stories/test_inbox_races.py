"""Two people, or two readers, at the same moment: one of them, whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.db import connections

from accounts.models import User
from channels_app.models import Channel, Delivery
from engagement import answering_together, deciding, filing, replies, signing
from engagement.deciding import Question
from engagement.models import Conversation, Decision, Message, Reply
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_conversation, make_incoming, receive
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


ROUNDS = 100


def in_rounds(*acts: Callable[[int], object]) -> list[tuple[object, ...]]:
    """Every act in a thread of its own, all at the same moment in each round; what each gave or raised."""
    start = threading.Barrier(len(acts))
    results: list[list[object]] = [[None] * len(acts) for _ in range(ROUNDS)]

    def run(place: int, act: Callable[[int], object]) -> None:
        for number in range(ROUNDS):
            start.wait(30)
            try:
                results[number][place] = act(number)
            except Exception as problem:  # noqa: BLE001
                results[number][place] = problem
        connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [tuple(one) for one in results]


def asked_often() -> list[Conversation]:
    channel = make_channel()
    receive(channel, *[make_incoming(at=NOON) for _ in range(ROUNDS)])
    return list(Conversation.objects.select_related("channel__scope"))


def waiting_for(conversations: list[Conversation], by: User) -> tuple[list[Reply], list[str]]:
    """An answer of this person's that waits for a signature on each, and its seal."""
    rows = []
    for message in Message.objects.filter(conversation__in=conversations).select_related("channel", "person"):
        facts = {"conversation": message.conversation, "parent": message, "author": by, "visibility": "public"}
        rows.append(Reply(text="There is a refund.", state="in_review", at=NOON, asked_at=NOON, **facts))
    made = Reply.objects.bulk_create(rows)
    by_conversation = {one.conversation_id: one for one in made}
    found = [by_conversation[one.pk] for one in conversations]
    for one in found[::10]:
        deciding.ask(one, Question(), [], by=by, now=NOON)
    return found, [signing.seal(one) for one in found]


def left(conversations: list[Conversation]) -> list[int]:
    """How many answers left for each of these conversations."""
    rows = Delivery.objects.filter(reply__conversation__in=conversations).values_list("reply__conversation", flat=True)
    found = list(rows)
    return [found.count(one.pk) for one in conversations]


def test_in_a_hundred_rounds_two_people_at_once_are_one_answer(transactional_db: str, scripted: Scripted):
    asked, people = asked_often(), [make_user("officer"), make_user("officer")]

    def press(by: User, number: int) -> object:
        sending = Sending("On Thursday.", f"{by.pk}-{number}", 0)
        return replies.release(asked[number], sending, by=by, now=NOON + HOUR).pk

    results = in_rounds(*[partial(press, by) for by in people])
    assert [sum(isinstance(one, int) for one in result) for result in results] == [1] * ROUNDS
    assert left(asked) == [1] * ROUNDS


def test_in_a_hundred_rounds_a_person_and_an_approver_at_once_are_one_answer(transactional_db: str, scripted: Scripted):
    asked, (tom, sam) = asked_often(), [make_user("officer"), make_user("officer")]
    ruth = make_user("approver")
    waiting, seen = waiting_for(asked, tom)

    def press(number: int) -> object:
        return replies.release(asked[number], Sending("On Thursday."), by=sam, now=NOON + HOUR).pk

    def sign(number: int) -> object:
        return replies.approve(waiting[number], seen[number], by=ruth, now=NOON + HOUR).pk

    results = in_rounds(press, sign)
    assert [sum(isinstance(one, int) for one in result) for result in results] == [1] * ROUNDS
    assert left(asked) == [1] * ROUNDS
    assert Reply.objects.filter(author=sam, state="draft", text="On Thursday.").count() == ROUNDS


def test_in_a_hundred_rounds_signed_and_taken_back_at_once_is_one_of_both(transactional_db: str, scripted: Scripted):
    asked, tom, ruth = asked_often(), make_user("officer"), make_user("approver")
    waiting, seen = waiting_for(asked, tom)

    def sign(number: int) -> object:
        return replies.approve(waiting[number], seen[number], by=ruth, now=NOON + HOUR).pk

    def take_back(number: int) -> object:
        return signing.withdraw(waiting[number], by=tom, now=NOON + HOUR).pk

    results = in_rounds(sign, take_back)
    assert [sum(isinstance(one, int) for one in result) for result in results] == [1] * ROUNDS
    signed = [isinstance(result[0], int) for result in results]
    assert left(asked) == [int(one) for one in signed]
    ends = dict(Decision.objects.values_list("reply", "state"))
    kept = {one.pk: "approved" if won else "withdrawn" for one, won in zip(waiting, signed, strict=True)}
    assert ends == {pk: kept[pk] for pk in ends}


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
