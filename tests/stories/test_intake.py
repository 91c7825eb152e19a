"""Nothing a resident writes is lost, and nothing is there twice."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from accounts import clock
from channels_app import connecting
from channels_app.models import Channel, Cursor, Heartbeat
from channels_app.platforms.base import Refused, TryLater
from engagement import filing, intake, pace, tasks, threaded
from engagement.models import ClockEvent, Conversation, Message, MessageVersion, Person
from policy.models import Record
from tests.factories import NOON, make_channel
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def make_cursor(channel: Channel | None = None, stream: str = "mentions", **facts: object) -> Cursor:
    return Cursor.objects.create(
        channel=channel or make_channel(), stream=stream, **{"next_poll_at": NOON - DAY, **facts}
    )


def poll(cursor: Cursor, now=NOON, **how):
    Cursor.objects.filter(pk=cursor.pk).update(next_poll_at=now)
    filed = intake.poll(cursor.pk, now, **how)
    cursor.refresh_from_db()
    return filed


def test_a_poll_files_what_is_new_and_moves_the_cursor(scripted: Scripted):
    scripted.items = [make_incoming(at=NOON - n * MINUTE) for n in range(3)]
    cursor = make_cursor()
    assert len(poll(cursor).new) == 3
    assert (cursor.seen_to, cursor.lease_until, cursor.failures) == (NOON, None, 0)
    assert cursor.next_poll_at == NOON + pace.every()
    assert Channel.objects.get(pk=cursor.channel_id).last_read_at == NOON
    assert Record.objects.filter(kind="message").count() == 3


def test_reading_again_changes_nothing(scripted: Scripted):
    scripted.items = [make_incoming(at=NOON - n * MINUTE) for n in range(60)]
    cursor = make_cursor()
    poll(cursor)
    counts = [model.objects.count() for model in (Message, MessageVersion, Record, ClockEvent, Conversation, Person)]
    assert len(poll(cursor, NOON + MINUTE, reach=DAY).new) == 0
    assert counts == [
        model.objects.count() for model in (Message, MessageVersion, Record, ClockEvent, Conversation, Person)
    ]


def test_outage_burst_late_items_and_crashes_lose_nothing(scripted: Scripted):
    dice = random.Random(7)
    start = NOON - 2 * DAY
    scripted.page_size = 40
    cursor = make_cursor(make_channel(created_at=start - DAY), seen_to=start, last_ok_at=start)
    for _ in range(400):
        at = start + timedelta(seconds=dice.randrange(2 * 86_400))
        item = make_incoming(at=at)
        scripted.items.append(item)
        if dice.random() < 0.05:
            scripted.shown[item.remote_id] = at + timedelta(seconds=dice.randrange(13 * 60))
    scripted.items += [make_incoming(at=start + 30 * HOUR + timedelta(seconds=n / 3)) for n in range(250)]
    now = start
    while now < NOON + HOUR:
        now += 30 * MINUTE
        if start + 10 * HOUR < now < start + 16 * HOUR:
            continue
        scripted.at = now
        if dice.random() < 0.05:
            scripted.faults = [None] * dice.randrange(3) + [TryLater("busy", wait=30)]
        poll(cursor, now)
    assert Message.objects.count() == len(scripted.items)
    assert MessageVersion.objects.count() == len(scripted.items)


def test_a_limit_in_the_middle_of_a_walk_keeps_its_place(scripted: Scripted):
    scripted.page_size = 10
    scripted.items = [make_incoming(at=NOON - n * MINUTE) for n in range(35)]
    cursor = make_cursor()
    scripted.faults = [None, None, TryLater("limit", wait=600, whole_channel=True)]
    other = make_cursor(cursor.channel, "posts", next_poll_at=NOON)
    assert len(poll(cursor).new) == 20
    assert cursor.seen_to is None
    assert cursor.resume["page"]
    other.refresh_from_db()
    assert other.next_poll_at == cursor.next_poll_at == NOON + 10 * MINUTE
    scripted.items.append(make_incoming(at=NOON + 5 * MINUTE))
    assert len(poll(cursor, NOON + 10 * MINUTE).new) == 15
    assert (cursor.seen_to, cursor.resume) == (NOON, {})
    assert len(poll(cursor, NOON + 10 * MINUTE).new) == 1


def test_a_crash_in_the_middle_of_a_walk_leaves_the_cursor_where_it_was(scripted: Scripted):
    scripted.page_size = 10
    scripted.items = [make_incoming(at=NOON - n * MINUTE) for n in range(35)]
    cursor = make_cursor(seen_to=NOON - DAY, last_ok_at=NOON - DAY)
    scripted.faults = [None, None, ZeroDivisionError("a fault nobody foresaw")]
    with pytest.raises(ZeroDivisionError):
        poll(cursor)
    cursor.refresh_from_db()
    assert cursor.seen_to == NOON - DAY
    assert Message.objects.count() == 0
    assert intake.poll(cursor.pk, NOON + MINUTE) is None  # leased until the crash is sure
    assert len(poll(cursor, NOON + intake.LEASE).new) == 35


def test_a_reader_that_lost_its_lease_writes_nothing(scripted: Scripted):
    scripted.items = [make_incoming()]
    cursor = make_cursor()
    slow = intake.claim(cursor.pk, NOON)
    assert slow
    walk = intake._walk(scripted, connecting.account_of(slow.channel), slow, NOON - DAY)
    quick = intake.claim(cursor.pk, NOON + intake.LEASE)
    assert quick
    with pytest.raises(Exception, match="someone else"):
        intake._settle(slow, walk, NOON)
    assert Message.objects.count() == 0


def test_an_edit_becomes_a_version_and_a_record():
    channel = make_channel()
    item = make_incoming("Is the pool open?")
    receive(channel, item)
    receive(channel, replace(item, text="Is the pool open on Sunday?", raw={"id": item.remote_id, "edited": True}))
    message = Message.objects.get()
    assert [version.text for version in message.versions.all()] == ["Is the pool open?", "Is the pool open on Sunday?"]
    assert message.text == "Is the pool open on Sunday?"
    assert Record.objects.filter(ref=filing.reference(channel, item.remote_id)).count() == 2
    assert fresh(message.conversation).excerpt == "Is the pool open on Sunday?"


def test_residents_whom_a_platform_does_not_name_are_not_taken_for_one_person():
    channel = make_channel()
    receive(channel, *(make_incoming(words, author_id="", author_handle="", author_name="") for words in ("a", "b")))
    first, second = Message.objects.order_by("text")
    assert first.person != second.person
    assert str(first.person) == "A resident"


def test_an_older_edit_read_late_does_not_come_back():
    channel = make_channel()
    item = make_incoming("one", edited_at=NOON + HOUR)
    receive(channel, item)
    receive(channel, replace(item, text="zero", edited_at=NOON))
    assert Message.objects.get().text == "one"


def test_our_own_posts_are_ours_and_start_no_clock(scripted: Scripted):
    channel = make_channel()
    post = make_own(channel, "The pool opens at ten.", kind="post")
    scripted.items = [post]
    poll(make_cursor(channel, "posts"))
    message = Message.objects.get()
    assert message.ours
    assert message.conversation is None
    assert not ClockEvent.objects.exists()
    follower = Cursor.objects.get(stream="comments")
    assert (follower.root, follower.root_at) == (post.remote_id, NOON)


def test_comments_are_read_often_while_a_post_is_young(settings):
    settings.PRACTICE = False
    pauses = [pace.for_comments(NOON - age, NOON) for age in (HOUR, 3 * DAY, 20 * DAY, 100 * DAY)]
    assert pauses == [5 * MINUTE, HOUR, DAY, 7 * DAY]
    settings.PRACTICE = True
    assert pace.for_comments(NOON, NOON) == timedelta(seconds=15)


def test_a_time_in_the_future_is_replaced_and_flagged():
    message = receive(make_channel(), make_incoming(at=NOON + DAY), now=NOON)[0]
    assert (message.at, message.at_doubtful) == (NOON, True)
    assert message.conversation.due_at == NOON + DAY


def test_messages_from_before_the_channel_came_are_history():
    channel = make_channel(created_at=NOON)
    message = receive(channel, make_incoming(at=NOON - 3 * DAY), now=NOON)[0]
    assert (message.conversation.state, message.conversation.outcome) == ("closed", "history")
    assert not ClockEvent.objects.exists()
    answer = make_incoming("Still nothing?", at=NOON + HOUR, parent_id=message.remote_id)
    again = receive(channel, answer)[0]
    assert again.conversation == message.conversation
    assert fresh(message.conversation).state == "open"


def test_a_private_message_never_shares_a_conversation_with_public_ones():
    channel = make_channel()
    first = make_incoming("When is the market?", author_id="ada")
    private = make_incoming(
        "My address is Mill Road 4", author_id="ada", parent_id=first.remote_id, kind="direct", visibility="direct"
    )
    public, secret = receive(channel, first, private)
    assert public.conversation != secret.conversation
    assert (public.conversation.private, secret.conversation.private) == (False, True)


def test_replies_find_their_thread_by_parent_and_by_key():
    channel = make_channel()
    top = make_incoming("Who mows here?", kind="comment", root_id="post-1")
    below = make_incoming("Yes, who?", kind="comment", parent_id=top.remote_id, thread_key=top.remote_id)
    beside = make_incoming("And when?", kind="comment", parent_id="not-known-yet", thread_key=top.remote_id)
    assert len({message.conversation_id for message in receive(channel, top, below, beside)}) == 1


def test_the_same_thread_met_in_two_streams_is_one_conversation():
    channel = make_channel()
    item = make_incoming(kind="comment")
    receive(channel, item)
    receive(channel, item, make_incoming(thread_key=item.thread_key))
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 2)


def test_text_the_database_does_not_take_is_mended():
    message = receive(make_channel(), make_incoming("half \ud83d and \x00 nothing", author_name="A\x00"))[0]
    assert message.text == "half ? and \ufffd nothing"
    assert message.person.name == "A\ufffd"


def test_a_dead_token_asks_for_reconnecting_and_stops(scripted: Scripted):
    cursor = make_cursor()
    scripted.faults = [Refused("The token was revoked.", cause="token")]
    assert poll(cursor) is None
    channel = Channel.objects.get(pk=cursor.channel_id)
    assert channel.state == "needs_reconnect"
    assert intake.due(NOON + DAY) == []


def test_after_three_failures_the_whole_channel_rests(scripted: Scripted):
    cursor = make_cursor()
    other, stranger = make_cursor(cursor.channel, "posts"), make_cursor()
    for n, expected in enumerate([pace.every(), pace.every(), MINUTE, 5 * MINUTE, 15 * MINUTE, 15 * MINUTE]):
        scripted.faults = [TryLater("no answer", wait=1)]
        now = NOON + n * HOUR
        poll(cursor, now)
        assert cursor.next_poll_at == now + expected
    other.refresh_from_db()
    stranger.refresh_from_db()
    assert other.next_poll_at == cursor.next_poll_at
    assert stranger.next_poll_at < NOON
    poll(cursor, NOON + 9 * HOUR)
    assert cursor.failures == 0


def test_a_post_that_is_gone_is_not_read_any_more(scripted: Scripted):
    channel = make_channel()
    receive(channel, make_own(channel, kind="post", remote_id="post-1"))
    cursor = make_cursor(channel, "comments", root="post-1")
    scripted.faults = [Refused("not there", cause="gone")]
    intake.poll(cursor.pk, NOON)
    assert not Cursor.objects.filter(pk=cursor.pk).exists()
    assert Message.objects.get(remote_id="post-1").gone_at == NOON


def test_one_channel_does_not_use_up_a_tick(scripted: Scripted):
    busy, quiet = make_channel(), make_channel()
    for n in range(9):
        make_cursor(busy, "comments", root=f"post-{n}", next_poll_at=NOON - DAY)
    make_cursor(quiet, next_poll_at=NOON - MINUTE)
    chosen = Cursor.objects.filter(pk__in=intake.due(NOON))
    assert chosen.filter(channel=busy).count() == pace.PER_TICK
    assert chosen.filter(channel=quiet).exists()


def test_somebody_who_changed_their_name_is_the_same_person():
    channel = make_channel()
    receive(channel, make_incoming(author_id="7", author_name="Ada"))
    receive(channel, make_incoming(author_id="7", author_name="Ada King"))
    assert Person.objects.get().name == "Ada King"


def test_a_conversation_done_opens_again_when_the_resident_writes():
    conversation = make_conversation()
    Conversation.objects.update(state="closed", outcome="thanks")
    first = conversation.messages.get()
    receive(conversation.channel, make_incoming(parent_id=first.remote_id, at=NOON + HOUR))
    assert (fresh(conversation).state, fresh(conversation).outcome) == ("open", "")


def test_a_finished_reading_is_the_pollers_heartbeat(scripted: Scripted):
    make_channel()
    scripted.items = [make_incoming()]
    (first, *_) = intake.due(clock.now())
    assert not Heartbeat.objects.filter(role="poller").exists()
    tasks.poll_cursor(first)
    assert Heartbeat.objects.get(role="poller").at


def test_no_heartbeat_while_reading_does_not_keep_up(scripted: Scripted, monkeypatch: pytest.MonkeyPatch):
    asked: list[object] = []
    monkeypatch.setattr(tasks.poll_cursor, "apply_async", lambda args, **how: asked.append((args, how["expires"])))
    cursor = make_cursor(next_poll_at=clock.now() - HOUR)
    tasks.poll_due()
    assert ([cursor.pk], 60) in asked
    assert not Heartbeat.objects.exists()
    Cursor.objects.update(next_poll_at=clock.now() + HOUR)
    tasks.poll_due()
    assert Heartbeat.objects.get(role="poller").words == "nothing waits"


def test_a_paused_channel_is_still_heard(scripted: Scripted):
    scripted.items = [make_incoming()]
    cursor = make_cursor(make_channel(state="paused"))
    assert len(poll(cursor).new) == 1


def test_the_first_reading_of_a_day_goes_back_a_week_and_finds_what_was_shown_late(scripted: Scripted):
    cursor = make_cursor(seen_to=NOON - HOUR, last_ok_at=NOON - HOUR)
    scripted.page_size = 1
    scripted.items = [make_incoming(at=NOON - age) for age in (HOUR, 5 * HOUR, 3 * DAY)]
    assert len(poll(cursor).new) == 2
    assert len(poll(cursor, NOON + HOUR).new) == 0
    assert len(poll(cursor, NOON + DAY).new) == 1


@pytest.fixture
def threads(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Comments come by thread, ten to a page, the newest thread first; four pages of them, the newest an hour old."""
    monkeypatch.setattr(Scripted, "THREADS", True)
    scripted.page_size = 10
    ages = [HOUR + n * DAY / 2 for n in range(40)]
    scripted.items = [make_incoming(kind="comment", root_id="post-1", at=NOON - age) for age in ages]
    return scripted


