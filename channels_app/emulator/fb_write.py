"""Facebook's Graph API: everything that writes."""

import json
import sqlite3
from typing import Any

from . import media, things
from .facebook import ROUTES, V, bad, error, node, page_of, refusal
from .wire import Answer, Refuse, Request
from .world import DAY, Call

MOST_TEXT, MOST_BYTES = 63_206, 10 * 1024 * 1024
LAST_POST = (
    "SELECT * FROM posts WHERE account = ? AND kind = 'post' AND deleted_at IS NULL ORDER BY created_at DESC, id DESC"
)


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
    last = call.store.one(LAST_POST, call.me["id"])
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
