"""What a network kept of a post is compared with what was sent; what was lost is put right and written down."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from calendar_app.models import Placement
from channels_app.models import Channel
from config import arrived
from policy.models import Judgement
from tests.factories import NOON, make_channel, make_payload, make_town, make_user
from tests.factories_calendar import make_placement
from tests.factories_inbox import make_own, receive

pytestmark = pytest.mark.django_db
PICTURE = {"media": "a", "alt": "Three oak benches under a lime tree"}
KEPT = {"url": "https://social.fernhill.example/a.png", "alt": PICTURE["alt"]}
LOST = {**KEPT, "alt": ""}


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London")


def sent(channel: Channel, words: str = "The new benches. #BinDay", **back: Any) -> Placement:
    payload = {**make_payload(words), "pictures": [PICTURE]}
    placement = make_placement("published", channel=channel, payload=payload)
    assert placement.delivery
    if back:
        facts = {"text": words, "remote_id": placement.delivery.remote_id, **back}
        receive(channel, make_own(channel, facts.pop("text"), kind="post", **facts), now=NOON)
    return placement


def states(user) -> list[str]:
    return [one.state for one in arrived.arrivals(user, NOON)]


@pytest.mark.parametrize(
    ("platform", "back", "state"),
    [
        ("mastodon", {"pictures": [KEPT]}, "whole"),
        ("mastodon", {"pictures": [LOST]}, "lost"),
        ("mastodon", {"pictures": []}, "lost"),
        ("mastodon", {"pictures": [KEPT], "text": "The new benches. #binday"}, "lost"),
        ("mastodon", {}, "unread"),
        ("facebook", {"pictures": [LOST]}, "untold"),
        ("facebook", {"pictures": [LOST], "text": "The new benches. #binday"}, "lost"),
    ],
)
def test_only_what_a_network_tells_is_compared(platform, back, state):
    sent(make_channel(platform=platform), **back)
    assert states(make_user("publisher")) == [state]


def test_what_was_lost_is_listed_until_somebody_says_how_it_was_put_right():
    placement = sent(make_channel(platform="mastodon"), pictures=[LOST])
    writer, client = make_user("publisher"), Client()
    client.force_login(writer)
    page = client.get("/policy/arrived/").content.decode()
    assert "did not keep the alt text of picture 1" in page
    form = {"delivery": placement.delivery_id, "reason": "no"}
    assert "needs its reason" in client.post("/policy/arrived/settle/", form, follow=True).content.decode()
    assert states(writer) == ["lost"]
    form |= {"reason": "Added in the app at 10:05."}
    assert "Written down" in client.post("/policy/arrived/settle/", form, follow=True).content.decode()
    assert states(writer) == ["settled"]
    assert Judgement.objects.get().rule == "A35"
    assert AuditEntry.objects.filter(act="overrode").exists()
    again = client.post("/policy/arrived/settle/", {"delivery": "x"}, follow=True).content.decode()
    assert "Nothing is missing there any more." in again


def test_whoever_only_reads_is_not_offered_to_settle():
    sent(make_channel(platform="mastodon"), pictures=[LOST])
    client = Client()
    client.force_login(make_user("manager"))
    assert "How was it put right?" not in client.get("/policy/arrived/").content.decode()
    assert client.post("/policy/arrived/settle/", {}).status_code == 403
