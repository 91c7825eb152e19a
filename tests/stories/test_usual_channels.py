"""The channels a new post is meant for at first: those where words can go out, by Parley itself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from channels_app import plainly
from channels_app.models import Channel
from tests.factories import NOON, make_channel, make_town, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("platforms", "usual"),
    [
        (("x", "mastodon", "linkedin", "wordpress"), ["x", "mastodon", "linkedin"]),  # an article has a title
        (("facebook", "instagram", "youtube", "vimeo", "pinterest"), ["facebook"]),
        (("bluesky", "manual"), ["bluesky"]),
        (("instagram", "manual"), ["instagram", "manual"]),
    ],
)
def test_a_post_begins_where_words_can_go_out_by_themselves(platforms: tuple[str, ...], usual: list[str]):
    channels = {platform: make_channel(platform) for platform in platforms}
    assert plainly.usual(channels) == usual


def test_the_composer_begins_with_them_and_offers_the_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    make_town(zone="Europe/London")
    usual = make_channel("facebook", name="Words")
    others = [make_channel("youtube", name="Films"), make_channel(name="Soon", in_preparation=True)]
    client = Client()
    client.force_login(make_user("publisher"))
    assert chosen(client, reverse("calendar:new-post")) == {"Words": True, "Films": False, "Soon": False}
    named = chosen(client, f"{reverse('calendar:new-post')}?channel={others[0].key}")
    assert named == {"Words": False, "Films": True, "Soon": False}
    assert set(Channel.objects.all()) == {usual, *others}


def chosen(client: Client, address: str) -> dict[str, bool]:
    return {one["channel"].name: one["chosen"] for one in client.get(address).context["channels"]}
