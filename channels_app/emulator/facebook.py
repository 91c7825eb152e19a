"""Facebook's Graph API: who calls, what may be written, how it refuses."""

import json
import sqlite3
from typing import Any

from . import media, things
from .dialect import Dialect, used
from .wire import Answer, Refuse, Request, Routes
from .world import DAY, Call

ROUTES = Routes()
V = r"/v\d+\.0"
MOST_TEXT, MOST_BYTES = 63_206, 10 * 1024 * 1024
NEEDS = {
    "publish": "pages_manage_posts", "media": "pages_manage_posts", "reply": "pages_manage_engagement",
    "hide": "pages_manage_engagement", "like": "pages_manage_engagement", "replies": "pages_read_user_content",
    "mentions": "pages_read_user_content", "insights": "read_insights",
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


def _own_page(call: Call, name: str) -> sqlite3.Row:
    account = page_of(call, name)
    if account["id"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    return account


@ROUTES.on("POST", V + "/{page}/feed", "publish")
def publish(call: Call, page: str) -> Answer:
    """A post of words, a link or pictures uploaded before."""
    _own_page(call, page)
    text, link = call.request.arg("message"), call.request.arg("link")
    pictures = [_attachable(call, one) for one in _attached(call)]
    if not (text.strip() or link or pictures):
        raise bad(
            "(#100) The parameter message is required"
            if "message" in call.request.fields
            else "(#100) Missing message or attachment",
            1349125,
        )
    row = _post(call, text, link, pictures)
    return Answer({"id": row["id"]}, committed=row["id"])


def _attached(call: Call) -> list[str]:
    """The ids in `attached_media`, which must be JSON: `[{"media_fbid": "1"}]`, or indexed fields of such objects."""
    given = call.request.fields.get("attached_media", [])
    given = given or [
        value[0] for name, value in sorted(call.request.fields.items()) if name.startswith("attached_media[")
    ]
    found: list[Any] = []
    for one in given:
        try:
            value = json.loads(one) if isinstance(one, str) else one
        except ValueError:
            raise bad("(#100) param attached_media must be an array.") from None
        found += value if isinstance(value, list) else [value]
    if not all(isinstance(one, dict) and str(one.get("media_fbid", "")).isdigit() for one in found):
        raise bad("(#100) param attached_media must be an array.")
    return [str(one["media_fbid"]) for one in found]


def _attachable(call: Call, name: str) -> sqlite3.Row:
    row = media.mine(call, name)
    if row is None or row["post"] or media.state_of(row, call.now) != "ready":
        raise bad(f"(#100) Invalid parameter: photo {name} cannot be attached.", 1366046)
    return row


def _post(call: Call, text: str, link: str, pictures: list[sqlite3.Row]) -> sqlite3.Row:
    if len(text) > MOST_TEXT:
        raise bad("(#100) Param message must be at most 63206 characters long.")
    if not pictures:
        _refuse_twice(call, text, link)
    hidden = "published" in call.request.fields and not call.request.flag("published")
    number = call.world.new_id("facebook", call.now)
    row = things.write(
        call.world, "facebook", call.me["id"], text, call.now, id=f"{call.me['id']}_{number}", link=link,
        media=[one["id"] for one in pictures], visibility="unpublished" if hidden else "public",
    )  # fmt: skip
    call.world.town.hear(row)
    return row


def _refuse_twice(call: Call, text: str, link: str) -> None:
    """The same words twice in a row are refused."""
    last = call.store.one(
        "SELECT * FROM posts WHERE account = ? AND kind = 'post' AND deleted_at IS NULL ORDER BY created_at DESC, id DESC",
        call.me["id"],
    )
    same = last is not None and (last["text"], last["link"]) == (text, link) and last["created_at"] > call.now - DAY
    if same and call.world.rule("duplicates"):
        raise Refuse(refusal("duplicate", call))


@ROUTES.on(
    "POST", V + "/{page}/photos", lambda request: "media" if request.arg("published").lower() == "false" else "publish"
)
def photo(call: Call, page: str) -> Answer:
    """Upload a picture, and post it unless `published` is false."""
    _own_page(call, page)
    file = call.request.files.get("source")
    if file is None:
        raise Refuse(error(324, "(#324) Requires upload file", 2069019))
    picture = media.measure(file.data)
    if picture is None or len(file.data) > MOST_BYTES:
        raise Refuse(error(1, "Invalid image file", 1366046, error_user_title="Can't Read Files"))
    row = media.keep(call, file.data, picture, call.request.arg("alt_text_custom"))
    if call.request.arg("published").lower() == "false":
        return Answer({"id": row["id"]}, committed=row["id"])
    post = _post(call, call.request.arg("message") or call.request.arg("caption"), "", [row])
    return Answer({"id": row["id"], "post_id": post["id"]}, committed=post["id"])


@ROUTES.on("POST", V + "/{parent}/comments", "reply")
def reply(call: Call, parent: str) -> Answer:
    """Answer a post or a comment; an answer to an answer lands beside it, as Facebook has two levels."""
    above, text = node(call, parent), call.request.arg("message")
    if not text.strip():
        raise bad("(#100) Missing message or attachment", 1349125)
    if above["kind"] == "comment" and above["parent"] != above["root"]:
        above = node(call, above["parent"])
    row = comment(call, call.me["id"], text, above, call.now)
    call.world.town.hear(row)
    return Answer({"id": row["id"]}, committed=row["id"])


def comment(call: Call, account: str, text: str, above: sqlite3.Row, now: float, **more: Any) -> sqlite3.Row:
    """Write a comment under a post or a comment, with an id of Facebook's shape."""
    number = call.world.new_id("facebook", now)
    name = f"{above['root'].rpartition('_')[2]}_{number}"
    return things.write(call.world, "facebook", account, text, now, id=name, parent=above, kind="comment", **more)


def _acts(request: Request) -> str:
    return "hide" if "is_hidden" in request.fields else "edit"


@ROUTES.on("POST", V + "/{name}", _acts)
def change(call: Call, name: str) -> Answer:
    """Hide or show somebody's comment, or edit what is ours."""
    row = node(call, name)
    if "is_hidden" in call.request.fields:
        return _hide(call, row)
    if row["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    text = call.request.arg("message")
    if not text.strip():
        raise bad("(#100) Missing message or attachment", 1349125)
    things.edit(call.world, row, text, call.now)
    return Answer({"success": True}, committed=name)


def _hide(call: Call, row: sqlite3.Row) -> Answer:
    root = things.find(call.world, row["root"])
    flag = call.request.arg("is_hidden").lower()
    if flag not in {"true", "false", "1", "0"}:
        raise bad("(#100) param is_hidden must be a boolean.")
    if row["kind"] != "comment" or root is None or root["account"] != call.me["id"] or row["account"] == call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    call.store.update("posts", {"id": row["id"]}, hidden=int(flag in {"true", "1"}))
    return Answer({"success": True}, committed=row["id"])


@ROUTES.on("DELETE", V + "/{name}", "delete")
def delete(call: Call, name: str) -> Answer:
    """Delete what is ours, or somebody's comment under what is ours."""
    row = node(call, name)
    root = things.find(call.world, row["root"])
    if row["account"] != call.me["id"] and (root is None or root["account"] != call.me["id"]):
        raise Refuse(refusal("forbidden", call))
    things.delete(call.world, row, call.now)
    return Answer({"success": True}, committed=name)


@ROUTES.on("POST", V + "/{name}/likes", "like")
def like(call: Call, name: str) -> Answer:
    call.store.run("INSERT OR IGNORE INTO reactions VALUES (?, ?, ?)", node(call, name)["id"], call.me["id"], call.now)
    return Answer({"success": True}, committed=name)


@ROUTES.on("DELETE", V + "/{name}/likes", "like")
def unlike(call: Call, name: str) -> Answer:
    call.store.run("DELETE FROM reactions WHERE post = ? AND account = ?", node(call, name)["id"], call.me["id"])
    return Answer({"success": True}, committed=name)


DIALECT = Dialect("facebook", ROUTES, identify, headers, refusal, no_route)
