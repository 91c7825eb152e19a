"""How Bluesky hands out posts and people: a record as it was written, and the view of it."""

import re
import sqlite3
from typing import Any

from . import bsky_ids, reach, things
from .clock import iso
from .world import Call, World, extra

NAMED = re.compile(r"(?<!\w)@([\w.-]*\w)")


def record(world: World, row: sqlite3.Row) -> dict[str, Any]:
    """The record behind a post; of a resident it is made up from their words."""
    written: dict[str, Any] = dict(extra(row).get("record") or {})
    if not written:
        written = {"$type": bsky_ids.POST, "createdAt": iso(row["created_at"]), "langs": [row["lang"]]}
        facets = _facets(world, row["text"])
        written |= {"facets": facets} if facets else {}
        written |= _brought(world, row)
    if row["parent"] and "reply" not in written:
        written["reply"] = {"root": ref(world, row["root"]), "parent": ref(world, row["parent"])}
    return written | {"text": row["text"]}


def _brought(world: World, row: sqlite3.Row) -> dict[str, Any]:
    """What a resident hung on it: a video, or pictures."""
    blobs = [
        {"$type": "blob", "ref": {"$link": one["id"]}, "mimeType": one["mime"], "size": one["size"], "alt": one["alt"]}
        for one in things.media_of(world, row["id"])
    ]
    if not blobs:
        return {}
    if blobs[0]["mimeType"].startswith("video/"):
        film = blobs[0]
        return {"embed": {"$type": "app.bsky.embed.video", "video": film, "alt": film.pop("alt")}}
    images = [{"alt": one.pop("alt"), "image": one} for one in blobs]
    return {"embed": {"$type": "app.bsky.embed.images", "images": images}}


def _facets(world: World, text: str) -> list[dict[str, Any]]:
    found = []
    for hit in NAMED.finditer(text):
        account = world.handle("bluesky", hit[1].removesuffix(bsky_ids.SERVER))
        if account is not None:
            start = len(text[: hit.start()].encode())
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": account["id"]}
            found.append(
                {"index": {"byteStart": start, "byteEnd": start + len(hit[0].encode())}, "features": [feature]}
            )
    return found


def ref(world: World, post: str) -> dict[str, str]:
    row = things.find(world, post)
    return {"uri": post, "cid": bsky_ids.cid(record(world, row)) if row is not None else bsky_ids.cid(post)}


def person(row: sqlite3.Row) -> dict[str, Any]:
    """An author as posts carry them."""
    return {"did": row["id"], "handle": bsky_ids.handle(row["handle"]), "displayName": row["name"], "labels": [],
            "createdAt": iso(row["created_at"])}  # fmt: skip


def profile(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    posts = call.store.one("SELECT count(*) AS n FROM posts WHERE account = ? AND deleted_at IS NULL", row["id"])
    return person(row) | {
        "description": row["bio"], "followersCount": reach.followers(row, call.now), "followsCount": row["following"],
        "postsCount": posts["n"] if posts else 0, "indexedAt": iso(row["created_at"]),
    }  # fmt: skip


def view(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A post as the public sees it."""
    author, written, seen = (
        call.world.account(row["account"]),
        record(call.world, row),
        reach.at(call.world, row, call.now),
    )
    assert author is not None
    shown = {
        "uri": row["id"], "cid": bsky_ids.cid(written), "author": person(author), "record": written,
        "replyCount": things.count_replies(call.world, row["id"]), "repostCount": seen["shares"],
        "likeCount": seen["likes"], "quoteCount": seen["quotes"], "bookmarkCount": seen["bookmarks"],
        "indexedAt": iso(row["created_at"]), "labels": [], "viewer": viewer(call, row),
    }  # fmt: skip
    embedded = _embedded(call, row, written)
    return shown | ({"embed": embedded} if embedded else {})


def viewer(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """What the caller has done with it."""
    mine = call.store.one("SELECT rkey FROM likes WHERE account = ? AND post = ?", call.me["id"], row["id"])
    return {"like": bsky_ids.uri(call.me["id"], mine["rkey"], bsky_ids.LIKE)} if mine else {}


def _embedded(call: Call, row: sqlite3.Row, written: dict[str, Any]) -> dict[str, Any] | None:
    embed = written.get("embed") or {}
    kind = embed.get("$type")
    base = f"https://{call.request.host}/_media"
    files = things.media_of(call.world, row["id"])
    if kind == "app.bsky.embed.images":
        images = [
            {"thumb": f"{base}/{file['id']}", "fullsize": f"{base}/{file['id']}", "alt": one["alt"],
             "aspectRatio": one.get("aspectRatio")}
            for file, one in zip(files, embed["images"], strict=True)
        ]  # fmt: skip
        return {"$type": f"{kind}#view", "images": images}
    if kind == "app.bsky.embed.external":
        return {"$type": f"{kind}#view", "external": embed["external"]}
    if kind == "app.bsky.embed.video":
        shown = {"$type": f"{kind}#view", "cid": embed["video"]["ref"]["$link"], "playlist": f"{base}/{files[0]['id']}"}
        return shown | {name: embed[name] for name in ("alt", "aspectRatio") if name in embed}
    return None
