"""Asking a platform for keys by OAuth 2.0: where a person is sent, and what is asked behind their back.

Plain data in and out. A `Door` says how one platform does it; `doors` has one for each. Every call ends in its result
or in one of the endings: TryLater where the platform could not be asked, Refused where it said no. No ending holds a
code, a key or an address.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets as random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused, Renewed, Secret, TryLater
from channels_app.platforms.oauth_answers import call


@dataclass(frozen=True)
class Scope:
    """One permission: its name there, and what it lets Parley do ("publish posts"). Any of `or_` does as well."""

    name: str
    words: str
    needed: bool = True  # without it the channel is of no use
    or_: Sequence[str] = ()


@dataclass(frozen=True)
class App:
    """The town's own app on a platform."""

    client_id: str
    client_secret: Secret


@dataclass(frozen=True)
class Grant:
    """What came of an exchange. `scopes` is None where the platform does not tell; what was asked for, then.

    `person` is who let Parley in, by the platform's own number, where one permission is for all their accounts.
    """

    secrets: Mapping[str, Secret] = field(repr=False)
    scopes: frozenset[str] | None = None
    expires_at: datetime | None = None
    person: str = ""


@dataclass(frozen=True)
class Choice:
    """An account the person may connect, with the keys of its own."""

    key: str
    name: str
    more: str = ""
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    missing: str = ""  # why it cannot be connected, as a sentence


@dataclass(frozen=True)
class Door:
    """How one platform lets people in. Addresses are full; `{host}` is the server of a platform that has many.

    `basic`: the app's keys stand in the Authorization header and not in the form. `by_get`: the exchange is a GET.
    `app`: the platform whose app it is. `shared`: one permission for all accounts of a person, so that taking it back
    takes it back for all of them. `also`: asked for beside the permissions, to learn who that person is. `renews`: its
    keys end and come with one to renew them. `rotates`: each refresh ends the refresh token that was used. `by_key`: to
    take a permission back, its key is enough, wherever it came from. `within`: what is chosen is a place within the one
    account that was signed in to.
    """

    platform: str
    authorize: str
    token: str
    scopes: Sequence[Scope]
    app: str = ""
    pkce: bool = False
    basic: bool = False
    by_get: bool = False
    separator: str = " "
    extra: Mapping[str, str] = field(default_factory=dict)
    also: str = ""
    shared: bool = False
    renews: bool = False
    rotates: bool = False
    by_key: bool = False
    within: bool = False
    then: Callable[[Door, App, Grant, Account], Grant] | None = None  # a second exchange, short keys for long ones
    choose: Callable[[Account, Grant], Sequence[Choice]] | None = None
    take_back: Callable[[Door, App, Account], None] | None = None
    register: str = ""  # where a server takes new apps

    @property
    def app_platform(self) -> str:
        return self.app or self.platform

    @property
    def asked(self) -> str:
        names = dict.fromkeys(scope.name for scope in self.scopes)
        return self.separator.join([*names, self.also] if self.also else names)


def new_state() -> str:
    return random.token_urlsafe(32)


def new_verifier() -> str:
    return random.token_urlsafe(48)


