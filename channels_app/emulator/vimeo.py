"""Vimeo's API: who calls, and how it refuses."""

import sqlite3

from . import films, things
from .clock import iso
from .dialect import Dialect, used
from .wire import Answer, Refuse, Request, Routes
from .world import Call

ROUTES = Routes()
LIMIT, WINDOW = 100, 60
NEEDS = {"publish": "edit", "media": "upload", "reply": "interact", "delete": "delete", "captions": "edit"}


def error(status: int, code: int, message: str) -> Answer:
    """Vimeo's error body."""
    return Answer({"error": message, "link": None, "developer_message": message, "error_code": code}, status)


def gone() -> Refuse:
    return Refuse(error(404, 5000, "The requested thing couldn't be found."))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals, as Vimeo words them."""
    if kind == "rate_limited":
        return error(429, 9000, "You have exceeded the rate limit of this user.")
    if kind in {"revoked", "expired"}:
        return error(401, 8003, "The user credentials are invalid.")
    return error(403, 3200, "The authenticated user can't do this.")


def identify(call: Call, route: str) -> None:
    """Find the account behind a bearer token; an upload's own address is its key."""
    if call.request.path.startswith(("/files/", "/tracks/")):
        upload = films.find(call.world, call.request.path.rpartition("/")[2])
        call.account = call.world.account(upload.facts["account"]) if upload is not None else None
        if call.account is None:
            raise gone()
        return
    row = call.world.token(call.request.bearer)
    account = row and call.world.account(row["account"])
    if row is None or row["state"] != "ok" or account is None or account["platform"] != "vimeo":
        raise Refuse(refusal("revoked", call))
    call.token, call.account = row, account
    if account["state"] != "ok" or NEEDS.get(route, "public") not in row["scopes"].split():
        raise Refuse(refusal("forbidden", call))


def headers(call: Call, route: str) -> dict[str, str]:
    """The rate headers Vimeo puts on every answer; refuses over the limit where the rules say so."""
    count, reset = used(call, "vimeo", WINDOW)
    left = max(0, LIMIT - count)
    found = {"X-RateLimit-Limit": str(LIMIT), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": iso(reset)}
    if call.world.rule("limits") and count > LIMIT:
        refused = refusal("rate_limited", call)
        refused.headers = found
        raise Refuse(refused)
    return found


def no_route(request: Request) -> Answer:
    return error(404, 5000, "The requested page couldn't be found.")


def video(call: Call, name: str) -> sqlite3.Row:
    """A living, published video, or 404."""
    row = things.alive(call.world, "vimeo", name)
    if row is None or row["parent"]:
        raise gone()
    return row


def comment(call: Call, video: str, name: str) -> sqlite3.Row:
    """A living comment under this video, or 404."""
    row = things.alive(call.world, "vimeo", f"{video}:{name}")
    if row is None:
        raise gone()
    return row


DIALECT = Dialect("vimeo", ROUTES, identify, headers, refusal, no_route)
