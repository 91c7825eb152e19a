"""Letting Parley in: there and back over real HTTP, and what can go wrong, each time with a sentence and a way on."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import clock
from accounts.models import AuditEntry, User
from channels_app import app_keys, caring, connecting, hooks, joining, trying
from channels_app.emulator.client import Emulator
from channels_app.models import AppKey, Channel, Joining
from channels_app.platforms import http
from channels_app.platforms.graph import Graph
from tests.factories import NOON, make_user
from tests.factories_joining import make_joining
from tests.letting_in import (
    admin,
    client,
    come_back,
    decide,
    going,
    keys_of,
    let_in,
    pages_of,
    set_up,
    sign_in,
    town,
)

__all__ = ["admin", "client", "town"]

pytestmark = pytest.mark.django_db


def test_x_from_the_app_to_connected(client: Client, town: Emulator) -> None:
    made = town.create_account("x", "FernhillTown", name="Town of Fernhill")
    status, page = let_in(client, "x")
    assert status == 200
    channel = Channel.objects.get()
    assert f"/channels/{channel.key}/trial/" in page
    trying.try_due(clock.now())
    channel.refresh_from_db()
    assert (channel.state, channel.remote_id, channel.handle) == ("ok", made["id"], "@FernhillTown")
    assert channel.expires_at is None  # the keys are renewed by themselves
    assert "tweet.write" in channel.scopes
    account = connecting.account_of(channel)
    assert set(account.secrets) == {"access_token", "refresh_token", "client_id", "client_secret"}
    assert channel.credentials.get(field="access_token").expires_at > clock.now()
    page = client.get(f"/channels/{channel.key}/access/").content.decode()
    assert "Publish posts and answers" in page
    assert "Will not work" not in page
    assert not Joining.objects.exists()


def test_what_was_not_granted_is_said_in_words_with_a_way_to_grant_it(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    let_in(client, "x", without=("tweet.moderate.write", "media.write"))
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    page = client.get(f"/channels/{channel.key}/access/").content.decode()
    for words in ("Will not work", "may not publish pictures", "may not hide answers", "Let Parley in again"):
        assert words in page


def test_a_page_is_picked_among_several_and_speaks_for_itself(client: Client, town: Emulator) -> None:
    made = pages_of(town, "Fernhill", "Parks")
    status, page = let_in(client, "facebook")
    assert status == 200
    assert "Which account?" in page
    row = Joining.objects.get()
    address = f"/channels/connect/pick/{row.key}/"
    assert client.post(address, {"account": ""}).status_code == 422
    assert client.post(address, {"account": "12345"}).status_code == 422
    client.post(address, {"account": made[1]})
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert (channel.state, channel.remote_id, channel.name) == ("ok", made[1], "Town of Parks")
    assert connecting.account_of(channel).secrets["app_secret"].reveal() == "practice-secret-facebook"
    assert "answered" not in page


def test_a_connection_that_was_never_proven_is_finished_by_picking_again(client: Client, town: Emulator) -> None:
    made = pages_of(town, "Fernhill", "Parks")
    let_in(client, "facebook")
    client.post(f"/channels/connect/pick/{Joining.objects.get().key}/", {"account": made[0]})
    channel = Channel.objects.get()
    channel.credentials.all().delete()  # as after a trial that came to nothing
    Channel.objects.update(test_due_at=None)
    page = come_back(client, decide(going(client, f"/channels/{channel.key}/let-in/")))[1]
    assert "Which account?" in page
    client.post(f"/channels/connect/pick/{Joining.objects.get().key}/", {"account": made[1]})
    trying.try_due(clock.now())
    channel.refresh_from_db()
    assert (channel.state, channel.remote_id) == ("ok", made[1])


def test_pins_go_to_a_board_of_the_account_that_let_parley_in(client: Client, town: Emulator) -> None:
    made = town.create_account("pinterest", "fernhill", name="Town of Fernhill")
    let_in(client, "pinterest")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert (channel.state, channel.remote_id, channel.name) == ("ok", made["id"], "Town of Fernhill")
    assert connecting.account_of(channel).secrets["board"].reveal() == "Town news"
    come_back(client, decide(going(client, f"/channels/{channel.key}/let-in/")))
    trying.try_due(clock.now())
    channel.refresh_from_db()
    assert (channel.state, channel.limits["board"] > 0) == ("ok", True)


def test_a_page_is_asked_to_tell_and_the_apps_page_names_the_address(
    client: Client, town: Emulator, settings: Settings
) -> None:
    made = pages_of(town, "Fernhill")
    let_in(client, "facebook", without=("pages_messaging",))
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert (channel.remote_id, channel.notices_at is not None) == (made[0], True)
    told = Graph(connecting.account_of(channel)).get_connections("me", "subscribed_apps")["data"]
    assert [one["subscribed_fields"] for one in told] == [["feed", "mention"]]
    for platform in ("facebook", "instagram"):
        assert "/hooks/" not in client.get(f"/channels/connect/{platform}/app/").content.decode()
    settings.PUBLIC_URL = "https://talk.fernhill.example"
    for platform in ("facebook", "instagram"):
        assert hooks.address("facebook") in client.get(f"/channels/connect/{platform}/app/").content.decode()


def test_a_page_that_lets_nobody_be_told_is_connected_and_says_so(client: Client, town: Emulator) -> None:
    pages_of(town, "Fernhill")
    let_in(client, "facebook", without=("pages_manage_metadata",))
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert (channel.state, channel.notices_at) == ("ok", None)
    assert "Facebook has not let Parley be told." in caring.notices(channel, None, clock.now())[0].words


def test_a_mastodon_server_is_asked_for_keys_once_and_again_after_a_move(
    client: Client, town: Emulator, settings: Settings
) -> None:
    made = town.create_account("mastodon", "fernhill", name="Town of Fernhill")
    let_in(client, "mastodon")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    assert (channel.state, channel.remote_id, channel.scopes) == ("ok", made["id"], ["read", "write"])
    before = set(AppKey.objects.values_list("host", "field"))
    assert before == {("social.fernhill.example", field) for field in ("client_id", "client_secret", "redirect")}
    going(client, f"/channels/{channel.key}/let-in/")
    assert len(town.requests(platform="mastodon", route="app")) == 1 + 1  # registered, and the trial's own look
    settings.ALLOWED_HOSTS = ["desk.fernhill.example"]
    client.post(f"/channels/{channel.key}/let-in/", headers={"host": "desk.fernhill.example"})
    assert len(town.requests(platform="mastodon", route="app")) == 3
    assert app_keys.made_for("mastodon", "social.fernhill.example").startswith("http://desk.fernhill.example/")


def test_to_deny_changes_nothing_and_says_so(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    status, page = let_in(client, "x", answer="deny")
    assert status == 409
    assert "You did not let Parley in on X" in page
    assert "/channels/connect/x/" in page
    assert not Channel.objects.exists()
    assert not Joining.objects.exists()


def test_what_comes_back_counts_once_in_its_own_session_for_its_own_person(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    set_up(client, "x")
    where = decide(going(client, "/channels/connect/x/let-in/"))
    assert come_back(client, where, state="x" * 43)[0] == 409
    assert come_back(client, where, state="süß")[0] == 409
    other = sign_in(make_user("administrator"))
    assert come_back(other, where)[0] == 409
    same_person = sign_in(User.objects.get(pk=client.session["_auth_user_id"]))
    assert "was not begun here" in come_back(same_person, where)[1]
    assert not Channel.objects.exists()
    assert come_back(client, where)[0] == 200
    assert Channel.objects.count() == 1
    status, page = come_back(client, where)
    assert (status, Channel.objects.count()) == (409, 1)
    assert "not begun here, or is long over" in page


def test_two_browsers_that_come_back_at_once_exchange_once(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    set_up(client, "x")
    where = decide(going(client, "/channels/connect/x/let-in/"))
    Joining.objects.update(came_at=clock.now())
    status, page = come_back(client, where)
    assert status == 409
    assert "used already" in page
    assert not town.requests(platform="x", route="token")


def test_after_ten_minutes_it_is_over(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    set_up(client, "x")
    where = decide(going(client, "/channels/connect/x/let-in/"))
    key = Joining.objects.get().key
    Joining.objects.update(ends_at=clock.now() - timedelta(seconds=1))
    assert client.get(f"/channels/connect/going/{key}/").status_code == 409
    status, page = come_back(client, where)
    assert status == 409
    assert "longer than ten minutes" in page


def test_a_code_that_is_too_old_or_was_changed_is_said_to_be_one(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    set_up(client, "x")
    where = decide(going(client, "/channels/connect/x/let-in/"))
    status, page = come_back(client, where, code="practice-code-of-nobody")
    assert status == 409
    assert "used before, or took too long" in page
    where = decide(going(client, "/channels/connect/x/let-in/"))
    town.advance(31)
    assert "used before, or took too long" in come_back(client, where)[1]
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("fault", "words"),
    [("unavailable", "could not be asked for the keys"), ("drop_after", "could not be asked for the keys"),
     ("rate_limited", "could not be asked for the keys")],
)  # fmt: skip
def test_a_platform_that_is_down_leaves_everything_as_it_was(
    client: Client, town: Emulator, fault: str, words: str
) -> None:
    town.create_account("x", "FernhillTown")
    set_up(client, "x")
    where = decide(going(client, "/channels/connect/x/let-in/"))
    town.fault(fault, platform="x", route="token")
    status, page = come_back(client, where)
    assert status == 409
    assert words in page
    assert not Channel.objects.exists()


def test_wrong_app_keys_lead_back_to_them(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    client.post("/channels/connect/x/app/", keys_of("x", client_secret="not-the-secret"))
    status, page = come_back(client, decide(going(client, "/channels/connect/x/let-in/")))
    assert status == 409
    assert "does not accept the keys of the town" in page
    assert "/channels/connect/x/app/" in page


def test_another_account_does_not_come_in_by_an_old_door(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    let_in(client, "x")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    other = town.create_account("x", "Millbrook")
    kept = list(channel.credentials.order_by("field").values_list("field", "sealed"))
    come_back(client, decide(going(client, f"/channels/{channel.key}/let-in/"), account=other["id"]))
    trying.try_due(clock.now())
    channel.refresh_from_db()
    assert (channel.state, channel.handle) == ("ok", "@FernhillTown")
    assert "belong to @Millbrook" in channel.why
    assert list(channel.credentials.order_by("field").values_list("field", "sealed")) == kept


def test_a_page_one_does_not_manage_any_more_is_not_exchanged_for_another(client: Client, town: Emulator) -> None:
    pages_of(town, "Fernhill")
    let_in(client, "facebook")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    town.create_account("facebook", "guest", name="Guest", kind="manager", extra={"pages": pages_of_other(town)})
    people = {row["handle"]: row["id"] for row in town.accounts("manager")}
    where = decide(going(client, f"/channels/{channel.key}/let-in/"), account=people["guest"])
    page = come_back(client, where)[1]
    assert "None of the accounts you manage there is" in page
    assert not channel.credentials.filter(field__startswith="new:").exists()


def pages_of_other(town: Emulator) -> list[str]:
    return [town.create_account("facebook", "Millbrook", name="Millbrook")["id"]]


def test_letting_in_again_keeps_the_history_and_drops_keys_of_the_other_kind(client: Client, town: Emulator) -> None:
    made = town.create_account("x", "FernhillTown")
    by_hand = dict.fromkeys(("consumer_key", "consumer_secret", "access_secret"), "half")
    channel = connecting.connect("x", "", {"access_token": made["token"], **by_hand}, by=None, now=NOON)
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert channel.state == "ok"
    set_up(client, "x")
    come_back(client, decide(going(client, f"/channels/{channel.key}/let-in/")))
    trying.try_due(clock.now())
    channel.refresh_from_db()
    assert channel.state == "ok"
    assert "consumer_key" not in connecting.account_of(channel).secrets
    assert AuditEntry.objects.filter(act="reconnect", ref=str(channel.key)).exists()


def test_disconnecting_ends_the_access_there_and_says_so(client: Client, town: Emulator) -> None:
    town.create_account("x", "FernhillTown")
    let_in(client, "x")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    token = connecting.account_of(channel).secrets["access_token"].reveal()
    page = client.post(f"/channels/{channel.key}/disconnect/", follow=True).content.decode()
    assert "X has ended Parley&#x27;s access" in page
    states = {one["token"]: one["state"] for row in town.accounts() for one in row["tokens"]}
    assert states[token] == "revoked"
    assert AuditEntry.objects.filter(act="access_taken_back", ref=str(channel.key)).exists()


def test_a_platform_that_cannot_be_told_is_named_and_the_keys_are_gone_all_the_same(
    client: Client, town: Emulator
) -> None:
    town.create_account("mastodon", "fernhill")
    let_in(client, "mastodon")
    trying.try_due(clock.now())
    channel = Channel.objects.get()
    town.fault("unavailable", platform="mastodon", route="token")
    page = client.post(f"/channels/{channel.key}/disconnect/", follow=True).content.decode()
    assert "could not be told to end Parley&#x27;s access" in page
    channel.refresh_from_db()
    assert (channel.state, channel.credentials.count()) == ("archived", 0)
    assert AuditEntry.objects.filter(act="access_left", ref=str(channel.key)).exists()


def test_one_page_of_two_is_disconnected_without_cutting_off_the_other(client: Client, town: Emulator) -> None:
    made = pages_of(town, "Fernhill", "Parks")
    for page in made:
        let_in(client, "facebook")
        client.post(f"/channels/connect/pick/{Joining.objects.get().key}/", {"account": page})
        trying.try_due(clock.now())
    first, second = Channel.objects.order_by("pk")
    page = client.post(f"/channels/{first.key}/disconnect/", follow=True).content.decode()
    assert "another channel still uses it" in page
    connecting.try_again(second, by=make_user("administrator"), now=clock.now())
    trying.try_due(clock.now())
    second.refresh_from_db()
    assert second.state == "ok"
    page = client.post(f"/channels/{second.key}/disconnect/", follow=True).content.decode()
    assert "Facebook has ended Parley&#x27;s access" in page


def test_nothing_secret_of_a_way_is_readable_in_the_database(client: Client, town: Emulator) -> None:
    pages_of(town, "Fernhill", "Parks")
    set_up(client, "facebook")
    address = going(client, "/channels/connect/facebook/let-in/")
    state = parse_qs(urlsplit(address).query)["state"][0]
    assert state not in str(list(Joining.objects.values()))
    come_back(client, decide(address))
    tokens = [one["token"] for row in town.accounts() for one in row["tokens"] if len(one["token"]) > 20]
    rows = str(list(Joining.objects.values())) + str(dict(client.session))
    assert tokens
    assert not [token for token in tokens if token in rows]


def test_ways_nobody_came_back_from_are_forgotten(client: Client, town: Emulator, admin: User) -> None:
    town.create_account("x", "FernhillTown")
    set_up(client, "x")
    going(client, "/channels/connect/x/let-in/")
    later = clock.now() + timedelta(minutes=11)
    joining.tidy(later)
    assert not Joining.objects.exists()


def test_nobody_begins_without_end(client: Client, town: Emulator, admin: User) -> None:
    set_up(client, "x")
    for _ in range(joining.MOST):
        make_joining(admin)
    answer = client.post("/channels/connect/x/let-in/")
    assert answer.status_code == 422
    assert "Try again in ten minutes" in answer.content.decode()


def test_the_browser_is_sent_to_the_real_page_outside_practice() -> None:
    assert (
        http.for_browser("https://x.com/i/oauth2/authorize?a=1", practice=False)
        == "https://x.com/i/oauth2/authorize?a=1"
    )