def challenge_of(verifier: str) -> str:
    """PKCE's S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def authorize_url(door: Door, app: App, redirect: str, state: str, verifier: str, account: Account) -> str:
    """Where the person's browser is sent."""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect,
        "scope": door.asked,
        "state": state,
        **door.extra,
    }
    if door.pkce:
        asked |= {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    return http.for_browser(f"{address(door.authorize, account)}?{urlencode(asked)}", account.practice)


def exchange(door: Door, app: App, code: str, redirect: str, verifier: str, account: Account) -> Grant:
    """A code for keys. A code is good once; nothing here is ever repeated by itself."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    if door.pkce:
        form["code_verifier"] = verifier
    body = ask(door, app, form, account)
    grant = granted(body)
    if door.also:
        grant = replace(grant, scopes=grant.scopes and grant.scopes - {door.also}, person=_person(body))
    return door.then(door, app, grant, account) if door.then else grant


def refresh(door: Door, app: App, account: Account) -> Renewed:
    """New keys for the refresh token there is. Where it rotates, the old one is dead from now on."""
    held = account.secrets.get("refresh_token")
    if held is None:
        raise Refused(
            "There is no key to renew these keys with. Let Parley in again.", cause="token", code="no refresh"
        )
    form = {"grant_type": "refresh_token", "refresh_token": held.reveal()}
    try:
        grant = granted(ask(door, app, form, account))
    except Refused as ending:
        over = "These keys cannot be renewed any more. Let Parley in again."
        problem = Refused(over if ending.code == "invalid_grant" else ending.words, cause="token", code=ending.code)
    else:
        return Renewed(grant.secrets, grant.expires_at)
    raise problem


def renew(door: Door, account: Account) -> Renewed:
    """The same with the app's keys among the account's own secrets."""
    if not {"client_id", "client_secret"} <= set(account.secrets):
        raise Refused("The keys of the town's app are not there any more. Enter them.", cause="token", code="no app")
    return refresh(door, App(account.secrets["client_id"].reveal(), account.secrets["client_secret"]), account)


def revoke(door: Door, app: App, account: Account) -> bool:
    """Take the permission back at the platform; False where it has no way to. Raises the endings."""
    if door.take_back is None:
        return False
    door.take_back(door, app, account)
    return True


def choices(door: Door, grant: Grant, account: Account) -> Sequence[Choice]:
    """The accounts these keys lead to; one without a name where the keys are an account's own."""
    if door.choose is None:
        return [Choice("", "", secrets=grant.secrets)]
    return door.choose(account, grant)


def missing(door: Door, granted: Sequence[str]) -> list[Scope]:
    """What Parley asked for and was not given, in the order of the door."""
    had = set(granted)
    return [scope for scope in door.scopes if not had & {scope.name, *scope.or_}]


def address(url: str, account: Account) -> str:
    """A door's address for this account: on its own server, and in practice on the host that stands for it."""
    url = url.replace("{host}", account.host)
    host = urlsplit(url).netloc
    return url.replace(host, http.DOOR_HOSTS.get(host, host), 1) if account.practice else url


def register(door: Door, redirect: str, account: Account) -> App:
    """Make an app of the town's own on a server that takes new ones from anybody."""
    form = {"client_name": "Parley", "redirect_uris": redirect, "scopes": door.asked}
    body = call("POST", address(door.register, account), account, data=form, headers={"Accept": "application/json"})
    if not body.get("client_id") or not body.get("client_secret"):
        raise TryLater(f"{account.host} answered without app keys. Is it a server of this kind?", code="garbled")
    return App(str(body["client_id"]), Secret(str(body["client_secret"])))


def ask(door: Door, app: App, form: Mapping[str, str], account: Account) -> Mapping[str, Any]:
    """One question to the token address, in the platform's own way of naming the app."""
    headers = {"Accept": "application/json"}
    asked = dict(form)
    if door.basic:
        pair = f"{quote_plus(app.client_id)}:{quote_plus(app.client_secret.reveal())}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        asked |= {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}
    url = address(door.token, account)
    if door.by_get:
        return call("GET", url, account, params=asked, headers=headers)
    return call("POST", url, account, data=asked, headers=headers)


def _person(body: Mapping[str, Any]) -> str:
    """Who let us in, as the platform says. Its word came straight from it, so no signature is looked at."""
    try:
        part = str(body["id_token"]).split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sub"])
    except (LookupError, ValueError, TypeError):
        return ""


def granted(body: Mapping[str, Any]) -> Grant:
    token = body.get("access_token")
    if not isinstance(token, str) or not token:
        raise TryLater("The platform answered without a key. Begin again.", code="garbled")
    found = {"access_token": Secret(token)}
    if body.get("refresh_token"):
        found["refresh_token"] = Secret(str(body["refresh_token"]))
    seconds = str(body.get("expires_in") or "")
    ends = datetime.now(UTC) + timedelta(seconds=int(seconds)) if seconds.isdigit() else None
    told = body.get("scope")
    scopes = frozenset(str(told).replace(",", " ").split()) if told else None
    return Grant(found, scopes, ends)
