"""How Facebook hands out Pages, posts and comments: exactly the fields that were asked for."""

import re
import sqlite3
from base64 import urlsafe_b64encode
from typing import Any

from . import reach, things
from .clock import graph
from .world import Call, extra

DEFAULT_POST, DEFAULT_COMMENT, DEFAULT_PAGE = "created_time,message,id", "created_time,from,message,id", "name,id"


def parsed(fields: str) -> dict[str, tuple[str, str]]:
    """Split `a,b{c,d},e.limit(0).summary(true)` into name → (modifiers, inner fields)."""
    found: dict[str, tuple[str, str]] = {}
    depth, start = 0, 0
    for at, sign in enumerate(fields + ","):
        depth += (sign in "{(") - (sign in "})")
        if sign == "," and depth == 0:
            piece = fields[start:at].strip()
            hit = re.match(r"(\w+)((?:\.\w+\([^)]*\))*)(?:\{(.*)\})?$", piece, re.DOTALL)
            if hit:
                found[hit[1]] = (hit[2] or "", hit[3] or "")
            start = at + 1
    return found


def cursor(row: sqlite3.Row) -> str:
    return urlsafe_b64encode(row["id"].encode()).decode().rstrip("=")


def permalink(call: Call, post: sqlite3.Row) -> str:
    """On the site that belongs to the host that was asked."""
    _, graph_host, rest = call.request.host.partition("graph.")
    page, _, number = post["root"].partition("_")
    address = f"https://www.{rest if graph_host else 'facebook.com'}/{page}/posts/{number}"
    return address if post["id"] == post["root"] else f"{address}?comment_id={post['id'].rpartition('_')[2]}"


def person(account: sqlite3.Row) -> dict[str, str]:
    return {"name": account["name"], "id": account["id"]}


def post(call: Call, row: sqlite3.Row, fields: str) -> dict[str, Any]:
    """A Page's or a visitor's post."""
    author = call.world.account(row["account"])
    assert author is not None
    every: dict[str, Any] = {
        "id": row["id"], "message": row["text"], "created_time": graph(row["created_at"]), "from": person(author),
        "updated_time": graph(row["edited_at"] or row["created_at"]), "permalink_url": permalink(call, row),
        "is_published": row["visibility"] == "public", "status_type": "mobile_status_update",
        "is_hidden": bool(row["hidden"]),
    }  # fmt: skip
    if not row["text"]:
        del every["message"]
    if author["id"] != call.me["id"]:
        every["tagged_time"] = graph(row["created_at"])
    return _chosen(call, row, every, fields or DEFAULT_POST)


def comment(call: Call, row: sqlite3.Row, fields: str) -> dict[str, Any]:
    """A comment; people who keep their name from Pages come without `from`."""
    author = call.world.account(row["account"])
    assert author is not None
    own = row["account"] == call.me["id"]
    every: dict[str, Any] = {
        "id": row["id"], "message": row["text"], "created_time": graph(row["created_at"]),
        "is_hidden": bool(row["hidden"]),
        "can_hide": not own, "can_remove": True, "can_comment": True, "can_reply_privately": not own,
        "comment_count": things.count_replies(call.world, row["id"]), "permalink_url": permalink(call, row),
        "like_count": reach.at(call.world, row, call.now)["likes"],
    }  # fmt: skip
    if own or not extra(author).get("unnamed"):
        every["from"] = person(author)
    above = row["parent"] != row["root"] and things.find(call.world, row["parent"])
    if above:
        every["parent"] = {"id": above["id"], "message": above["text"], "created_time": graph(above["created_at"])}
    hung = things.media_of(call.world, row["id"])
    if hung:
        every["attachment"] = _photo(call, row, hung[0])
    return _chosen(call, row, every, fields or DEFAULT_COMMENT)


