"""Facebook's Graph API: who calls, and how it refuses."""

import json
import sqlite3
from typing import Any

from . import codes, things
from .dialect import Dialect, used
from .wire import Answer, Refuse, Request, Routes
from .world import DAY, Call

ROUTES = Routes()
V = r"/v\d+\.0"
NEEDS = {
    "publish": "pages_manage_posts", "media": "pages_manage_posts", "reply": "pages_manage_engagement",
    "hide": "pages_manage_engagement", "like": "pages_manage_engagement", "replies": "pages_read_user_content",
    "mentions": "pages_read_user_content", "insights": "read_insights", "messages": "pages_messaging",
    "message": "pages_messaging", "notices": "pages_manage_metadata",
}  # fmt: skip
GONE = (
    "Unsupported {verb} request. Object with ID '{name}' does not exist, cannot be loaded due to missing permissions, "
    "or does not support this operation."
)


def error(
    code: int, message: str, subcode: int = 0, kind: str = "OAuthException", status: int = 400, **more: Any
) -> Answer:
    """Graph's error body."""
    body = {"message": message, "type": kind, "code": code, **more, "fbtrace_id": "Aq1fernhill0trace"}
    if subcode:
        body["error_subcode"] = subcode
    return Answer({"error": body}, status)


def bad(message: str, subcode: int = 0) -> Refuse:
    """Error 100: a parameter is wrong or an object is not there."""
    return Refuse(error(100, message, subcode))


def gone(call: Call, name: str) -> Refuse:
    verb = call.request.method.lower()
    return Refuse(error(100, GONE.format(verb=verb, name=name), 33, "GraphMethodException"))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals, as Facebook words them."""
    if kind == "rate_limited":
        return error(32, "(#32) Page request limit reached")
    if kind == "revoked":
        text = "Error validating access token: The user has not authorized application 1420."
        return error(190, text, 458, status=401)
    if kind == "expired":
        text = "Error validating access token: Session has expired on Friday, 20-Nov-26 09:00:00 PST."
        return error(190, text, 463, status=401)
    if kind == "duplicate":
        return error(506, "Duplicate status message", 1455006, error_user_title="Duplicate Status Update",
                     error_user_msg="This status update is identical to the last one you posted.")  # fmt: skip
    return error(200, "(#200) The user hasn't authorized the application to perform this action", status=403)


def identify(call: Call, route: str) -> None:
    """Find the Page or person behind a token in the header or in the arguments."""
    given = call.request.bearer or call.request.arg("access_token")
    if route == "token":
        return
    if not given:
        text = "An access token is required to request this resource."
        raise Refuse(error(104, text))
    row = call.world.token(given)
    account = row and call.world.account(row["account"])
    if row is None or account is None or account["platform"] != "facebook":
        raise Refuse(error(190, "Invalid OAuth access token - Cannot parse access token", status=401))
    if row["state"] == "expired" or (row["expires_at"] or call.now) < call.now:
        raise Refuse(refusal("expired", call))
    if row["state"] != "ok":
        raise Refuse(refusal("revoked", call))
    call.token, call.account = row, account
    if not codes.signed(call):
        raise Refuse(error(100, "Invalid appsecret_proof provided in the API argument"))
    if account["state"] == "suspended":
        text = "The action attempted has been deemed abusive or is otherwise disallowed"
        raise Refuse(error(368, text, error_user_title="You can't use this feature right now"))
    needed = NEEDS.get(route, "pages_read_engagement")
    if account["kind"] == "ours" and (account["state"] == "no_role" or needed not in row["scopes"].split()):
        raise Refuse(_no_role(call, needed))


def _no_role(call: Call, needed: str) -> Answer:
    if call.request.method == "GET":
        return error(
            10, f"(#10) This endpoint requires the '{needed}' permission or the 'Page Public Content Access' feature."
        )
    return refusal("forbidden", call)


def headers(call: Call, route: str) -> dict[str, str]:
    """Usage in percent; refuses over the limit where the rules say so."""
    limit = 4800
    count, _ = used(call, "facebook", int(DAY))
    part = min(100, count * 100 // limit)
    usage = {"call_count": part, "total_cputime": part // 2, "total_time": part // 2}
    page = (
        {call.account["id"]: [{"type": "pages", **usage, "estimated_time_to_regain_access": 0}]} if call.account else {}
    )
    found = {
        "X-App-Usage": json.dumps(usage),
        "X-Business-Use-Case-Usage": json.dumps(page),
        "facebook-api-version": "v25.0",
    }
    if call.world.rule("limits") and count > limit:
        refused = refusal("rate_limited", call)
        refused.headers = found
        raise Refuse(refused)
    return found


def no_route(request: Request) -> Answer:
    return error(2500, f"Unknown path components: {request.path}", status=400)


def node(call: Call, name: str) -> sqlite3.Row:
    """A living post or comment of this platform, or error 100 with subcode 33."""
    row = things.alive(call.world, "facebook", name)
    if row is None:
        raise gone(call, name)
    return row


def page_of(call: Call, name: str) -> sqlite3.Row:
    """The Page that a path names; `me` is the calling one."""
    account = call.me if name == "me" else call.world.account(name)
    if account is None or account["platform"] != "facebook":
        raise gone(call, name)
    return account


DIALECT = Dialect("facebook", ROUTES, identify, headers, refusal, no_route)
