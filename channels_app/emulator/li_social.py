"""LinkedIn's REST interface: comments, reactions, and what everybody sees of a post's numbers."""

import re
import sqlite3
from typing import Any
from urllib.parse import unquote

from . import media, moving, reach, things
from .linkedin import (
    COMMENT,
    PERSON,
    ROUTES,
    R,
    activity_of,
    bad,
    gone,
    listed,
    page_of,
    pages,
    portion,
    refusal,
    thing,
    upload_of,
    urn_of,
)
from .wire import Answer, Refuse
from .world import Call, World, extra

MOST = 1250


@ROUTES.on("POST", R + "/socialActions/{parent}/comments", "reply")
def reply(call: Call, parent: str) -> Answer:
    """A comment of the page under a post or a comment; there are these two levels."""
    body = call.request.json or {}
    page, text = page_of(call, str(body.get("actor"))), str((body.get("message") or {}).get("text") or "")
    pictures = _pictures(call, body.get("content") or [])
    if not text.strip() and not pictures:
        raise bad("Field message is required but not found", "MISSING_FIELD")
    if len(text.encode("utf-16-le")) // 2 > MOST:
        raise bad(f"field message is too long, max {MOST}", "FIELD_LENGTH_TOO_LONG", 422)
    above = thing(call, str(body.get("parentComment") or parent))
    if above["kind"] == "comment" and above["parent"] != above["root"]:
        raise bad("A comment on a comment on a comment is not supported")
    if body.get("object") not in {above["root"], activity_of(above["root"])}:
        raise bad("object is not what the parent stands under")
    row = comment(call.world, page["id"], text, above, call.now, media=pictures)
    call.world.town.hear(row)
    return Answer(shown(call, row), 201, {"x-restli-id": row["id"].rpartition(",")[2][:-1]}, committed=row["id"])


def _pictures(call: Call, content: Any) -> list[str]:
    """The upload a comment shows: one, ready, and a picture."""
    if not isinstance(content, list) or len(content) > 1:
        raise bad("Only one content may be given")
    names = [str((one.get("entity") or {}).get("image")) for one in content]
    for name in names:
        row = upload_of(call, name)
        if row is None or row["post"] or media.state_of(row, call.now) != "ready" or not row["sha256"]:
            raise bad(f"{name} is not available")
    return names


def comment(world: World, account: str, text: str, above: sqlite3.Row, now: float, **more: Any) -> sqlite3.Row:
    """Write a comment; its name holds the thread's and its own number."""
    if above["kind"] == "comment" and above["parent"] != above["root"]:
        above = things.find(world, above["parent"]) or above
    name = f"{COMMENT}{activity_of(above['root'])},{world.new_id('linkedin', now)})"
    return things.write(world, "linkedin", account, text, now, id=name, parent=above, kind="comment", **more)


@ROUTES.on("GET", R + "/socialActions/{parent}/comments", "replies")
def comments(call: Call, parent: str) -> Answer:
    """What stands directly under a post or a comment, the newest first."""
    row = thing(call, parent)
    rows, paging = portion(call, things.listed(call, "p.parent = ?", row["id"]))
    return Answer({"elements": [shown(call, one) for one in rows], "paging": paging})


@ROUTES.on("GET", R + "/socialActions/{parent}/comments/{name}", "post")
def one(call: Call, parent: str, name: str) -> Answer:
    return Answer(shown(call, _comment(call, parent, name)))


@ROUTES.on("DELETE", R + "/socialActions/{parent}/comments/{name}", "delete")
def delete(call: Call, parent: str, name: str) -> Answer:
    page_of(call, call.request.arg("actor"))
    row = _comment(call, parent, name)
    root = things.find(call.world, row["root"])
    if row["account"] not in pages(call) and (root is None or root["account"] not in pages(call)):
        raise Refuse(refusal("forbidden", call))
    things.delete(call.world, row, call.now)
    return Answer(b"", 204, committed=row["id"])


def _comment(call: Call, parent: str, name: str) -> sqlite3.Row:
    under = unquote(parent)
    thread = under if under.startswith("urn:li:activity:") else activity_of(thing(call, parent)["root"])
    row = things.alive(call.world, "linkedin", f"{COMMENT}{thread},{unquote(name)})")
    if row is None:
        raise gone(unquote(name))
    return row


