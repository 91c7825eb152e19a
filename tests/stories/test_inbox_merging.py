"""Merging and splitting: the messages, what is owed for them, and the way back."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from channels_app import outbox
from channels_app.models import Channel
from engagement import handling, rehousing, replies, threads
from engagement.models import Conversation, Message, Rehousing, Reply
from engagement.replies import Sending
from metrics import weekly
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.factories_promises import make_promise
from tests.factories_queue import same_person
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def now():
    make_town()
    return clock.now().replace(microsecond=0)


@pytest.fixture
def channel(scripted: Scripted, now) -> Channel:
    return make_channel("mastodon")


@pytest.fixture
def officer(channel: Channel) -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def address(conversation: Conversation, act: str = "conversation", *more: object) -> str:
    return reverse(f"inbox:{act}", args=[conversation.key, *more])


def clocks_of(*talks: Conversation) -> list[tuple[str, str, object]]:
    return [(one.state, one.clock, one.unanswered_since) for one in map(fresh, talks)]


def texts(conversation: Conversation) -> list[str]:
    return list(Message.objects.filter(conversation=conversation).order_by("at", "id").values_list("text", flat=True))


def test_merged_messages_are_owed_from_when_they_were_asked(channel, officer, now):
    one = make_conversation(channel, "The first", at=now - 5 * HOUR)
    two = make_conversation(channel, "The second", at=now - HOUR)
    due = fresh(one).due_at
    rehousing.merge(one, two, by=officer, now=now)
    assert texts(two) == ["The first", "The second"]
    assert clocks_of(two) == [("open", "running", now - 5 * HOUR)]
    assert fresh(two).due_at == due
    assert (fresh(one).state, fresh(one).outcome, fresh(one).merged_into) == ("closed", "duplicate", two)
    assert fresh(one).unanswered_since is None


def test_an_answer_given_before_settles_nothing_that_it_was_not_about(channel, officer, now):
    first = make_incoming("Answered", at=now - 5 * HOUR)
    one = receive(channel, first)[0].conversation
    receive(channel, make_own(channel, parent_id=first.remote_id, at=now - HOUR))
    two = make_conversation(channel, "Still waiting", at=now - 3 * HOUR)
    rehousing.merge(one, two, by=officer, now=now)
    threads.refresh([one.pk, two.pk], now)
    assert clocks_of(two) == [("open", "running", now - 3 * HOUR)]


def test_one_answer_settles_both_afterwards(channel, officer, now, scripted):
    one, two = same_person(channel, "The bins", "The same bins", at=now - 2 * HOUR)
    rehousing.merge(one, two, by=officer, now=now)
    replies.release(fresh(two), Sending("On Thursday."), by=officer, now=now)
    outbox.step(clock.now())
    assert len(scripted.sent) == 1
    assert clocks_of(two)[0][1:] == ("answered", None)


def test_what_the_resident_writes_next_goes_where_the_messages_are(channel, officer, now):
    first = make_incoming("The first", at=now - HOUR)
    one, two = receive(channel, first)[0].conversation, make_conversation(channel, at=now - HOUR)
    rehousing.merge(one, two, by=officer, now=now)
    more = make_incoming("More", parent_id="unknown", thread_key=first.thread_key, at=now + MINUTE)
    assert receive(channel, more)[0].conversation == two
    assert fresh(one).state == "closed"


def test_a_merge_is_taken_back_with_its_clock(channel, officer, now):
    first = make_incoming("The first", at=now - 5 * HOUR)
    one, two = receive(channel, first)[0].conversation, make_conversation(channel, "The second", at=now - HOUR)
    before = clocks_of(one, two)
    for again in range(3):
        row = rehousing.merge(fresh(one), fresh(two), by=officer, now=now + again * MINUTE)
        rehousing.take_back(row, by=officer, now=now + again * MINUTE)
        assert clocks_of(one, two) == before
        assert (texts(one), texts(two), fresh(one).merged_into) == (["The first"], ["The second"], None)
    assert receive(channel, make_incoming("More", parent_id=first.remote_id, at=now))[0].conversation == one
    with pytest.raises(IllegalMove):
        rehousing.take_back(row, by=officer, now=now)


def test_what_was_answered_while_merged_stays_answered(channel, officer, now):
    one, two = make_conversation(channel, at=now - 5 * HOUR), make_conversation(channel, at=now - 5 * HOUR)
    row = rehousing.merge(one, two, by=officer, now=now - HOUR)
    receive(channel, make_own(channel, parent_id=two.messages.last().remote_id, at=now - MINUTE), now=now)
    rehousing.take_back(row, by=officer, now=now)
    assert [since for _, _, since in clocks_of(one, two)] == [None, None]


def test_a_week_counts_what_moved_where_it_is_answered(channel, officer):
    one, two = make_conversation(channel, at=NOON - 5 * HOUR), make_conversation(channel, at=NOON - HOUR)
    rehousing.merge(one, two, by=officer, now=NOON)
    receive(channel, make_own(channel, parent_id=two.messages.last().remote_id, at=NOON + MINUTE))
    week = weekly.weeks(NOON, ZoneInfo("UTC"), 1)
    (figure,) = weekly.answered_in_time(week, NOON + timedelta(days=3))
    assert (figure.part, figure.whole) == (1, 1)


def test_the_replies_to_them_go_along_and_come_back(channel, officer, now):
    one, two = make_conversation(channel, at=now - HOUR), make_conversation(channel, at=now - HOUR)
    draft = Reply.objects.create(
        conversation=one, parent=one.messages.get(), text="Soon", visibility="public", author=officer, at=now
    )
    row = rehousing.merge(one, two, by=officer, now=now)
    draft.refresh_from_db()
    assert draft.conversation == two
    rehousing.take_back(row, by=officer, now=now)
    draft.refresh_from_db()
    assert draft.conversation == one


def test_what_does_not_belong_together_stays_apart(channel, officer, now, scripted):
    private = {"kind": "direct", "visibility": "direct", "at": now}
    talk, secret, others = make_conversation(channel, at=now), *(make_conversation(channel, **private) for _ in "12")
    away = make_conversation(make_channel("x"), at=now)
    for source, target in ((talk, secret), (secret, talk), (secret, others), (talk, away), (talk, talk)):
        with pytest.raises(Invalid):
            rehousing.merge(source, target, by=officer, now=now)
    busy = make_conversation(channel, at=now - HOUR)
    replies.release(busy, Sending("On Thursday."), by=officer, now=now)
    for source, target in ((busy, talk), (talk, busy)):
        with pytest.raises(IllegalMove):
            rehousing.merge(source, target, by=officer, now=now)
    assert not Rehousing.objects.exists()


def test_a_merged_one_is_not_opened_again_and_not_merged_further(channel, officer, now):
    one, two, three = (make_conversation(channel, at=now) for _ in range(3))
    rehousing.merge(one, two, by=officer, now=now)
    with pytest.raises(IllegalMove):
        handling.reopen(fresh(one), by=officer, now=now)
    with pytest.raises(IllegalMove):
        rehousing.merge(fresh(one), three, by=officer, now=now)


def test_split_messages_take_what_is_owed_for_them_along(channel, officer, now):
    first = make_incoming("The bins", at=now - 9 * HOUR)
    talk = receive(channel, first)[0].conversation
    receive(channel, make_own(channel, parent_id=first.remote_id, at=now - 8 * HOUR), now=now - 8 * HOUR)
    second = make_incoming("And the lights", parent_id=first.remote_id, author_id=first.author_id, at=now - 2 * HOUR)
    other = receive(channel, second)[0]
    handling.assign(talk, officer, by=officer, now=now)
    row = rehousing.split(talk, [other.pk], by=officer, now=now)
    assert texts(row.target) == ["And the lights"]
    assert clocks_of(talk, row.target) == [("open", "outside", None), ("open", "running", now - 2 * HOUR)]
    assert (row.target.assignee, row.target.person) == (officer, other.person)
    more = make_incoming("The lights again", parent_id=second.remote_id, at=now)
    assert receive(channel, more)[0].conversation == row.target
    rehousing.take_back(row, by=officer, now=now)
    assert len(texts(talk)) == 4
    assert clocks_of(talk)[0][1:] == ("running", now - 2 * HOUR)
    assert fresh(row.target).merged_into == talk


def test_a_split_leaves_something_and_takes_something_of_the_resident(channel, officer, now):
    first = make_incoming(at=now - HOUR)
    talk = receive(channel, first)[0].conversation
    ours = receive(channel, make_own(channel, parent_id=first.remote_id, at=now - MINUTE))[0]
    for chosen in ([], [ours.pk], [talk.messages.first().pk]):
        with pytest.raises(Invalid):
            rehousing.split(talk, chosen, by=officer, now=now)


@pytest.mark.parametrize("fragment", [True, False])
def test_merging_leads_to_the_other_and_back_by_the_pages(desk, channel, now, fragment: bool):
    one, two = same_person(channel, "About the bins", "About the lights", at=now - HOUR)
    assert "About the lights" in desk.get(address(one, "merge")).content.decode()
    headers = FRAGMENT if fragment else {}
    answer = desk.post(address(one, "merge"), {"target": str(two.key)}, headers=headers)
    assert (answer.headers.get("HX-Redirect") or answer.url) == address(two)
    body = desk.get(address(two)).content.decode()
    assert "Came from another conversation" in body
    assert "still owed an answer" in body
    body = desk.get(address(one)).content.decode()
    assert "the conversation it was merged into" in body
    assert address(two) in body
    desk.post(address(two, "take-apart", Rehousing.objects.get().key), headers=headers)
    assert texts(one) == ["About the bins"]


def test_splitting_by_the_page(desk, channel, now):
    first = make_incoming("The bins", at=now - 2 * HOUR)
    talk = receive(channel, first)[0].conversation
    receive(channel, make_incoming("The lights", parent_id=first.remote_id, at=now - HOUR))
    assert "The lights" in desk.get(address(talk, "split")).content.decode()
    body = desk.post(address(talk, "split"), {"messages": ["none"]}).content.decode()
    assert "not one of the available choices" in body
    lights = Message.objects.get(text="The lights")
    answer = desk.post(address(talk, "split"), {"messages": [lights.remote_id]}, follow=True)
    assert "Split. You can take it back" in answer.content.decode()
    assert texts(talk) == ["The bins"]


def test_merging_with_what_one_may_not_close_is_not_offered(client, channel, now):
    one, two = make_conversation(channel, at=now), make_conversation(make_channel("mastodon"), "Elsewhere", at=now)
    client.force_login(make_user("officer", scope=channel.scope))
    assert "Elsewhere" not in client.get(address(one, "merge")).content.decode()
    client.post(address(one, "merge"), {"target": str(two.key)})
    assert not Rehousing.objects.exists()


def test_what_is_promised_or_asked_there_stays_with_its_messages(desk, channel, now):
    one, two = make_conversation(channel, at=now), make_conversation(channel, "The lights again", at=now)
    make_promise(one)
    answer = desk.post(address(one, "merge"), {"target": str(two.key)}, follow=True)
    assert "part of a promise that is still open" in answer.content.decode()
    assert not Rehousing.objects.exists()
    desk.post(address(two, "merge"), {"target": str(one.key)})
    assert Rehousing.objects.get().target == one
