"""Meta's own steps: short keys for long ones, the Pages of a person, and the Instagram accounts behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels_app.platforms.base import Account, Refused, Secret
from channels_app.platforms.graph import VERSION
from channels_app.platforms.oauth import App, Choice, Door, Grant, address, ask, granted
from channels_app.platforms.oauth_answers import call

GRAPH = f"https://graph.facebook.com/{VERSION}"
MOST = 10  # sheets of a hundred Pages each


def lasting(door: Door, app: App, grant: Grant, account: Account) -> Grant:
    """The person's key lasts hours; the one it is exchanged for lasts sixty days, and its Page keys have no end."""
    short = grant.secrets["access_token"].reveal()
    long = granted(ask(door, app, {"grant_type": "fb_exchange_token", "fb_exchange_token": short}, account))
    held = long.secrets["access_token"]
    return Grant({"user_token": held}, _scopes(held, account), person=_person(held, account))


def pages(account: Account, grant: Grant) -> Sequence[Choice]:
    """Each Page the person manages, with a key of the Page's own."""
    found = []
    for row in _accounts(account, grant, "id,name,access_token,category,tasks"):
        tasks = row.get("tasks") or ["CREATE_CONTENT"]
        why = "" if "CREATE_CONTENT" in tasks else "Your role on this Page does not include publishing."
        found.append(Choice(str(row["id"]), str(row["name"]), str(row.get("category") or ""), _keys(row, grant), why))
    return found


def instagram_accounts(account: Account, grant: Grant) -> Sequence[Choice]:
    """The professional account behind each Page; a Page without one is shown with the reason."""
    found = []
    for row in _accounts(account, grant, "id,name,access_token,instagram_business_account{id,username,name}"):
        behind = row.get("instagram_business_account")
        if isinstance(behind, dict) and behind.get("id"):
            handle, page = str(behind.get("username") or behind["id"]), f"with the Page {row['name']}"
            secrets = {**_keys(row, grant), "account_id": Secret(str(behind["id"]))}
            found.append(Choice(str(behind["id"]), f"@{handle}", page, secrets))
        else:
            why = "No professional Instagram account is tied to this Page."
            found.append(Choice(str(row["id"]), str(row["name"]), "Page", missing=why))
    return found


def take_back(door: Door, app: App, account: Account) -> None:
    """End the person's permission for the app, and every Page key that came of it."""
    token = account.secrets.get("user_token")
    if token is None:
        raise Refused("These keys were entered by hand.", cause="permission", code="by hand")
    url = address(f"{GRAPH}/me/permissions", account)
    call("DELETE", url, account, headers={"Authorization": f"Bearer {token.reveal()}"})


def _keys(row: Mapping[str, Any], grant: Grant) -> Mapping[str, Secret]:
    return {**grant.secrets, "access_token": Secret(str(row["access_token"]))}


def _scopes(token: Secret, account: Account) -> frozenset[str]:
    """What the person allowed; each permission can be unticked in the dialog."""
    url = address(f"{GRAPH}/me/permissions", account)
    body = call("GET", url, account, headers={"Authorization": f"Bearer {token.reveal()}"})
    rows = body.get("data") or []
    return frozenset(str(row["permission"]) for row in rows if row.get("status") == "granted")


def _person(token: Secret, account: Account) -> str:
    """Whose permission it is, by the number Meta has for them in this app."""
    headers = {"Authorization": f"Bearer {token.reveal()}"}
    return str(call("GET", address(f"{GRAPH}/me", account), account, params={"fields": "id"}, headers=headers)["id"])


def _accounts(account: Account, grant: Grant, fields: str) -> Sequence[Mapping[str, Any]]:
    headers = {"Authorization": f"Bearer {grant.secrets['user_token'].reveal()}"}
    rows: list[Mapping[str, Any]] = []
    after = ""
    for _ in range(MOST):
        asked = {"fields": fields, "limit": "100"} | ({"after": after} if after else {})
        body = call("GET", address(f"{GRAPH}/me/accounts", account), account, params=asked, headers=headers)
        rows += [row for row in body.get("data") or [] if row.get("access_token")]
        paging = body.get("paging") or {}
        after = str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""
        if not after:
            break
    return rows
