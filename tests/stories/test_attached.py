"""What residents hang on their words, as the inbox shows it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from channels_app.platforms.base import Shown
from engagement import attached
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import make_incoming, receive

pytestmark = pytest.mark.django_db


def shown(client: Client, **facts: object) -> str:
    make_town()
    (message,) = receive(make_channel("mastodon"), make_incoming("See?", at=clock.now(), **facts))
    client.force_login(make_user("officer"))
    answer = client.get(reverse("inbox:conversation", args=[message.conversation.key]))
    return answer.content.decode()


def test_a_video_is_named_as_one_and_leads_to_where_it_is_watched(client: Client):
    body = shown(client, videos=[Shown("https://film.example/1.mp4", alt="A lamp"), Shown("https://film.example/2")])
    assert "Video: A lamp" in body
    assert "With a video" in body
    assert 'href="https://film.example/1.mp4"' in body
    assert "A picture without a description" not in body


def test_pictures_and_a_video_without_an_address_of_its_own(client: Client):
    body = shown(
        client, pictures=[{"url": "https://a.example/1", "alt": ""}], videos=[Shown()], url="https://post.example/9"
    )
    assert "A picture without a description" in body
    assert 'With a video <a href="https://post.example/9"' in body


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,hello", "//film.example", "https://" + "a" * 3000]
)
def test_nobody_is_led_anywhere_but_to_the_web(url: str):
    (kept,) = attached.of(make_incoming(videos=[Shown(url)]))
    assert kept == {"kind": "video", "url": "", "alt": ""}
