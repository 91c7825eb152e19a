"""Instagram's part of the Graph API: who calls, and what it has of its own. It lives on Facebook's host.

Which of the two dialects a call speaks is told by the account behind its token.
"""

import sqlite3
from typing import Any

from . import codes, facebook, things
from .dialect import Dialect
from .facebook import V, error, gone
from .wire import Answer, Refuse, Routes
from .world import Call

ROUTES = Routes()
NEEDS = {
    "publish": "instagram_content_publish", "media": "instagram_content_publish",
    "reply": "instagram_manage_comments", "hide": "instagram_manage_comments", "replies": "instagram_manage_comments",
    "delete": "instagram_manage_comments", "mentions": "instagram_manage_comments",
    "messages": "instagram_manage_messages", "insights": "instagram_manage_insights",
    "notices": "pages_manage_metadata",
}  # fmt: skip
PAGE = "9"  # before the account's own number: the Page it is linked with


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals, as Instagram words them."""
    if kind == "rate_limited":
        return error(4, "(#4) Application request limit reached")
    if kind == "duplicate":
        text = "We restrict certain activity to protect our community. Tell us if you think we made a mistake."
        return error(4, "Application request limit reached", 2207051, error_user_msg=text)
    return facebook.refusal(kind, call)


def identify(call: Call, route: str) -> None:
    """Find the account behind a token in the header or in the arguments."""
    row = call.world.token(call.request.bearer or call.request.arg("access_token"))
    account = row and call.world.account(row["account"])
    if row is None or account is None:
        raise Refuse(error(190, "Invalid OAuth access token - Cannot parse access token", status=401))
    if row["state"] == "expired" or (row["expires_at"] or call.now) < call.now:
        raise Refuse(refusal("expired", call))
    if row["state"] != "ok":
        raise Refuse(refusal("revoked", call))
    call.token, call.account = row, account
    if not codes.signed(call):
        raise Refuse(error(100, "Invalid appsecret_proof provided in the API argument"))
    if account["state"] == "suspended":
        raise Refuse(error(25, "The Instagram account is restricted.", 2207050))
    needed = NEEDS.get(route, "instagram_basic")
    if account["state"] == "no_role" or needed not in row["scopes"].split():
        raise Refuse(error(10, f"(#10) Application does not have permission for this action: {needed}"))


def own(call: Call, name: str) -> sqlite3.Row:
    """The calling account, which the path must name."""
    if name != call.me["id"]:
        raise gone(call, name)
    return call.me


def node(call: Call, name: str, *kinds: str) -> sqlite3.Row:
    """A living post, comment or message, or error 100 with subcode 33."""
    row = things.alive(call.world, "instagram", name)
    if row is None or (kinds and row["kind"] not in kinds):
        raise gone(call, name)
    return row


def comment(call: Call, text: str, above: sqlite3.Row) -> sqlite3.Row:
    """Ours, under a post or a comment; an answer to an answer lands beside it, as there are two levels."""
    if not text.strip():
        raise facebook.bad("(#100) The parameter message is required")
    if above["kind"] == "comment" and above["parent"] != above["root"]:
        above = node(call, above["parent"])
    more: dict[str, Any] = {"parent": above, "kind": "comment"}
    row = things.write(call.world, "instagram", call.me["id"], text, call.now, **more)
    call.world.town.hear(row)
    return row


DIALECT = Dialect("instagram", ROUTES, identify, facebook.headers, refusal, facebook.no_route)
__all__ = ["DIALECT", "PAGE", "ROUTES", "V"]
