"""Letting Parley in: there and back over real HTTP, and what can go wrong, each time with a sentence and a way on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.test import Client
from pytest_django import Settings

from accounts import clock
from accounts.models import AuditEntry, User
from channels_app import app_keys, connecting, joining, trying
from channels_app.emulator.client import Emulator
from channels_app.models import AppKey, Channel, Joining
from channels_app.platforms import http
from config.secret_files import new_keyring
from tests.factories import NOON, make_town, make_user
from tests.factories_joining import make_joining

pytestmark = pytest.mark.django_db
CANARY = "canary-91c7d2e4f0"
BACK = "/channels/connect/back/"


@pytest.fixture
def town(emulator: Emulator) -> Iterator[Emulator]:
    emulator.reset()
    yield emulator
    emulator.clear_faults()


def sign_in(user: User) -> Client:
    """A signed-in person who has just given their password."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


@pytest.fixture
def admin() -> User:
    make_town()
    return make_user("administrator")


@pytest.fixture
def client(admin: User) -> Client:
    return sign_in(admin)


def keys_of(platform: str, **more: str) -> dict[str, str]:
    return {"client_id": f"practice-app-{platform}", "client_secret": f"practice-secret-{platform}"} | more


def set_up(client: Client, platform: str) -> None:
    if platform != "mastodon":
        assert client.post(f"/channels/connect/{platform}/app/", keys_of(platform)).status_code == 302


def going(client: Client, address: str, **given: str) -> str:
    """Press the button that begins; where its page leads the browser."""
    answer = client.post(address, given, follow=True)
    page = answer.content.decode()
    hit = re.search(r'href="(http://127\.0\.0\.1:\d+/_web/[^"]+)"', page)
    assert hit, page
    return hit[1].replace("&amp;", "&")


def decide(address: str, answer: str = "allow", *, account: str = "", without: tuple[str, ...] = ()) -> str:
    """What a person does on the platform's page; the address their browser is sent back to."""
    shown = requests.get(address, timeout=5).text
    people = re.findall(r'name="as" value="([^"]+)"', shown)
    scopes = re.findall(r'name="allowed" value="([^"]+)"', shown)
    form = [("as", account or people[0]), ("answer", answer)]
    form += [("allowed", scope) for scope in scopes if scope not in without]
    said = requests.post(address, data=form, timeout=5, allow_redirects=False)
    assert said.status_code == 302, said.text
    return said.headers["Location"].partition("#")[0]


def come_back(client: Client, where: str, **changes: str) -> tuple[int, str]:
    """Come back to the desk by that address; the status and the page."""
    parts = urlsplit(where)
    assert parts.path == BACK
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    answer = client.get(f"{BACK}?{urlencode(query)}", follow=True)
    return answer.status_code, answer.content.decode()


def let_in(client: Client, platform: str, **how: object) -> tuple[int, str]:
    set_up(client, platform)
    host = {"host": "social.fernhill.example"} if platform == "mastodon" else {}
    return come_back(client, decide(going(client, f"/channels/connect/{platform}/let-in/", **host), **how))  # type: ignore[arg-type]


def pages_of(town: Emulator, *names: str) -> list[str]:
    made = [town.create_account("facebook", name, name=f"Town of {name}")["id"] for name in names]
    town.create_account("facebook", "webteam", name="Web team", kind="manager", extra={"pages": made})
    return made


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
    assert come_back(client, where, state="\udcff")[0] == 409
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


def test_app_keys_are_never_shown_again_and_only_replaced(client: Client, admin: User) -> None:
    answer = client.post("/channels/connect/x/app/", {"client_id": CANARY})
    assert answer.status_code == 422
    assert CANARY not in answer.content.decode()
    client.post("/channels/connect/x/app/", {"client_id": CANARY, "client_secret": f"{CANARY}-secret"})
    for path in ("/channels/connect/x/app/", "/channels/connect/x/"):
        assert CANARY not in client.get(path).content.decode()
    assert CANARY not in str(list(AppKey.objects.values()))
    assert CANARY not in str(list(AuditEntry.objects.values()))
    client.post("/channels/connect/x/app/", {"client_id": "", "client_secret": "another-secret"})
    held = app_keys.of("x")
    assert (held["client_id"].reveal(), held["client_secret"].reveal()) == (CANARY, "another-secret")
    assert "Entered on" in client.get("/channels/connect/x/app/").content.decode()
    assert AuditEntry.objects.filter(act="set_app_keys", actor=admin).count() == 2


@pytest.mark.parametrize("secret", ["with space", "süß", "a\nb"])
def test_what_cannot_be_a_key_is_not_kept(client: Client, secret: str) -> None:
    assert client.post("/channels/connect/x/app/", {"client_id": "x1", "client_secret": secret}).status_code == 422
    assert not AppKey.objects.exists()


def test_a_sealed_app_key_opens_in_its_own_place_only(client: Client) -> None:
    client.post("/channels/connect/x/app/", keys_of("x"))
    AppKey.objects.filter(field="client_id").update(field="webhook_token")
    with pytest.raises(app_keys.keyring.CannotOpen):
        app_keys.of("x")


def test_the_guide_names_the_exact_address_and_the_permissions(client: Client) -> None:
    page = client.get("/channels/connect/facebook/app/").content.decode()
    assert f"http://testserver{BACK}" in page
    for words in ("Valid OAuth Redirect URIs", "pages_manage_posts", "Publish posts"):
        assert words in page


def test_without_a_public_address_it_is_off_and_says_why(client: Client, settings: Settings) -> None:
    settings.PRACTICE, settings.PUBLIC_URL = False, ""
    page = client.get("/channels/connect/x/").content.decode()
    assert "does not know its own public address" in page
    assert "I have a token" in page
    assert client.post("/channels/connect/x/let-in/").status_code == 422
    settings.PUBLIC_URL = "https://parley.fernhill.example"
    assert (
        "https://parley.fernhill.example/channels/connect/back/"
        in client.get("/channels/connect/x/app/").content.decode()
    )


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


def test_an_app_key_moves_to_a_new_ring(client: Client, settings: Settings, tmp_path: Path) -> None:
    ring = tmp_path / "keyring"
    ring.write_text(new_keyring())
    settings.PARLEY_KEYRING = str(ring)
    client.post("/channels/connect/x/app/", keys_of("x"))
    ring.write_text(new_keyring().replace("k1", "k2") + ring.read_text())
    assert (app_keys.rotate(1), app_keys.rotate(), app_keys.rotate()) == (1, 1, 0)
    assert {row.sealed.partition(".")[0] for row in AppKey.objects.all()} == {"k2"}
    assert app_keys.of("x")["client_secret"].reveal() == "practice-secret-x"


def test_the_browser_is_sent_to_the_real_page_outside_practice() -> None:
    assert (
        http.for_browser("https://x.com/i/oauth2/authorize?a=1", practice=False)
        == "https://x.com/i/oauth2/authorize?a=1"
    )
