"""How Instagram hands out accounts, posts, comments and messages: exactly the fields that were asked for."""

import re
import sqlite3
from typing import Any

from . import reach, things
from .clock import graph
from .facebook import bad
from .fb_messages import within
from .fb_show import parsed
from .ig import PAGE
from .world import Call

KINDS = {"post": "IGMedia", "comment": "IGComment", "message": "Message"}


def site(call: Call) -> str:
    """The site that belongs to the host that was asked."""
    _, graph_host, rest = call.request.host.partition("graph.")
    return "www." + (rest if graph_host else "facebook.com").replace("facebook", "instagram")


def chosen(call: Call, row: sqlite3.Row, fields: str, every: dict[str, Any], default: str) -> dict[str, Any]:
    """What was asked for. A field that this kind of thing does not have is an error."""
    found: dict[str, Any] = {"id": row["id"]}
    for name, (modifiers, inner) in parsed(fields or default).items():
        if name not in every:
            raise bad(f"(#100) Tried accessing nonexisting field ({name}) on node type ({KINDS[row['kind']]})")
        value = every[name](modifiers, inner) if callable(every[name]) else every[name]
        if value is not None:
            found[name] = value
    return found


def kind(one: sqlite3.Row) -> str:
    return "VIDEO" if one["mime"].startswith("video/") else "IMAGE"


def _shown(one: sqlite3.Row, call: Call) -> dict[str, Any]:
    shown = {"id": one["id"], "media_type": kind(one), "media_url": f"https://scontent.{site(call)}/_media/{one['id']}"}
    return shown | ({"alt_text": one["alt"]} if one["alt"] else {})


def post(call: Call, row: sqlite3.Row, fields: str) -> dict[str, Any]:
    author, shown = call.world.account(row["account"]), things.media_of(call.world, row["id"])
    assert author is not None
    first = _shown(shown[0], call) if shown else {"media_type": "IMAGE"}
    several = len(shown) > 1
    own = row["account"] == call.me["id"]
    every: dict[str, Any] = {
        "id": row["id"], "caption": row["text"] or None, "timestamp": graph(row["created_at"]),
        "username": author["handle"], "permalink": f"https://{site(call)}/p/{row['id']}/",
        "media_type": "CAROUSEL_ALBUM" if several else first["media_type"], "media_url": first.get("media_url"),
        "media_product_type": "REELS" if not several and first["media_type"] == "VIDEO" else "FEED",
        "alt_text": None if several else first.get("alt_text"),
        "like_count": lambda modifiers, inner: reach.at(call.world, row, call.now)["likes"],
        "comments_count": lambda modifiers, inner: len(_under(call, row)),
        "owner": {"id": author["id"]} if own else None,
        "children": {"data": [_shown(one, call) for one in shown]} if several else None,
        "comments": lambda modifiers, inner: {"data": [comment(call, one, inner) for one in below(call, row["id"])]},
    }  # fmt: skip
    return chosen(call, row, fields, every, "id")


def _under(call: Call, row: sqlite3.Row) -> list[sqlite3.Row]:
    return things.listed(call, "p.root = ? AND p.id != p.root", row["id"])


def below(call: Call, name: str) -> list[sqlite3.Row]:
    return things.listed(call, "p.parent = ?", name)


def comment(call: Call, row: sqlite3.Row, fields: str) -> dict[str, Any]:
    author = call.world.account(row["account"])
    assert author is not None
    answer = row["parent"] != row["root"]

    def replies(modifiers: str, inner: str) -> dict[str, Any] | None:
        found = below(call, row["id"])
        asked = re.search(r"limit\((\d+)", modifiers)
        shown = [comment(call, one, inner) for one in found[: int(asked[1]) if asked else 25]]
        return within(f"{row['id']}/replies", found, shown) if found else None

    every: dict[str, Any] = {
        "id": row["id"], "text": row["text"], "timestamp": graph(row["created_at"]), "username": author["handle"],
        "from": _by(author), "hidden": bool(row["hidden"]),
        "like_count": lambda modifiers, inner: reach.at(call.world, row, call.now)["likes"],
        "parent_id": row["parent"] if answer else None,
        "media": {"id": row["root"]}, "replies": replies,
    }  # fmt: skip
    return chosen(call, row, fields, every, "id,text,timestamp")


def _by(author: sqlite3.Row) -> dict[str, Any]:
    """Who wrote it. Of an account of the town the number is not the one it is called by elsewhere."""
    number = f"9{author['id'][::-1]}" if author["kind"] == "ours" else author["id"]
    return {"id": number, "username": author["handle"]}


def message(call: Call, row: sqlite3.Row, fields: str) -> dict[str, Any]:
    author = call.world.account(row["account"])
    assert author is not None
    to = [{"id": one["id"], "username": one["handle"]} for one in things.mentions_of(call.world, row["id"])]
    files = things.media_of(call.world, row["id"])
    every: dict[str, Any] = {
        "id": row["id"], "created_time": graph(row["created_at"]), "message": row["text"],
        "from": _by(author), "to": {"data": to},
        "attachments": {"data": [_sent_along(one, call) for one in files]} if files else None,
    }  # fmt: skip
    return chosen(call, row, fields, every, "id,created_time")


def _sent_along(one: sqlite3.Row, call: Call) -> dict[str, Any]:
    what = {"VIDEO": "video_data", "IMAGE": "image_data"}[kind(one)]
    size = {"width": one["width"], "height": one["height"]}
    return {"id": one["id"], what: {"url": f"https://lookaside.fbsbx.com/_media/{one['id']}", **size}}


def account(call: Call, fields: str) -> dict[str, Any]:
    row = call.me
    posts = things.listed(call, "p.account = ? AND p.kind = 'post'", row["id"])
    every: dict[str, Any] = {
        "id": row["id"], "username": row["handle"], "name": row["name"], "biography": row["bio"],
        "followers_count": reach.followers(row, call.now), "follows_count": row["following"], "media_count": len(posts),
    }  # fmt: skip
    return {name: every[name] for name in parsed(fields or "id") if name in every} | {"id": row["id"]}


def page(call: Call, fields: str) -> dict[str, Any]:
    """The Facebook Page that the account is linked with."""
    found: dict[str, Any] = {"id": PAGE + call.me["id"]}
    for name, (_, inner) in parsed(fields or "id,name").items():
        if name == "instagram_business_account":
            found[name] = account(call, inner)
        elif name == "name":
            found[name] = call.me["name"]
    return found
