"""A post in several parts: each waits for the one before, hangs under it, and is sent once."""

from __future__ import annotations

import pytest

from accounts.refusals import IllegalMove, Invalid
from channels_app import outbox
from channels_app.models import Channel, Delivery
from tests.factories import NOON, make_approval, make_channel, make_payload, make_user
from tests.stage import CONTENT, SILENCE, Layer, Stage, after, live

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads(stage: Stage, layer: Layer) -> Stage:
    stage.CAN = stage.CAN | {"thread"}
    return stage


def thread(channel: Channel | None = None, parts: tuple[str, ...] = ("Two", "Three"), **more: object) -> Delivery:
    channel = channel or make_channel()
    payload = make_payload("One", parts=list(parts), **more)
    approval = make_approval(payload, channel)
    return outbox.create(channel, "post", "layer", payload, approval, None, NOON, NOON - (after(hours=1) - NOON))


def states() -> list[str]:
    return list(Delivery.objects.order_by("part", "pk").values_list("state", flat=True))


def test_a_thread_goes_out_in_its_order_each_part_under_the_one_before(threads: Stage):
    first = live(thread(), NOON)
    assert [(one.text, one.reply_to, one.root) for one in threads.sent] == [
        ("One", "", ""),
        ("Two", "ours-1", "ours-1"),
        ("Three", "ours-2", "ours-1"),
    ]
    assert states() == ["published"] * 3
    assert len({one.idem_key for one in threads.sent}) == 3
    assert len({one.approval_id for one in outbox.parts_after(first)}) == 1


def test_pictures_link_and_poll_stand_in_the_first_part_alone(threads: Stage):
    threads.CAN = threads.CAN | {"poll"}
    live(thread(parts=("Two",), link="https://fernhill.example", poll={"options": ["a", "b"], "minutes": 60}), NOON)
    assert [(one.link, bool(one.poll)) for one in threads.sent] == [("https://fernhill.example", True), ("", False)]


def test_while_nobody_knows_whether_the_first_is_out_the_second_waits(threads: Stage):
    threads.answers = [SILENCE]
    live(thread(parts=("Two",)), NOON)
    assert states() == ["unknown", "scheduled"]
    assert len(threads.sent) == 1


def test_a_part_whose_answer_was_lost_is_found_under_its_parent_and_not_sent_twice(threads: Stage):
    threads.answers = [None, threads.unseen]
    live(thread(parts=("Two",)), NOON, *(after(minutes=n) for n in range(1, 8)))
    assert states() == ["published", "published"]
    assert [one.text for one in threads.public] == ["One", "Two"]


def test_what_follows_something_that_failed_waits_for_a_person(threads: Stage):
    threads.answers = [CONTENT]
    live(thread(), NOON, after(seconds=5))
    assert states()[:2] == ["failed", "blocked"]
    assert len(threads.sent) == 1


def test_a_part_does_not_go_out_alone_where_only_a_person_saw_the_one_before(threads: Stage):
    threads.answers, threads.looks = [SILENCE], [SILENCE] * 99
    first = thread(parts=("Two",))
    Delivery.objects.filter(part=1).update(late_minutes=None)
    live(first, *(after(minutes=n) for n in range(60)))
    outbox.decide(first, "it_is_there", make_user("publisher"), after(hours=1), "I see it.", url="https://x.example/1")
    live(first, after(hours=1), after(hours=1, minutes=1))
    assert states() == ["published", "blocked"]
    assert len(threads.sent) == 1


def test_a_part_that_failed_is_sent_again_under_the_one_that_is_out(threads: Stage):
    threads.answers = [None, CONTENT]
    first = live(thread(), NOON)
    failed = first.followers.get()
    publisher = make_user("publisher")
    outbox.send_parts_from(failed, publisher, after(minutes=5))
    live(first, after(minutes=5))
    assert [(one.text, one.reply_to) for one in threads.public] == [
        ("One", ""),
        ("Two", "ours-1"),
        ("Three", "ours-2"),
    ]
    with pytest.raises(IllegalMove):
        outbox.send_parts_from(first, publisher, after(minutes=6))


def test_moving_or_cancelling_the_first_takes_all_along(threads: Stage):
    publisher, first = make_user("publisher"), thread()
    outbox.reschedule(first, after(days=2), publisher, NOON, first.version)
    assert {one.due_at for one in Delivery.objects.all()} == {after(days=2)}
    first.refresh_from_db()
    outbox.cancel(first, publisher, NOON, first.version)
    assert states() == ["cancelled"] * 3


@pytest.mark.parametrize(
    ("can", "more"),
    [
        ((), {"parts": ["Two"]}),
        (("first_comment",), {"parts": ["Two", "Three"]}),
        (("thread",), {"poll": {"options": ["a", "b"], "minutes": 60}}),
    ],
)
def test_what_a_platform_cannot_is_refused_before_anything_is_kept(stage: Stage, can, more):
    stage.CAN = stage.CAN | set(can)
    channel, payload = make_channel(), make_payload("One", **more)
    with pytest.raises(Invalid):
        outbox.create(channel, "post", "layer", payload, make_approval(payload, channel), None, NOON, NOON)
    assert Delivery.objects.count() == 0
