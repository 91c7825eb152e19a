"""Facebook's Graph API: Pages of a person, what a token is worth, exchanging tokens."""

import sqlite3
from typing import Any

from . import codes
from .facebook import ROUTES, V, error
from .wire import Answer, Refuse
from .world import DAY, Call, extra


@ROUTES.on("GET", V + "/me/accounts", "profile")
def pages(call: Call) -> Answer:
    """The Pages a person runs, each with its token; asked for Instagram, also those that its accounts stand behind."""
    shown, instagram = [], "instagram_business_account" in call.request.arg("fields")
    for name in extra(call.me).get("pages", []):
        row = call.world.account(name)
        token = _page_token(call, name)
        if row is not None and token and row["state"] != "no_role":
            behind = extra(row).get("instagram") if instagram else None
            shown.append(_page(name, row["name"], token, behind))
    for row in call.store.rows("SELECT * FROM accounts WHERE platform = 'instagram' AND kind = 'ours'"):
        if instagram and call.token is not None:
            token = codes.token(call, row["id"], call.token["scopes"], None, "page")
            shown.append(_page(f"1{row['id']}", row["name"], token, {"id": row["id"], "username": row["handle"]}))
    return Answer({"data": shown})


def _page(name: str, words: str, token: str, instagram: dict[str, str] | None) -> dict[str, Any]:
    tasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
    shown = {"access_token": token, "category": "Government Organization", "name": words, "id": name, "tasks": tasks}
    return shown | ({"instagram_business_account": instagram} if instagram else {})


def _page_token(call: Call, page: str) -> str:
    """The Page's key. Whoever came through the dialog gets one of their own, which may no more than they allowed."""
    if call.token is not None and call.token["secret"] == "dialog":  # noqa: S105
        more = {"kind": "page", "scopes": call.token["scopes"], "secret": f"of {call.me['id']}"}
        return call.world.create_token(page, "facebook", call.now, **more)
    row = call.store.one("SELECT token FROM tokens WHERE account = ? AND kind = 'page' AND state = 'ok'", page)
    return row["token"] if row is not None else ""


def _debug(call: Call, token: sqlite3.Row | None, account: sqlite3.Row | None) -> dict[str, Any]:
    if token is None or account is None:
        problem = {"code": 190, "message": "The access token could not be decrypted"}
        return {"error": problem, "is_valid": False, "scopes": []}
    valid = token["state"] == "ok" and (token["expires_at"] or call.now) >= call.now and account["state"] != "no_role"
    found = {
        "app_id": "1420", "type": token["kind"].upper(), "application": "Parley", "is_valid": valid,
        "expires_at": int(token["expires_at"] or 0), "data_access_expires_at": int(token["issued_at"] + 90 * DAY),
        "issued_at": int(token["issued_at"]), "scopes": token["scopes"].split(), "user_id": account["id"],
        "granular_scopes": [{"scope": scope} for scope in token["scopes"].split()],
    }  # fmt: skip
    if token["kind"] == "page":
        found["profile_id"] = account["id"]
    if not valid:
        subcode = 463 if token["state"] == "expired" else 458
        found["error"] = {"code": 190, "message": "Error validating access token", "subcode": subcode}
    return found


@ROUTES.on("POST", V + "/debug_token", "token")
@ROUTES.on("GET", V + "/debug_token", "token")
def debug_token(call: Call) -> Answer:
    """What a token is worth, dead ones included."""
    if not (call.request.bearer or call.request.arg("access_token")):
        raise Refuse(error(104, "An access token is required to request this resource."))
    token = call.world.token(call.request.arg("input_token"))
    return Answer({"data": _debug(call, token, token and call.world.account(token["account"]))})
