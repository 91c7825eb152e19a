"""Who is at a conversation, how long the platform takes an answer, what an edit changed, and an end told whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from channels_app import outbox
from channels_app.models import Channel
from engagement import attending, queue, rechecking
from engagement.models import Attendance, Conversation
from engagement.queue import Wish
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FRAGMENT = {"HX-Request": "true"}
POLL = FRAGMENT | {"X-Parley-Poll": "1"}


@pytest.fixture
def now():
    make_town()
    return clock.now().replace(microsecond=0)


@pytest.fixture
def channel(scripted: Scripted, now) -> Channel:
    return make_channel("mastodon", name="Fernhill Council")


@pytest.fixture
def officer(channel: Channel) -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def address(conversation: Conversation, act: str = "conversation") -> str:
    return reverse(f"inbox:{act}", args=[conversation.key])


def shown(user: User, now, **wish: str) -> list[Conversation]:
    return list(queue.page(Wish(**{"tab": "team"} | wish), user, now).rows)


def text(answer) -> str:
    return answer.content.decode()


# Who is there


def test_colleagues_see_who_has_it_open_and_who_types(desk, channel, officer, now):
    talk, sam = make_conversation(channel, at=now), make_user("officer", name="Sam Okoro")
    attending.here(talk, sam, clock.now())
    assert "<strong>Sam Okoro</strong> has it open too" in text(desk.post(address(talk, "attend"), headers=POLL))
    assert "Sam Okoro has it open" in text(desk.get("/inbox/?tab=team"))
    attending.here(talk, sam, clock.now(), typed=True)
    assert "is typing an answer" in text(desk.post(address(talk, "attend"), headers=POLL))
    assert "Sam Okoro is typing" in text(desk.get("/inbox/?tab=team"))
    assert Attendance.objects.filter(user=officer).exists()


def test_other_conversations_of_the_same_person_are_no_colleagues(desk, channel, now):
    talk, other = (make_conversation(channel, at=now, author_id="jo") for _ in range(2))
    page = text(desk.get(address(talk)))
    assert address(other) in page
    assert "has it open too" not in page


def test_writing_a_draft_says_that_one_types_and_it_is_forgotten_in_seconds(desk, channel, officer, now):
    talk, sam = make_conversation(channel, at=now), make_user("officer")
    desk.post(address(talk, "draft"), {"text": "Hello"}, headers=FRAGMENT)
    moment = clock.now()
    assert [one.types for one in attending.others(talk, sam, moment)] == [True]
    assert [one.types for one in attending.others(talk, sam, moment + timedelta(seconds=15))] == [False]
    assert attending.others(talk, sam, moment + timedelta(seconds=30)) == []
    assert attending.others(talk, officer, moment) == []


def test_a_waiting_list_hears_that_somebody_came(channel, officer, now):
    talk, sam = make_conversation(channel, at=now), make_user("officer")
    before = queue.beat(officer, now)
    attending.here(talk, sam, now)
    there = queue.beat(officer, now)
    assert there != before
    assert queue.beat(sam, now) == before
    attending.here(talk, sam, now, typed=True)
    assert queue.beat(officer, now) not in {before, there}
    assert quote(queue.look(officer, now).beat) == quote(queue.beat(officer, now))


# What the platform allows


def test_a_private_message_tells_how_long_the_platform_takes_an_answer(desk, channel, officer, now, scripted):
    private = {"kind": "direct", "visibility": "direct"}
    talk = make_conversation(channel, at=now - 21 * HOUR, **private)
    assert "closes in" not in text(desk.get("/inbox/?tab=team"))
    scripted.reply_window = lambda kind: DAY if kind == "direct" else None
    assert "closes in 2 h" in text(desk.get("/inbox/?tab=team"))
    assert "closes in 2 h" in text(desk.get(address(talk)))
    first = talk.messages.get()
    receive(channel, make_incoming("Hello?", parent_id=first.remote_id, at=now - HOUR, **private))
    assert "closes in 22 h" in text(desk.get("/inbox/?tab=team"))
    make_conversation(channel, "In public", at=now)
    assert text(desk.get("/inbox/?tab=team")).count("closes in") == 1


def test_an_answer_that_the_platform_takes_no_more_says_so(desk, channel, now, scripted):
    scripted.reply_window = lambda kind: DAY
    talk = make_conversation(channel, at=now - 25 * HOUR, kind="direct", visibility="direct")
    assert "took answers until" in text(desk.get(address(talk)))


def test_every_edit_shows_what_changed_and_a_deleted_message_what_it_said(desk, channel, now):
    item = make_incoming("The lamp is dark", at=now - HOUR)
    talk = receive(channel, item)[0].conversation
    for words, later in (("The lamp is broken", 2), ("The lamps are broken", 4)):
        receive(channel, replace(item, text=words), now=now - HOUR + later * MINUTE)
    body = text(desk.get(address(talk)))
    assert "Edited 2 times" in body
    assert "<del>dark</del><ins>broken</ins>" in body
    rechecking.mark_gone(channel, [item.remote_id], now)
    body = text(desk.get(address(talk)))
    assert "Deleted by its writer" in body
    assert "The lamps are broken" in body
    assert "<del>dark</del>" in body


def test_an_end_written_while_a_poll_is_answered_is_told_whole(desk, channel, now, scripted: Scripted):
    """The thread must not show the receipt beside a clock that still runs."""
    conversation = make_conversation(channel, at=now - HOUR)
    desk.post(address(conversation, "reply"), {"text": "On Thursday.", "then": "close"})
    beat = re.search(r"&amp;beat=([\w.]+)", text(desk.get(address(conversation), headers=FRAGMENT))).group(1)
    sent: list[str] = []

    def meanwhile(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if not sent and 'FROM "engagement_reply"' in sql:
            sent.append(sql)
            outbox.step(clock.now())
        return found

    earlier = beat.replace("scheduled", "blocked")
    with connection.execute_wrapper(meanwhile):
        body = text(desk.get(f"{address(conversation)}?beat={earlier}", headers=POLL))
    assert len(scripted.sent) == len(sent) == 1
    assert "Published" in body
    assert "left" not in re.search(r'<span id="thread-pill".*?</span>', body, re.S).group()