def _chosen(call: Call, row: sqlite3.Row, every: dict[str, Any], fields: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, (modifiers, inner) in parsed(fields).items():
        if name in every:
            shown[name] = every[name]
        elif name in COUNTS:
            shown |= COUNTS[name](call, row, modifiers)
        elif name == "attachments":
            shown |= _attachments(call, row)
        elif name == "object" and inner is not None:
            shown["object"] = {"id": row["root"]}
    return shown | {"id": row["id"]}


def _reactions(name: str) -> Any:
    def shown(call: Call, row: sqlite3.Row, modifiers: str) -> dict[str, Any]:
        sql = "SELECT 1 FROM reactions WHERE post = ? AND account = ?"
        mine = call.store.one(sql, row["id"], call.me["id"]) is not None
        summary = {"total_count": reach.at(call.world, row, call.now)["likes"], "has_liked": mine}
        return {name: {"data": [], "summary": summary} if "summary" in modifiers else {"data": []}}

    return shown


def _comments(call: Call, row: sqlite3.Row, modifiers: str) -> dict[str, Any]:
    total = call.store.one(
        "SELECT count(*) AS n FROM posts WHERE root = ? AND id != root AND deleted_at IS NULL AND created_at <= ?",
        row["root"],
        call.horizon,
    )
    summary = {"order": "ranked", "total_count": total["n"] if total else 0, "can_comment": True}
    return {"comments": {"data": [], "summary": summary} if "summary" in modifiers else {"data": []}}


def _shares(call: Call, row: sqlite3.Row, modifiers: str) -> dict[str, Any]:
    count = reach.at(call.world, row, call.now)["shares"]
    return {"shares": {"count": count}} if count else {}


COUNTS = {"likes": _reactions("likes"), "reactions": _reactions("reactions"), "comments": _comments, "shares": _shares}


def _attachments(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A share for a link, a photo for one picture, an album for several."""
    pictures = [_photo(call, row, one) for one in things.media_of(call.world, row["id"])]
    if row["link"] and not pictures:
        target = {"id": "", "url": f"https://l.facebook.com/l.php?u={row['link']}"}
        share = {
            "type": "share",
            "title": row["link"].partition("://")[2],
            "target": target,
            "unshimmed_url": row["link"],
            "url": row["link"],
        }
        return {"attachments": {"data": [share]}}
    if len(pictures) > 1:
        album = {"type": "album", "title": "Photos", "url": permalink(call, row), "subattachments": {"data": pictures}}
        return {"attachments": {"data": [{**album, "media": pictures[0]["media"]}]}}
    return {"attachments": {"data": pictures}} if pictures else {}


def _photo(call: Call, row: sqlite3.Row, one: sqlite3.Row) -> dict[str, Any]:
    image = {"height": one["height"], "width": one["width"], "src": f"https://scontent.facebook.com/_media/{one['id']}"}
    shown = {
        "type": "video_inline" if one["mime"].startswith("video/") else "photo",
        "media": {"image": image},
        "target": {"id": one["id"], "url": permalink(call, row)},
        "url": permalink(call, row),
    }
    return shown | ({"media_fbid": one["id"], "description": one["alt"]} if one["alt"] else {"media_fbid": one["id"]})


def page(call: Call, account: sqlite3.Row, fields: str) -> dict[str, Any]:
    """A Page's profile."""
    followers = reach.followers(account, call.now)
    picture = {
        "data": {
            "height": 50,
            "width": 50,
            "is_silhouette": False,
            "url": f"https://scontent.facebook.com/{account['id']}.png",
        }
    }
    every: dict[str, Any] = {
        "id": account["id"], "name": account["name"], "username": account["handle"], "about": account["bio"],
        "picture": picture,
        "followers_count": followers, "fan_count": int(followers * 0.94), "category": "Government Organization",
        "link": f"https://www.facebook.com/{account['handle']}", "verification_status": "not_verified",
    }  # fmt: skip
    return {name: every[name] for name in parsed(fields or DEFAULT_PAGE) if name in every} | {"id": account["id"]}
