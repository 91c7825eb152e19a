"""Apps, codes and what they are exchanged for: the part of signing in that is alike on every platform.

The practice apps have fixed keys, one for each platform; a server that registers apps keeps those in its tokens. A code
is bound to its app, to the address it went to and to the proof that was named when it was asked for, and works once.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
from typing import Any
from urllib.parse import unquote_plus

from .world import Call, World

LIFE = {"x": 30}  # seconds a code is good; elsewhere ten minutes
USUAL = 600


class Wrong(Exception):
    """Why an exchange is refused: client, grant, used, expired, redirect or proof."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def practice_app(platform: str) -> tuple[str, str]:
    """The keys of the practice app of a platform. Instagram's are Facebook's."""
    platform = "facebook" if platform == "instagram" else platform
    return f"practice-app-{platform}", f"practice-secret-{platform}"


def app_of(world: World, platform: str, client: str) -> dict[str, str] | None:
    """An app by its id: its secret, and the one address it may be sent to, "" for any on this machine."""
    known, secret = practice_app(platform)
    if platform in {"facebook", "instagram"}:
        secret = world.rule("meta_secret") or secret
    if client == known and platform != "mastodon":
        return {"secret": secret, "redirect": ""}
    row = world.token(client)
    if row is None or row["kind"] != "app":
        return None
    secret, _, redirect = row["secret"].partition(" ")
    return {"secret": secret, "redirect": redirect}


def signed(call: Call) -> bool:
    """Whether a call to Meta that is signed at all is signed with the app's secret as it is now."""
    proof = call.request.arg("appsecret_proof")
    app = app_of(call.world, "facebook", practice_app("facebook")[0])
    if not proof or app is None or not call.world.rule("meta_secret"):
        return True  # keys that a control call made belong to any app
    made = hmac.new(app["secret"].encode(), call.request.bearer.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(made, proof)


def issue(world: World, now: float, account: str, platform: str, scopes: str, bound: dict[str, str]) -> str:
    """A code for an account; `bound` holds client, redirect and challenge."""
    code = f"practice-code-{secrets.token_urlsafe(18)}"
    world.store.insert(
        "tokens", token=code, account=account, kind="code", scopes=scopes, issued_at=now,
        expires_at=now + LIFE.get(platform, USUAL), secret=json.dumps(bound),
    )  # fmt: skip
    return code


def client(call: Call, platform: str) -> str:
    """The app that calls, by the Authorization header or by the form; Wrong where its secret is not right."""
    scheme, _, pair = call.request.headers.get("Authorization", "").partition(" ")
    name, secret = call.request.arg("client_id"), call.request.arg("client_secret")
    if scheme.lower() == "basic":
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        name, secret = unquote_plus(name), unquote_plus(secret)
    app = app_of(call.world, platform, name)
    if app is None or not hmac.compare_digest(app["secret"], secret):
        raise Wrong("client")
    return name


def spend(call: Call, platform: str) -> sqlite3.Row:
    """The code of this exchange, now used up. One that a control call made is bound to nothing."""
    row = call.world.token(call.request.arg("code"))
    if row is None or row["kind"] != "code":
        raise Wrong("grant")
    if row["state"] != "ok":
        raise Wrong("used")
    if (row["expires_at"] or call.now) < call.now:
        raise Wrong("expired")
    if row["secret"]:
        _bound(call, platform, json.loads(row["secret"]))
    call.store.update("tokens", {"token": row["token"]}, state="revoked")
    return row


def _bound(call: Call, platform: str, bound: dict[str, Any]) -> None:
    if client(call, platform) != bound["client"]:
        raise Wrong("client")
    if call.request.arg("redirect_uri") != bound["redirect"]:
        raise Wrong("redirect")
    if bound["challenge"]:
        proof = hashlib.sha256(call.request.arg("code_verifier").encode()).digest()
        if base64.urlsafe_b64encode(proof).decode().rstrip("=") != bound["challenge"]:
            raise Wrong("proof")


def token(call: Call, account: str, scopes: str, seconds: float | None, kind: str = "user") -> str:
    """A fresh key for an account of any platform."""
    made = f"practice-{kind}-{secrets.token_urlsafe(18)}"
    ends = call.now + seconds if seconds else None
    call.store.insert(
        "tokens", token=made, account=account, kind=kind, scopes=scopes, issued_at=call.now, expires_at=ends
    )
    return made
