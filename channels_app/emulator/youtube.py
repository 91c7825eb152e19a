"""YouTube's Data API: who calls, what it costs, how it refuses."""

import sqlite3
from typing import Any

from . import films, things
from .dialect import Dialect, used
from .wire import Answer, Refuse, Request, Routes
from .world import DAY, Call

ROUTES = Routes()
UNITS = 10_000  # a day
COSTS = {
    "publish": 50,
    "media_status": 0,
    "report": 0,
    "media": 0,
    "reply": 50,
    "hide": 50,
    "delete": 50,
    "captions": 400,
}
NEEDS = {
    "report": "yt-analytics.readonly",
    "media": "youtube.upload",
    **dict.fromkeys(("publish", "reply", "hide", "delete", "captions"), "youtube.force-ssl"),
}


def error(status: int, reason: str, message: str, domain: str = "youtube.api") -> Answer:
    """Google's error body."""
    first = {"message": message, "domain": domain, "reason": reason}
    return Answer({"error": {"code": status, "message": message, "errors": [first]}}, status)


def bad(reason: str, message: str) -> Refuse:
    return Refuse(error(400, reason, message))


def gone(reason: str, what: str) -> Refuse:
    message = f"The {what} that you are trying to retrieve or change could not be found."
    return Refuse(error(404, reason, message))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals, as YouTube words them."""
    if kind == "rate_limited":
        return error(403, "rateLimitExceeded", "The request cannot be completed: too many requests.", "usageLimits")
    if kind in {"revoked", "expired"}:
        text = "Request had invalid authentication credentials. Expected OAuth 2 access token."
        return error(401, "authError", text, "global")
    return error(403, "forbidden", "The request is not properly authorized.")


def identify(call: Call, route: str) -> None:
    """Find the channel behind a bearer token."""
    if route == "token":
        return
    row = call.world.token(call.request.bearer)
    account = row and call.world.account(row["account"])
    if row is None or row["state"] != "ok" or row["kind"] == "refresh" or (row["expires_at"] or call.now) < call.now:
        raise Refuse(refusal("revoked", call))
    if account is None or account["platform"] != "youtube":
        raise Refuse(refusal("revoked", call))
    call.token, call.account = row, account
    if account["state"] == "suspended":
        text = "The YouTube account of the authenticated user is suspended."
        raise Refuse(error(403, "authenticatedUserAccountSuspended", text))
    needed = NEEDS.get(route, "youtube.readonly")
    if needed not in row["scopes"].split():
        raise Refuse(error(403, "insufficientPermissions", "Request had insufficient authentication scopes.", "global"))
    if account["state"] == "no_role":
        raise Refuse(refusal("forbidden", call))


def headers(call: Call, route: str) -> dict[str, str]:
    """YouTube tells nothing about the units that are left; it refuses once they are used up."""
    count, _ = used(call, "youtube", int(DAY), COSTS.get(route, 1))
    if call.world.rule("limits") and count > UNITS:
        text = 'The request cannot be completed because you have exceeded your <a href="/quota">quota</a>.'
        raise Refuse(error(403, "quotaExceeded", text, "youtube.quota"))
    return {}


def no_route(request: Request) -> Answer:
    return error(404, "notFound", "Not Found", "global")


def video(call: Call, name: str) -> sqlite3.Row:
    """A living video, or 404."""
    row = things.alive(call.world, "youtube", name)
    if row is None or row["parent"]:
        raise gone("videoNotFound", "video")
    return row


def comment(call: Call, name: str, reason: str = "commentNotFound") -> sqlite3.Row:
    """A living comment, or 404."""
    row = things.alive(call.world, "youtube", name)
    if row is None or not row["parent"]:
        raise gone(reason, "comment")
    return row


def words_of(call: Call) -> dict[str, Any]:
    """The snippet of the JSON body."""
    body = call.request.json
    snippet = body.get("snippet") if isinstance(body, dict) else None
    if not isinstance(snippet, dict):
        raise bad("required", "A snippet is required.")
    return snippet


def write_comment(call: Call, above: sqlite3.Row, text: object) -> sqlite3.Row:
    """A comment of the calling channel; a video whose comments are off takes none."""
    if not isinstance(text, str) or not text.strip():
        raise bad("commentTextRequired", "The comment text is missing.")
    if len(text) > 10_000:
        raise bad("commentTextTooLong", "The comment resource contains a comment text that exceeds the limit.")
    root = things.find(call.world, above["root"])
    if root is not None and "comments_off" in root["extra"]:
        raise Refuse(error(403, "commentsDisabled", "The video has disabled comments."))
    name = films.comment_id(call.world, above, call.now)
    row = things.write(
        call.world, "youtube", call.me["id"], text, call.now, id=name, parent=above, kind="comment"
    )  # fmt: skip
    call.world.town.hear(row)
    return row


DIALECT = Dialect("youtube", ROUTES, identify, headers, refusal, no_route)
