"""Every door, from the platform's own page to keys, new keys and none, in each platform's own way of saying no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from channels_app.emulator.client import Emulator
from channels_app.platforms import doors, http, linkedin, oauth
from channels_app.platforms.base import Account, Refused, Secret, TryLater
from channels_app.platforms.oauth import App, Door, Grant

BACK = "http://127.0.0.1:8800/channels/connect/back/"
HOST = "social.fernhill.example"
NAMES = sorted(doors.DOORS)


@pytest.fixture
def town(emulator: Emulator) -> Iterator[Emulator]:
    emulator.reset()
    emulator.create_account("x", "FernhillTown")
    emulator.create_account("mastodon", "fernhill")
    behind = {"id": "17841400001", "username": "fernhill"}
    pages = [
        emulator.create_account("facebook", "Fernhill", extra={"instagram": behind})["id"],
        emulator.create_account("facebook", "Library")["id"],
    ]
    emulator.create_account("facebook", "webteam", kind="manager", extra={"pages": pages})
    yield emulator
    emulator.clear_faults()


class Dance:
    """One person at one door."""

    def __init__(self, name: str) -> None:
        self.door: Door = doors.DOORS[name]
        self.account = Account(name, HOST if self.door.register else "", "", "", {}, practice=True)
        self.verifier, self.state = oauth.new_verifier(), oauth.new_state()
        self.app = self.registered()

    def registered(self) -> App:
        if self.door.register:
            return oauth.register(self.door, BACK, self.account)
        return App(f"practice-app-{self.door.app_platform}", Secret(f"practice-secret-{self.door.app_platform}"))

    def code(self, *, without: str = "") -> str:
        address = oauth.authorize_url(self.door, self.app, BACK, self.state, self.verifier, self.account)
        shown = requests.get(address, timeout=5)
        assert shown.status_code == 200, shown.text
        form = [("as", re.findall(r'name="as" value="([^"]+)"', shown.text)[0]), ("answer", "allow")]
        form += [
            ("allowed", one) for one in re.findall(r'name="allowed" value="([^"]+)"', shown.text) if one != without
        ]
        where = requests.post(address, data=form, timeout=5, allow_redirects=False).headers["Location"]
        query = parse_qs(urlsplit(where).query)
        assert query["state"] == [self.state]
        return query["code"][0]

    def exchange(self, code: str, **other: object) -> Grant:
        given = {"app": self.app, "redirect": BACK, "verifier": self.verifier} | other
        return oauth.exchange(self.door, given["app"], code, given["redirect"], given["verifier"], self.account)

    def with_keys(self, grant: Grant) -> Account:
        return Account(self.account.platform, self.account.host, "", "", grant.secrets, practice=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_code_becomes_keys_once(town: Emulator, name: str) -> None:
    dance = Dance(name)
    code = dance.code()
    grant = dance.exchange(code)
    assert grant.scopes == {scope.name for scope in dance.door.scopes}
    assert oauth.missing(dance.door, sorted(grant.scopes)) == []
    with pytest.raises(Refused) as again:
        dance.exchange(code)
    assert again.value.code == "invalid_grant"
    assert code not in again.value.words


@pytest.mark.parametrize("name", NAMES)
def test_wrong_app_keys_are_told_from_a_wrong_code(town: Emulator, name: str) -> None:
    dance = Dance(name)
    code = dance.code()
    with pytest.raises(Refused) as refused:
        dance.exchange(code, app=App(dance.app.client_id, Secret("not-the-secret")))
    assert refused.value.code == "invalid_client"
    assert "not-the-secret" not in refused.value.words
    with pytest.raises(Refused) as refused:
        dance.exchange("nobody-has-this-code")
    assert refused.value.code == "invalid_grant"


@pytest.mark.parametrize("name", [name for name in NAMES if doors.DOORS[name].pkce])
def test_a_code_is_worth_nothing_without_its_proof(town: Emulator, name: str) -> None:
    dance = Dance(name)
    with pytest.raises(Refused) as refused:
        dance.exchange(dance.code(), verifier=oauth.new_verifier())
    assert refused.value.code == "invalid_grant"


@pytest.mark.parametrize("name", ["x", "youtube", "linkedin", "pinterest"])
def test_keys_are_renewed_as_each_platform_does_it(town: Emulator, name: str) -> None:
    dance = Dance(name)
    grant = dance.exchange(dance.code())
    assert grant.expires_at is not None
    held = dance.with_keys(grant)
    renewed = oauth.refresh(dance.door, dance.app, held)
    assert renewed.secrets["access_token"].reveal() != grant.secrets["access_token"].reveal()
    assert renewed.expires_at is not None
    assert renewed.expires_at > datetime.now(UTC) + timedelta(minutes=30)
    assert ("refresh_token" in renewed.secrets) is (name != "youtube")
    if dance.door.rotates:
        with pytest.raises(Refused):
            oauth.refresh(dance.door, dance.app, held)
    else:
        oauth.refresh(dance.door, dance.app, held)


def test_who_has_nothing_to_renew_with_is_asked_to_sign_in_again() -> None:
    account = Account("x", "", "", "", {}, practice=True)
    with pytest.raises(Refused, match="no key to renew"):
        oauth.refresh(doors.X, App("a", Secret("b")), account)


@pytest.mark.parametrize("name", [name for name in NAMES if doors.DOORS[name].take_back])
def test_what_is_taken_back_is_dead_there(town: Emulator, name: str) -> None:
    dance = Dance(name)
    grant = dance.exchange(dance.code())
    assert oauth.revoke(dance.door, dance.app, dance.with_keys(grant))
    token = (
        grant.secrets.get("user_token") or grant.secrets.get("refresh_token") or grant.secrets["access_token"]
    ).reveal()
    states = {one["token"]: one["state"] for row in town.accounts() for one in row["tokens"]}
    assert states[token] == "revoked"


def test_where_nothing_can_be_taken_back_it_says_so(town: Emulator) -> None:
    assert not oauth.revoke(doors.PINTEREST, App("a", Secret("b")), Account("pinterest", "", "", "", {}, practice=True))


def test_pages_carry_keys_of_their_own_and_instagram_stands_behind_them(town: Emulator) -> None:
    dance = Dance("facebook")
    grant = dance.exchange(dance.code(without="pages_manage_posts"))
    assert [scope.name for scope in oauth.missing(dance.door, sorted(grant.scopes or ()))] == ["pages_manage_posts"]
    found = oauth.choices(dance.door, grant, dance.account)
    assert [one.name for one in found] == ["Fernhill", "Library"]
    assert len({one.secrets["access_token"].reveal() for one in found}) == 2
    dance = Dance("instagram")
    found = oauth.choices(dance.door, dance.exchange(dance.code()), dance.account)
    assert [(one.key, one.name, bool(one.missing)) for one in found][0] == ("17841400001", "@fernhill", False)
    assert "No professional Instagram account" in found[1].missing


def test_linkedin_shows_the_pages_of_a_member(town: Emulator) -> None:
    dance = Dance("linkedin")
    found = oauth.choices(dance.door, dance.exchange(dance.code()), dance.account)
    assert [one.name for one in found] == ["Town of Fernhill", "Fernhill Library"]
    assert all(one.secrets["page"].reveal() == one.key for one in found)


@pytest.mark.parametrize("field", ["organization", "organizationalTarget", "organizationTarget"])
def test_a_role_on_linkedin_counts_on_whatever_sheet_it_stands_and_however_it_is_named(
    town: Emulator, field: str
) -> None:
    made = [town.create_account("linkedin", f"page{n}", name=f"Page {n}")["id"] for n in range(12)]
    town.create_account("linkedin", "webteam", kind="manager", extra={"pages": made})
    town.rules(linkedin_page=field, linkedin_sheet=10)
    dance = Dance("linkedin")
    grant = dance.exchange(dance.code())
    assert [one.key for one in oauth.choices(dance.door, grant, dance.account)] == made
    keys = {**grant.secrets, "page": Secret(made[11])}
    account = replace(dance.account, host=http.PRACTICE_HOSTS["linkedin"], secrets=keys)
    assert linkedin.profile(account).remote_id == made[11]


@pytest.mark.parametrize("name", ["linkedin", "x"])
def test_a_platform_that_is_down_proves_nothing_and_tells_no_secret(town: Emulator, name: str) -> None:
    dance = Dance(name)
    code = dance.code()
    town.fault("unavailable", platform="doors" if name == "linkedin" else name, route="token")
    with pytest.raises(TryLater) as ending:
        dance.exchange(code)
    assert code not in ending.value.words
    assert dance.app.client_secret.reveal() not in ending.value.words


def test_a_page_of_the_platform_sends_nobody_elsewhere(town: Emulator) -> None:
    dance = Dance("x")
    address = oauth.authorize_url(dance.door, dance.app, "https://elsewhere.example/", "s", "v" * 50, dance.account)
    shown = requests.get(address, timeout=5, allow_redirects=False)
    assert (shown.status_code, "Location" in shown.headers) == (400, False)


def test_every_practice_host_of_a_door_is_fictional() -> None:
    assert all(name.endswith(".example") for name in http.DOOR_HOSTS.values())