def answer(threads: Scripted, at=NOON):
    """A resident answers under the oldest comment."""
    top = threads.items[39]
    said = make_incoming(kind="comment", root_id="post-1", thread_key=top.remote_id, parent_id=top.remote_id, at=at)
    threads.items.append(said)


def test_an_answer_under_an_old_comment_is_heard_within_a_day(threads: Scripted):
    cursor = make_cursor(stream="comments", root="post-1", root_at=NOON - 20 * DAY)
    assert len(poll(cursor).new) == 40
    answer(threads, NOON + 8 * DAY)
    assert len(poll(cursor, NOON + 8 * DAY + HOUR).new) == 1


def test_an_answer_under_an_old_comment_is_heard_soon_where_the_post_tells_of_one_more(threads: Scripted):
    channel = make_channel()
    cursor = make_cursor(channel, "comments", root="post-1", root_at=NOON - HOUR)
    post = make_own(channel, kind="post", remote_id="post-1", numbers={"replies": 40})
    threads.items.append(post)
    posts = make_cursor(channel, "posts")
    poll(posts)
    poll(cursor)
    answer(threads, NOON + 10 * MINUTE)
    assert len(poll(cursor, NOON + 15 * MINUTE).new) == 0
    assert len(threads.calls) == 1 + 4 + 2  # it was not looked for on every page
    threads.items[40] = replace(post, numbers={"replies": 41})
    poll(posts, NOON + 16 * MINUTE)
    assert len(poll(cursor, NOON + 20 * MINUTE).new) == 1
    threads.calls.clear()
    poll(cursor, NOON + 25 * MINUTE)
    assert len(threads.calls) == 1


def test_a_post_that_tells_of_more_and_more_is_not_walked_to_its_end_each_time():
    channel = make_channel("instagram")
    cursor = make_cursor(channel, "comments", root="1", root_at=NOON, told=460, walked=440, walked_at=NOON)
    pause = pace.for_comments(NOON, NOON)
    assert [threaded.to_the_end(cursor, NOON + n * pause) for n in (1, 9, 10)] == [False, False, True]
    cursor.walked = 460
    assert not threaded.to_the_end(cursor, NOON + HOUR)
    assert threaded.to_the_end(cursor, NOON + DAY)
    cursor.channel.platform = "facebook"
    assert not threaded.to_the_end(cursor, NOON + DAY)
