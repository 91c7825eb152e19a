"""The pages about channels: what they tell, who may do what there, and what a form never gives back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import audit, clock
from channels_app import outbox, trying
from channels_app.emulator.client import Emulator
from channels_app.models import Channel
from tests.factories import make_channel, make_delivery, make_town, make_user

pytestmark = pytest.mark.django_db
CANARY = "canary-4d7e9a01bc"


@pytest.fixture
def town(emulator: Emulator) -> Iterator[Emulator]:
    emulator.reset()
    yield emulator
    emulator.clear_faults()


def sign_in(client: Client, role: str, **where: object) -> Client:
    """A signed-in person who has just given their password."""
    make_town()
    client.force_login(make_user(role, **where))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def test_connecting_from_form_to_connected(client: Client, town: Emulator) -> None:
    made = town.create_account("mastodon", "fernhill", name="Town of Fernhill")
    sign_in(client, "administrator")
    given = {"host": "social.fernhill.example", "access_token": made["token"]}
    answer = client.post("/channels/connect/mastodon/", given, follow=True)
    page = answer.content.decode()
    assert "whom the keys speak for" in page
    assert made["token"] not in page
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    page = client.get(f"/channels/{channel.key}/trial/").content.decode()
    assert "Connected" in page
    assert "hx-get" not in page
    assert "Town of Fernhill" in client.get("/channels/").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"access_token": CANARY}, "This field is required"),
        ({"host": "social.fernhill.example"}, "This field is required"),
        ({"host": "mastodon.social", "access_token": CANARY}, "This is practice"),
        ({"host": "social.fernhill.example", "access_token": f"{CANARY} x"}, "Copy it again"),
        ({"host": "social.fernhill.example", "access_token": f"{CANARY}\u2026"}, "Copy it again"),
    ],
)
def test_a_form_that_cannot_be_right_says_why_and_gives_no_secret_back(
    client: Client, given: dict[str, str], words: str
) -> None:
    sign_in(client, "administrator")
    answer = client.post("/channels/connect/mastodon/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert CANARY not in answer.content.decode()
    assert not Channel.objects.exists()


def test_connecting_asks_for_the_password_again_and_keeps_no_posted_secret_meanwhile(client: Client) -> None:
    make_town()
    client.force_login(make_user("administrator", password="four unrelated words here"))
    for answer in (client.get("/channels/connect/x/"), client.post("/channels/connect/x/", {"access_token": CANARY})):
        assert answer.status_code == 302
        assert answer["Location"] == "/account/reauthenticate/?next=%2Fchannels%2Fconnect%2Fx%2F"
    assert CANARY not in str(dict(client.session))
    assert not Channel.objects.exists()


def test_the_list_tells_what_is_wrong_and_what_waits(client: Client) -> None:
    now = clock.now()
    good = make_channel("x", name="Fernhill on X", last_read_at=now, expires_at=now + timedelta(days=2, hours=1))
    make_channel("facebook", name="Fernhill Page", state="needs_reconnect", why="Facebook does not accept the token.")
    make_delivery(channel=good)
    make_delivery(channel=good, state="missed")
    page = sign_in(client, "manager").get("/channels/").content.decode()
    for words in ("2 days left", "Needs reconnecting", "Facebook does not accept the token.", "1 needs you"):
        assert words in page


def test_the_list_costs_the_same_for_two_channels_and_for_twelve(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, "manager").get("/channels/")
    counted = []
    for more in (2, 10):
        for _ in range(more):
            make_delivery(channel=make_channel("mastodon"))
        with django_assert_max_num_queries(30) as queries:
            client.get("/channels/")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_pausing_needs_a_reason_and_resuming_clears_it(client: Client) -> None:
    channel = make_channel("mastodon")
    sign_in(client, "publisher")
    assert client.post(f"/channels/{channel.key}/pause/", {"why": " "}).status_code == 422
    channel.refresh_from_db()
    assert channel.state == "ok"
    page = client.post(f"/channels/{channel.key}/pause/", {"why": "Moving house"}, follow=True).content.decode()
    assert "Moving house" in page
    client.post(f"/channels/{channel.key}/resume/")
    channel.refresh_from_db()
    assert (channel.state, channel.why) == ("ok", "")


def test_a_channel_that_waits_says_until_when_and_why(client: Client) -> None:
    channel = make_channel(next_send_at=clock.now() + timedelta(hours=1), next_send_why="limit")
    page = sign_in(client, "publisher").get(f"/channels/{channel.key}/").content.decode()
    assert "the platform&#x27;s own limit" in page
    assert "Connected; sending waits until " in page


def test_who_else_posts_there_is_said_on_the_page_and_kept_in_the_trail(client: Client) -> None:
    channel = make_channel()
    sign_in(client, "administrator")
    page = client.post(f"/channels/{channel.key}/outside-editors/", {"outside": "on"}, follow=True).content.decode()
    channel.refresh_from_db()
    assert channel.outside_editors
    assert "Others too" in page
    assert "said who else posts there" in page
    client.post(f"/channels/{channel.key}/outside-editors/", {"outside": "on"})
    client.post(f"/channels/{channel.key}/outside-editors/")
    channel.refresh_from_db()
    assert not channel.outside_editors
    assert [one.data["outside"] for one in audit.history_of(channel)] == [False, True]


def test_one_switch_stops_all_publishing_and_says_why(client: Client) -> None:
    make_channel()
    sign_in(client, "approver")
    assert client.post("/channels/stop/", {"why": ""}).status_code == 422
    assert outbox.publishing_state().on
    page = client.post("/channels/stop/", {"why": "A wrong post"}, follow=True).content.decode()
    assert "All publishing is stopped" in page
    assert "A wrong post" in page
    assert client.post("/channels/resume/").status_code == 403
    sign_in(client, "manager").post("/channels/resume/")
    assert outbox.publishing_state().on


@pytest.mark.parametrize("act", ["reconnect", "try", "pause", "resume", "outside-editors", "disconnect"])
def test_officers_change_no_channel_and_strangers_channels_do_not_exist(client: Client, act: str) -> None:
    mine, other = make_channel(), make_channel()
    sign_in(client, "officer", scope=mine.scope)
    for channel in (mine, other):
        assert client.post(f"/channels/{channel.key}/{act}/", {"why": "x"}).status_code in {403, 404}
    assert client.get(f"/channels/{mine.key}/").status_code == 200
    assert client.get(f"/channels/{other.key}/").status_code == 404


def test_a_channel_administrator_of_one_channel_cannot_disconnect_another(client: Client) -> None:
    mine, other = make_channel(), make_channel()
    sign_in(client, "administrator", scope=mine.scope)
    assert client.post(f"/channels/{other.key}/disconnect/").status_code == 404
    assert client.post(f"/channels/{mine.key}/disconnect/").status_code == 302
    assert set(Channel.objects.living()) == {other}


def test_an_unknown_platform_does_not_exist(client: Client) -> None:
    assert sign_in(client, "administrator").get("/channels/connect/myspace/").status_code == 404
