"""Bluesky's server: who calls, how a session begins and goes on, and how it refuses."""

import base64
import json
import secrets
import sqlite3
from typing import Any

from . import bsky_ids
from .dialect import Dialect, used
from .wire import Answer, Refuse, Request, Routes
from .world import DAY, Call

ROUTES = Routes()
WINDOW, MOST = 300, 3000
OPEN = {"token"}
TOKENS = {
    "revoked": (400, "InvalidToken", "Token has been revoked"),
    "expired": (400, "ExpiredToken", "Token has expired"),
}


def error(status: int, name: str, message: str) -> Answer:
    return Answer({"error": name, "message": message}, status)


def invalid(message: str, name: str = "InvalidRequest") -> Refuse:
    return Refuse(error(400, name, message))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals; a taken name given to createRecord is a fault of the server and nothing better."""
    if kind == "rate_limited":
        return error(429, "RateLimitExceeded", "Rate Limit Exceeded")
    if kind in TOKENS:
        return error(*TOKENS[kind])
    if kind == "duplicate":
        return error(500, "InternalServerError", "Internal Server Error")
    if kind == "forbidden":
        return error(403, "Forbidden", "Forbidden")
    return error(401, "AuthenticationRequired", "Authentication Required")


def identify(call: Call, route: str) -> None:
    """Find the account behind a session's access token."""
    if route in OPEN:
        return
    if not call.request.bearer:
        raise Refuse(error(401, "AuthMissing", "Authentication Required"))
    row = call.world.token(call.request.bearer)
    account = row and call.world.account(row["account"])
    if row is None or account is None or account["platform"] != "bluesky" or row["kind"] != "user":
        raise invalid("Token could not be verified", "InvalidToken")
    if row["state"] != "ok":
        raise Refuse(refusal(row["state"], call))
    if (row["expires_at"] or call.now) < call.now:
        raise Refuse(refusal("expired", call))
    call.token, call.account = row, account
    if account["state"] == "suspended":
        raise Refuse(error(401, "AccountTakedown", "Account has been taken down"))
    if account["state"] == "no_role":
        raise invalid("Account is deactivated", "AccountDeactivated")


def headers(call: Call, route: str) -> dict[str, str]:
    """The rate headers; refuses over the limit where the rules say so."""
    count, reset = used(call, "b", WINDOW)
    enforced = call.world.rule("limits")
    if enforced and count > MOST:
        answer = refusal("rate_limited", call)
        answer.headers = over(call.now, reset - call.now)
        raise Refuse(answer)
    left = max(0 if enforced else 1, MOST - count)
    return {"RateLimit-Limit": str(MOST), "RateLimit-Remaining": str(left), "RateLimit-Reset": str(int(reset)),
            "RateLimit-Policy": f"{MOST};w={WINDOW}"}  # fmt: skip


def over(now: float, wait: float) -> dict[str, str]:
    """What a 429 says about its end."""
    return {"RateLimit-Limit": str(MOST), "RateLimit-Remaining": "0", "RateLimit-Reset": str(int(now + wait)),
            "Retry-After": str(max(1, int(wait)))}  # fmt: skip


def no_route(request: Request) -> Answer:
    return error(501, "MethodNotImplemented", "Method Not Implemented")


def who(call: Call, name: str) -> sqlite3.Row | None:
    """An account by its handle or its DID."""
    if name.startswith("did:"):
        row = call.world.account(name)
        return row if row is not None and row["platform"] == "bluesky" else None
    return call.world.handle("bluesky", name.removesuffix(bsky_ids.SERVER)) or call.world.handle("bluesky", name)


def session(call: Call, account: sqlite3.Row, scopes: str) -> dict[str, Any]:
    """Two new tokens, in the shape of those whose end can be read."""
    seconds = call.world.rule("token_seconds")
    made = {}
    for name, kind, lasts in (("accessJwt", "user", seconds), ("refreshJwt", "refresh", 90 * DAY)):
        claims = {"sub": account["id"], "scope": scopes, "iat": int(call.now), "exp": int(call.now + lasts)}
        parts = [json.dumps({"typ": "at+jwt", "alg": "HS256"}).encode(), json.dumps(claims).encode()]
        token = ".".join(
            base64.urlsafe_b64encode(one).decode().rstrip("=") for one in [*parts, secrets.token_bytes(24)]
        )
        made[name] = call.world.create_token(
            account["id"], "bluesky", call.now, token=token, kind=kind, scopes=scopes, expires_at=call.now + lasts
        )
    return made | {"did": account["id"], "handle": bsky_ids.handle(account["handle"]), "active": True}


@ROUTES.on("POST", "/xrpc/com.atproto.server.createSession", "token")
def create_session(call: Call) -> Answer:
    """A session for a handle and an app password, thirty times in five minutes at most."""
    body = call.request.json or {}
    account = who(call, str(body.get("identifier") or ""))
    password = call.world.token(str(body.get("password") or ""))
    call.account = account
    count, reset = used(call, "b.session", 300)
    if count > 30:
        answer = refusal("rate_limited", call)
        answer.headers = over(call.now, reset - call.now)
        raise Refuse(answer)
    right = password is not None and password["kind"] == "password" and password["state"] == "ok"
    if account is None or password is None or not right or password["account"] != account["id"]:
        return error(401, "AuthenticationRequired", "Invalid identifier or password")
    return Answer(session(call, account, password["scopes"]), committed=account["id"])


@ROUTES.on("POST", "/xrpc/com.atproto.server.refreshSession", "token")
def refresh_session(call: Call) -> Answer:
    """Two new tokens for a refresh token, which works for two hours more."""
    old = call.world.token(call.request.bearer)
    account = old and call.world.account(old["account"])
    if old is None or account is None or old["kind"] != "refresh" or old["state"] == "revoked":
        raise Refuse(refusal("revoked", call))
    if old["state"] == "expired" or (old["expires_at"] or call.now) < call.now:
        raise Refuse(refusal("expired", call))
    call.store.update("tokens", {"token": old["token"]}, expires_at=min(old["expires_at"] or 1e12, call.now + 7200))
    return Answer(session(call, account, old["scopes"]), committed=account["id"])


@ROUTES.on("POST", "/xrpc/com.atproto.server.deleteSession", "token")
def delete_session(call: Call) -> Answer:
    """The refresh token ends; the access token is good for as long as it was."""
    old = call.world.token(call.request.bearer)
    if old is None or old["kind"] != "refresh" or old["state"] != "ok":
        raise Refuse(refusal("revoked", call))
    call.store.update("tokens", {"token": old["token"]}, state="revoked")
    return Answer(b"")


@ROUTES.on("GET", "/xrpc/com.atproto.server.getSession", "profile")
def get_session(call: Call) -> Answer:
    return Answer({"did": call.me["id"], "handle": bsky_ids.handle(call.me["handle"]), "active": True})


@ROUTES.on("GET", "/xrpc/com.atproto.identity.resolveHandle", "resolve")
def resolve(call: Call) -> Answer:
    account = who(call, call.request.arg("handle"))
    if account is None:
        raise invalid("Unable to resolve handle")
    return Answer({"did": account["id"]})


DIALECT = Dialect("bluesky", ROUTES, identify, headers, refusal, no_route)
