"""LinkedIn's REST interface: who calls with which version, and how it refuses."""

import re
import sqlite3
from typing import Any
from urllib.parse import unquote

from . import things
from .dialect import Dialect, used
from .wire import Answer, Refuse, Request, Routes
from .world import DAY, Call, extra

ROUTES = Routes()
R = "/rest"
NEEDS = {
    "publish": "w_organization_social", "media": "w_organization_social", "reply": "w_organization_social",
    "delete": "w_organization_social", "edit": "w_organization_social", "like": "w_organization_social",
    "profile": "rw_organization_admin", "insights": "rw_organization_admin", "mentions": "rw_organization_admin",
}  # fmt: skip
DAILY = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."
VERSION, OLDEST = re.compile(r"20\d\d(?:0[1-9]|1[0-2])\Z"), "202511"
ORGANIZATION, PERSON, COMMENT = "urn:li:organization:", "urn:li:person:", "urn:li:comment:("


def error(status: int, message: str, code: str = "", service: int = 0, inputs: tuple[str, str] | None = None) -> Answer:
    """LinkedIn's error body; `inputs` is a code and a description of what was wrong with the input."""
    body: dict[str, Any] = {"status": status, "message": message}
    body |= {"code": code} if code else {}
    body |= {"serviceErrorCode": service} if service else {}
    if inputs is not None:
        listed = [{"code": inputs[0], "description": inputs[1], "input": {}}]
        body |= {"errorDetailType": "com.linkedin.common.error.BadRequest", "errorDetails": {"inputErrors": listed}}
    return Answer(body, status)


def bad(message: str, code: str = "INVALID_INPUT", status: int = 400) -> Refuse:
    return Refuse(error(status, message, inputs=(code, message)))


def gone(name: str) -> Refuse:
    return Refuse(error(404, f"Could not find entity {name}", "NOT_FOUND"))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals, as LinkedIn words them."""
    if kind == "rate_limited":
        return error(429, DAILY, "TOO_MANY_REQUESTS", 101)
    if kind == "revoked":
        return error(401, "The token used in the request has been revoked by the user", "REVOKED_ACCESS_TOKEN", 65601)
    if kind == "expired":
        return error(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN", 65602)
    if kind == "duplicate":
        return duplicate("urn:li:share:7131234567890123456")
    return error(403, f"Not enough permissions to access: {call.request.path}", "ACCESS_DENIED", 100)


def duplicate(name: str) -> Answer:
    text = f"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {name}"
    return error(422, text, inputs=("DUPLICATE_POST", "Duplicate post is detected"))


def identify(call: Call, route: str) -> None:
    """Find the page behind a token, and look at the version that is asked for."""
    if call.request.path.startswith("/rest/"):
        _check_version(call)
    row = call.world.token(call.request.bearer)
    account = row and call.world.account(row["account"])
    if row is None or account is None or account["platform"] != "linkedin":
        raise Refuse(error(401, "Invalid access token", "INVALID_ACCESS_TOKEN", 65600))
    if row["state"] == "expired" or (row["expires_at"] or call.now) < call.now:
        raise Refuse(refusal("expired", call))
    if row["state"] != "ok":
        raise Refuse(refusal("revoked", call))
    call.token, call.account = row, account
    needed = NEEDS.get(route, "r_organization_social")
    if account["state"] != "ok" or needed not in row["scopes"].split():
        raise Refuse(refusal("forbidden", call))


def _check_version(call: Call) -> None:
    given = call.request.headers.get("LinkedIn-Version", "")
    if not given:
        text = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
        raise Refuse(error(400, text, "VERSION_MISSING"))
    if not (VERSION.match(given) and given >= OLDEST):
        raise Refuse(error(426, f"Requested version {given} is not active", "NONEXISTENT_VERSION"))
    if call.request.headers.get("X-Restli-Protocol-Version") != "2.0.0":
        raise Refuse(error(400, "Invalid query parameters passed to request", "ILLEGAL_ARGUMENT"))


def headers(call: Call, route: str) -> dict[str, str]:
    """LinkedIn tells nobody how much of a limit is left; it only refuses, until midnight."""
    count, _ = used(call, route, int(DAY))
    if call.world.rule("limits") and count > 1000:
        raise Refuse(refusal("rate_limited", call))
    return {"x-li-uuid": "AAY1practice"}


def no_route(request: Request) -> Answer:
    return error(404, f"No root resource defined for path {request.path}", "RESOURCE_NOT_FOUND")


# Names


def urn_of(account: sqlite3.Row) -> str:
    return f"{ORGANIZATION if account['kind'] == 'ours' else PERSON}{account['id']}"


def pages(call: Call) -> list[str]:
    """The pages that a token may act for: its own account, or those its person manages."""
    return [call.me["id"]] if call.me["kind"] == "ours" else [str(one) for one in extra(call.me).get("pages", [])]


def page_of(call: Call, urn: str) -> sqlite3.Row:
    """The page of a URN, if the caller may act for it."""
    account = call.world.account(urn.removeprefix(ORGANIZATION))
    if account is None or account["id"] not in pages(call):
        raise Refuse(refusal("forbidden", call))
    return account


def thing(call: Call, name: str) -> sqlite3.Row:
    """A living post or comment by its URN, encoded or not; a post also by the name of its activity."""
    urn = unquote(name)
    row = things.alive(call.world, "linkedin", urn)
    if row is None and urn.startswith("urn:li:activity:"):
        row = things.alive(call.world, "linkedin", f"urn:li:share:{int('0' + urn.rpartition(':')[2]) - 1}")
    if row is None:
        raise gone(urn)
    return row


def upload_of(call: Call, name: str) -> sqlite3.Row | None:
    """An upload of one of the caller's pages."""
    row = call.store.one("SELECT * FROM media WHERE id = ?", name)
    return row if row is not None and row["account"] in pages(call) else None


def activity_of(post: str) -> str:
    """LinkedIn's own name for the thread of a post: one number further, as those of real posts are close."""
    return f"urn:li:activity:{int(post.rpartition(':')[2]) + 1}"


def listed(request: Request, name: str) -> list[str]:
    """The URNs in `List(a,b)`: taken apart before they are decoded, as commas and brackets within are encoded."""
    for pair in request.query.split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            inner = value.removeprefix("List(").removesuffix(")")
            return [unquote(piece) for piece in inner.split(",") if piece]
    return []


def portion(call: Call, rows: list[Any], most: int = 100) -> tuple[list[Any], dict[str, Any]]:
    """One page of rows, and what LinkedIn says about it."""
    start, count = call.request.number("start", 0), min(call.request.number("count", 10), most)
    return rows[start : start + count], {"start": start, "count": count, "links": [], "total": len(rows)}


DIALECT = Dialect("linkedin", ROUTES, identify, headers, refusal, no_route)
