"""A long thread opens with its newest messages; everything else is one click away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from channels_app.models import Channel
from engagement import handling
from engagement.models import Conversation
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import make_incoming, make_own, receive

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    make_town()
    return clock.now()


@pytest.fixture
def channel() -> Channel:
    return make_channel()


def opened(client: Client, conversation: Conversation, query: str = "") -> str:
    """The panes as clicking on it in the queue brings them."""
    client.force_login(make_user("officer"))
    path = reverse("inbox:conversation", args=[conversation.key])
    answer = client.get(path + query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_long_thread_opens_with_its_newest_and_shows_the_rest_on_demand(
    client: Client, channel: Channel, now: datetime
) -> None:
    said = [
        make_incoming(f"Part {n} of it.", thread_key="long", author_id="ken", at=now - (80 - n) * MINUTE)
        for n in range(80)
    ]
    conversation = receive(channel, *said)[0].conversation
    handling.note(conversation, "Ring the depot.", by=make_user("officer"), now=now - 70 * MINUTE)
    newest = opened(client, conversation)
    assert "Part 79 of it." in newest
    assert "Part 50 of it." in newest
    assert "Part 49 of it." not in newest
    assert "Ring the depot." not in newest
    assert "Show the 50 earlier messages" in newest
    whole = opened(client, conversation, "?all=1")
    assert all(f"Part {n} of it." in whole for n in range(80))
    assert "Ring the depot." in whole
    assert "&amp;all=1" in whole  # it stays whole when it renews itself


def test_an_answer_answers_the_newest_resident_even_behind_many_of_ours(
    client: Client, channel: Channel, now: datetime
) -> None:
    asked = make_incoming("Is it open?", thread_key="long", at=now - 90 * MINUTE)
    ours = [make_own(channel, thread_key="long", at=now - (60 - n) * MINUTE) for n in range(60)]
    conversation = receive(channel, asked, *ours)[0].conversation
    assert "Your answer to" in opened(client, conversation)
