"""Connecting a channel: only a token that speaks for the right account takes effect, and what is wrong is said."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Notification
from accounts.refusals import Invalid
from channels_app import connecting, parting, trying
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Credential
from channels_app.platforms import http
from engagement import intake
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(emulator: Emulator) -> Iterator[Emulator]:
    emulator.reset()
    yield emulator
    emulator.clear_faults()


def account(town: Emulator, platform: str = "mastodon", handle: str = "fernhill") -> dict[str, str]:
    made: dict[str, str] = town.create_account(platform, handle, name=f"Town of {handle.title()}")
    return made


def begin(token: str, platform: str = "mastodon", **more: object) -> Channel:
    return connecting.connect(platform, "", {"access_token": token, **more}, by=make_user("administrator"), now=NOON)  # type: ignore[dict-item]


def connected(town: Emulator) -> Channel:
    channel = begin(account(town)["token"])
    assert trying.try_due(NOON) == 1
    channel.refresh_from_db()
    return channel


def test_a_web_request_only_writes_rows_and_the_worker_calls_the_platform(town: Emulator) -> None:
    made = account(town)
    before = len(town.requests(platform="mastodon"))
    channel = begin(made["token"])
    assert channel.state == "connecting"
    assert len(town.requests(platform="mastodon")) == before
    assert trying.try_due(NOON) == 1
    channel.refresh_from_db()
    assert (channel.state, channel.remote_id) == ("ok", made["id"])
    assert (channel.handle, channel.name) == ("@fernhill@social.fernhill.example", "Town of Fernhill")
    assert channel.limits["text"] == 500
    assert {cursor.stream for cursor in channel.cursors.all()} == {"posts", "mentions"}
    assert trying.try_due(NOON + timedelta(days=1)) == 0


def test_an_app_password_opens_a_session_that_is_kept(town: Emulator) -> None:
    made = town.create_account("bluesky", "fernhill", name="Town of Fernhill")
    given = {"identifier": "@fernhill.bsky.example", "app_password": made["app_password"]}
    channel = connecting.connect("bluesky", "", given, by=None, now=NOON)
    assert trying.try_due(NOON) == 1
    channel.refresh_from_db()
    assert (channel.state, channel.remote_id, channel.handle) == ("ok", made["id"], "@fernhill.bsky.example")
    assert channel.expires_at is not None
    fields = set(channel.credentials.values_list("field", flat=True))
    assert fields == {"identifier", "app_password", "access_token", "refresh_token"}
    connecting.try_again(channel, by=make_user("administrator"), now=NOON)
    assert trying.try_due(NOON) == 1
    assert len(town.requests(platform="bluesky", route="token")) == 1


def test_a_wrong_app_password_is_said_to_be_one_and_nothing_is_kept(town: Emulator) -> None:
    town.create_account("bluesky", "fernhill")
    given = {"identifier": "fernhill.bsky.example", "app_password": "abcd-efgh-ijkl-mnop"}
    channel = connecting.connect("bluesky", "", given, by=None, now=NOON)
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert (channel.state, channel.test_due_at) == ("connecting", None)
    assert "app password" in channel.why
    assert not channel.credentials.exists()


@pytest.mark.parametrize("platform", ["x", "facebook", "mastodon"])
def test_an_unknown_token_is_said_to_be_one(town: Emulator, platform: str) -> None:
    rest = dict.fromkeys(("consumer_key", "consumer_secret", "access_secret"), "half") if platform == "x" else {}
    channel = begin("nobody-has-this-token", platform, **rest)
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert channel.state == "connecting"
    assert "does not accept" in channel.why
    assert channel.test_due_at is None
    assert not channel.credentials.exists()


def test_an_expired_token_is_refused_in_words(town: Emulator) -> None:
    made = account(town, "facebook")
    town.revoke(token=made["token"], state="expired")
    channel = begin(made["token"], "facebook")
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert channel.state == "connecting"
    assert "does not accept" in channel.why


def test_a_persons_token_is_not_taken_for_a_pages(town: Emulator) -> None:
    made = town.create_account("facebook", "inge", name="Inge", kind="manager")
    channel = begin(made["token"], "facebook")
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert channel.state == "connecting"
    assert "belongs to a person" in channel.why


def test_a_token_of_another_account_changes_nothing(town: Emulator) -> None:
    channel = connected(town)
    kept = list(channel.credentials.values_list("field", "sealed", "version"))
    other = account(town, handle="millbrook")
    connecting.reconnect(channel, {"access_token": other["token"]}, by=None, now=NOON)
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert (channel.state, channel.handle) == ("ok", "@fernhill@social.fernhill.example")
    assert "belong to @millbrook" in channel.why
    assert list(channel.credentials.values_list("field", "sealed", "version")) == kept


def test_the_same_account_twice_is_refused_and_named(town: Emulator) -> None:
    channel = connected(town)
    again = begin(town.create_token(channel.remote_id))
    trying.try_due(NOON)
    again.refresh_from_db()
    assert again.state == "connecting"
    assert "connected already" in again.why


def test_new_keys_bring_a_channel_back_and_keep_its_history(town: Emulator) -> None:
    channel = connected(town)
    town.revoke(account=channel.remote_id)
    connecting.try_again(channel, by=make_user("administrator"), now=NOON)
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert channel.state == "needs_reconnect"
    assert Notification.objects.filter(event="channel.needs_reconnect").exists()
    fresh = town.create_token(channel.remote_id)
    connecting.reconnect(channel, {"access_token": fresh}, by=None, now=NOON)
    trying.try_due(NOON)
    channel.refresh_from_db()
    assert (channel.state, channel.why) == ("ok", "")
    assert connecting.account_of(channel).secrets["access_token"].reveal() == fresh
    assert [row.field for row in channel.credentials.all()] == ["access_token"]


def test_a_platform_that_does_not_answer_is_asked_again_and_then_given_up_in_words(town: Emulator) -> None:
    channel = begin(account(town)["token"])
    town.fault("unavailable", platform="mastodon")
    now = NOON
    for _ in range(trying.TRIES):
        assert trying.try_due(now) == 1
        now += timedelta(minutes=10)
    channel.refresh_from_db()
    assert (channel.state, channel.test_due_at) == ("connecting", None)
    assert "try again later" in channel.why


def test_practice_refuses_a_real_server_by_name() -> None:
    with pytest.raises(Invalid, match="practice"):
        connecting.connect("mastodon", "mastodon.social", {"access_token": "abc"}, by=None, now=NOON)
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "10.0.0.8:8080", "https://user@x.org", "0x7f.1", ""]
)
def test_an_address_is_not_taken_for_a_mastodon_server(host: str) -> None:
    with pytest.raises(Invalid):
        connecting.connect("mastodon", host, {"access_token": "abc"}, by=None, now=NOON, practice=False)
    assert not Channel.objects.exists()


def test_a_mastodon_server_on_a_private_network_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    before = vars(http.rules).copy()
    http.configure(practice=False)
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: answer)
    reached: list[tuple[str, str, int]] = []
    monkeypatch.setattr(http, "seen", lambda *where: reached.append(where))
    given = {"access_token": "abcdefgh"}
    channel = connecting.connect("mastodon", "social.example.org", given, by=None, now=NOON, practice=False)
    try:
        trying.try_due(NOON)
    finally:
        http.configure(**before)
    channel.refresh_from_db()
    assert channel.state == "connecting"
    assert "social.example.org is on a private or special network" in channel.why
    assert reached == []


@pytest.mark.parametrize("token", ["", "   ", "with space", "line\nbreak", "süß"])
def test_what_cannot_be_a_token_is_sent_nowhere(token: str) -> None:
    with pytest.raises(Invalid) as refused:
        begin(token)
    assert token.strip() == "" or token not in refused.value.words
    assert not Credential.objects.exists()


def test_disconnecting_forgets_the_secrets_and_writes_down_who_did_it(town: Emulator) -> None:
    channel = connected(town)
    admin = make_user("administrator")
    connecting.disconnect(channel, by=admin, now=NOON)
    assert not Credential.objects.filter(channel=channel).exists()
    assert channel.scope.__class__.objects.get(pk=channel.scope_id).closed_at == NOON
    assert AuditEntry.objects.filter(act="archived", ref=str(channel.key), actor=admin).exists()


@pytest.mark.parametrize(
    ("fault", "act", "words"),
    [
        ("", "access_taken_back", "WordPress has ended Parley's access."),
        ("unavailable", "access_left", "could not be told to end Parley's access"),
    ],
)
def test_a_password_that_was_typed_in_is_ended_where_the_platform_can(
    town: Emulator, fault: str, act: str, words: str
) -> None:
    made, admin = account(town, "wordpress"), make_user("administrator")
    given = {"access_token": made["token"], "username": "fernhill"}
    channel = connecting.connect("wordpress", made["host"], given, by=admin, now=NOON)
    trying.try_due(NOON)
    channel.refresh_from_db()
    held = parting.held(channel)
    connecting.disconnect(channel, by=admin, now=NOON)
    if fault:
        town.fault(fault, platform="wordpress", route="token")
    assert words in parting.take_back(channel, held, by=admin, now=NOON)
    states = [one["state"] for row in town.accounts() for one in row["tokens"] if one["token"] == made["token"]]
    assert states == ["ok" if fault else "revoked"]
    assert AuditEntry.objects.filter(act=act, ref=str(channel.key)).exists()


def test_what_was_typed_in_elsewhere_is_left_to_a_person(town: Emulator) -> None:
    channel = connected(town)
    assert parting.held(channel) is None
    words = parting.take_back(channel, None, by=make_user("administrator"), now=NOON)
    assert words == "Take Parley's access away in the account's settings on Mastodon too."


def test_no_secret_stands_in_the_audit_trail_or_the_database_in_clear(town: Emulator) -> None:
    made = account(town)
    channel = begin(made["token"])
    rows = [str(row.data) + row.subject for row in AuditEntry.objects.all()]
    rows += list(Credential.objects.values_list("sealed", flat=True)) + [repr(connecting.account_of(channel, "new:"))]
    assert made["token"] not in " ".join(rows)


def test_a_paused_channel_still_hears_residents(town: Emulator) -> None:
    channel = connected(town)
    connecting.pause(channel, "Moving house", by=make_user("publisher"), now=NOON)
    town.say("mastodon", "@fernhill the lamp on Mill Road is out", to=channel.remote_id)
    cursor = channel.cursors.get(stream="mentions")
    assert cursor.pk in intake.due(NOON)
    filed = intake.poll(cursor.pk, NOON)
    assert filed is not None
    assert [message.text for message in filed.new] == ["@fernhill the lamp on Mill Road is out"]
