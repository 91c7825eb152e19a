"""What the other platforms do each in a way of their own: LinkedIn's pages, and taking a permission back."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import quote_plus

from channels_app.platforms import linkedin_client, linkedin_roles, pinterest_client
from channels_app.platforms.base import Account, Refused, Secret
from channels_app.platforms.oauth import App, Choice, Door, Grant, address
from channels_app.platforms.oauth_answers import call
from channels_app.platforms.verdicts import after_read, ended

LINKEDIN = "https://api.linkedin.com/rest"
MOST = 20  # pages that are asked for their names


def linkedin_pages(account: Account, grant: Grant) -> Sequence[Choice]:
    """The pages the person has a role on, by name."""
    headers = {
        "Authorization": f"Bearer {grant.secrets['access_token'].reveal()}",
        "LinkedIn-Version": linkedin_client.VERSION,
        "X-Restli-Protocol-Version": "2.0.0",
    }
    roles = ended(
        lambda: linkedin_roles.held(
            lambda path: call("GET", address(f"{LINKEDIN}/{path}", account), account, headers=headers)
        ),
        partial(after_read, "LinkedIn", {}),
    )
    found = []
    for number, held in list(roles.items())[:MOST]:
        about = call("GET", address(f"{LINKEDIN}/organizations/{number}", account), account, headers=headers)
        name, vanity = str(about.get("localizedName") or f"Page {number}"), str(about.get("vanityName") or "")
        why = "" if held & linkedin_roles.MAY_PUBLISH else "Your role on this page does not include publishing."
        found.append(Choice(number, name, vanity, {**grant.secrets, "page": Secret(number)}, why))
    return found


def pinterest_boards(account: Account, grant: Grant) -> Sequence[Choice]:
    """The boards of whoever signed in, by name: pins go to one of them."""
    client = pinterest_client.Client(replace(account, secrets=grant.secrets))
    rows = ended(lambda: client.every("boards"), partial(after_read, "Pinterest", {}))
    return [
        Choice(str(row["id"]), str(row["name"]), "a board", {**grant.secrets, "board": Secret(str(row["name"]))})
        for row in rows[:MOST]
    ]


def take_back_x(door: Door, app: App, account: Account) -> None:
    for name in ("refresh_token", "access_token"):
        if name in account.secrets:
            form = {"token": account.secrets[name].reveal(), "token_type_hint": name}
            _post("https://api.x.com/2/oauth2/revoke", account, form, _basic(app))


def take_back_mastodon(door: Door, app: App, account: Account) -> None:
    _post("https://{host}/oauth/revoke", account, _own(app) | {"token": _token(account)})


def take_back_linkedin(door: Door, app: App, account: Account) -> None:
    """Told of by others than LinkedIn itself; not verified."""
    for name in ("refresh_token", "access_token"):
        if name in account.secrets:
            form = _own(app) | {"token": account.secrets[name].reveal()}
            _post("https://www.linkedin.com/oauth/v2/revoke", account, form)


def take_back_google(door: Door, app: App, account: Account) -> None:
    held = account.secrets.get("refresh_token") or account.secrets["access_token"]
    _post("https://oauth2.googleapis.com/revoke", account, {"token": held.reveal()})


def take_back_vimeo(door: Door, app: App, account: Account) -> None:
    headers = {"Authorization": f"Bearer {_token(account)}"}
    call("DELETE", address("https://api.vimeo.com/tokens", account), account, headers=headers)


def _token(account: Account) -> str:
    if "access_token" not in account.secrets:
        raise Refused("There is no key to take back.", cause="token", code="no key")
    return account.secrets["access_token"].reveal()


def _own(app: App) -> dict[str, str]:
    return {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}


def _basic(app: App) -> Mapping[str, str]:
    pair = f"{quote_plus(app.client_id)}:{quote_plus(app.client_secret.reveal())}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _post(url: str, account: Account, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
    call("POST", address(url, account), account, data=dict(form), headers=dict(headers or {}))