def shown(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    author, time = call.world.account(row["account"]), int(row["created_at"] * 1000)
    assert author is not None
    actor, likes = urn_of(author), reach.at(call.world, row, call.now)["likes"]
    below = things.count_replies(call.world, row["id"])
    found: dict[str, Any] = {
        "actor": actor, "commentUrn": row["id"], "id": row["id"].rpartition(",")[2][:-1],
        "object": activity_of(row["root"]), "created": {"actor": actor, "time": time},
        "lastModified": {"actor": actor, "time": int((row["edited_at"] or row["created_at"]) * 1000)},
        "message": {"attributes": [], "text": row["text"]},
        "likesSummary": {"selectedLikes": [], "aggregatedTotalLikes": likes, "totalLikes": likes},
        "commentsSummary": {"totalFirstLevelComments": below, "aggregatedTotalComments": below},
    }  # fmt: skip
    pictures = [_content(one) for one in things.media_of(call.world, row["id"]) if not moving.is_video(one)]
    found |= {"content": pictures} if pictures else {}
    return found | ({"parentComment": row["parent"]} if row["parent"] != row["root"] else {})


def _content(row: sqlite3.Row) -> dict[str, Any]:
    """A picture beside a comment: by an older name where it was not uploaded through this interface."""
    named = (
        {"image": row["id"]}
        if ":image:" in row["id"]
        else {"digitalmediaAsset": f"urn:li:digitalmediaAsset:{row['id']}"}
    )
    return {"type": "IMAGE", "entity": named, "url": f"https://media.licdn.example/_media/{row['id']}"}


@ROUTES.on("POST", R + "/reactions", "like")
def like(call: Call) -> Answer:
    """The page likes a post or a comment."""
    page, body = page_of(call, call.request.arg("actor")), call.request.json or {}
    row = thing(call, str(body.get("root")))
    call.store.run("INSERT OR IGNORE INTO reactions VALUES (?, ?, ?)", row["id"], page["id"], call.now)
    return Answer({"root": row["id"], "reactionType": str(body.get("reactionType"))}, 201, committed=row["id"])


@ROUTES.on("GET", R + "/reactions/{name}", "post")
def liked(call: Call, name: str) -> Answer:
    """The one reaction of a page at something."""
    page, post = _reaction(call, name)
    if call.store.one("SELECT 1 FROM reactions WHERE post = ? AND account = ?", post, page) is None:
        raise gone(unquote(name))
    return Answer({"id": unquote(name), "reactionType": "LIKE"})


@ROUTES.on("DELETE", R + "/reactions/{name}", "like")
def unlike(call: Call, name: str) -> Answer:
    page, post = _reaction(call, name)
    if not call.store.run("DELETE FROM reactions WHERE post = ? AND account = ?", post, page):
        raise gone(unquote(name))
    return Answer(b"", 204, committed=post)


def _reaction(call: Call, name: str) -> tuple[str, str]:
    """The page and the thing in `(actor:URN,entity:URN)`, whose URNs are encoded."""
    pair = re.fullmatch(r"\(actor:([^,]+),entity:([^,]+)\)", name)
    if pair is None:
        raise bad("A reaction is named by its actor and its entity")
    return page_of(call, unquote(pair[1]))["id"], thing(call, pair[2])["id"]


@ROUTES.on("GET", R + "/socialMetadata", "post")
def metadata(call: Call) -> Answer:
    """Reactions and comments of several; those that are gone are among the errors."""
    names = listed(call.request, "ids")
    rows = {name: things.alive(call.world, "linkedin", name) for name in names}
    results = {name: _summary(call, row) for name, row in rows.items() if row is not None}
    errors = {name: {"status": 404, "message": "Not Found"} for name, row in rows.items() if row is None}
    return Answer({"results": results, "statuses": {}, "errors": errors})


def _summary(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    likes = reach.at(call.world, row, call.now)["likes"]
    loves = likes // 5
    reactions = {"LIKE": likes - loves, "EMPATHY": loves}
    top = things.count_replies(call.world, row["id"])
    every = call.store.one(
        "SELECT count(*) AS n FROM posts WHERE root = ? AND id != root AND deleted_at IS NULL", row["id"]
    )
    return {
        "entity": row["id"], "commentsState": "OPEN",
        "reactionSummaries": {name: {"reactionType": name, "count": count} for name, count in reactions.items()},
        "commentSummary": {"count": every["n"] if every else 0, "topLevelCount": top},
    }  # fmt: skip


@ROUTES.on("GET", R + "/people", "profile")
def people(call: Call) -> Answer:
    """Names of several people, of those who do not keep theirs from pages."""
    names = [piece.removeprefix("(id:").removesuffix(")") for piece in listed(call.request, "ids")]
    rows = [call.world.account(name) for name in names]
    return Answer({"results": {f"(id:{row['id']})": _person(row) for row in rows if row is not None}})


def _person(row: sqlite3.Row) -> dict[str, str]:
    first, _, last = row["name"].partition(" ")
    known = not extra(row).get("unnamed")
    told = {"localizedFirstName": first, "localizedLastName": last} if known else {}
    return {"id": row["id"], "personUrn": f"{PERSON}{row['id']}", "vanityName": row["handle"]} | told
