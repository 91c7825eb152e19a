"""Posts, replies and comments, whoever wrote them: writing, changing, finding."""

import json
import sqlite3
from typing import Any

from . import telling
from .world import Call, World, extra


def write(world: World, platform: str, account: str, text: str, now: float, **more: Any) -> sqlite3.Row:
    """Store one post, reply or comment and return it.

    `more`: `parent` (a row), `mentions` (account ids), `media` (media ids), `extra` (dictionary), `kind`, `link`,
    `visibility`, `lang`, `origin`, `id`.
    """
    parent, mentions, media = more.pop("parent", None), more.pop("mentions", []), more.pop("media", [])
    post = more.pop("id", "") or world.new_id(platform, now)
    columns = {"kind": "post" if parent is None else "reply", "origin": "api"} | more
    columns |= {"extra": json.dumps(more.get("extra", {})), "parent": parent and parent["id"]}
    columns["root"] = parent["root"] if parent else post
    world.store.insert("posts", id=post, platform=platform, account=account, text=text, created_at=now, **columns)
    for one in dict.fromkeys(mentions):
        world.store.insert("mentions", post=post, account=one)
    for position, one in enumerate(media):
        world.store.update("media", {"id": one}, post=post, position=position)
    row = find(world, post)
    assert row is not None
    telling.tell(world, row, mentions)
    return row


def find(world: World, post: str) -> sqlite3.Row | None:
    """A post by its id, whether or not it was deleted."""
    return world.store.one("SELECT * FROM posts WHERE id = ?", post)


def alive(world: World, platform: str, post: str) -> sqlite3.Row | None:
    """A post of this platform that has not been deleted."""
    return world.store.one("SELECT * FROM posts WHERE id = ? AND platform = ? AND deleted_at IS NULL", post, platform)


def edit(world: World, post: sqlite3.Row, text: str, now: float) -> None:
    """Keep the words as they were and set the new ones."""
    world.store.insert("edits", post=post["id"], at=now, text=post["text"])
    world.store.update("posts", {"id": post["id"]}, text=text, edited_at=now)


def remember(world: World, post: sqlite3.Row, **facts: Any) -> None:
    """Keep more about a post; None forgets."""
    kept = {name: value for name, value in (extra(post) | facts).items() if value is not None}
    world.store.update("posts", {"id": post["id"]}, extra=json.dumps(kept))


def delete(world: World, post: sqlite3.Row, now: float) -> None:
    world.store.update("posts", {"id": post["id"]}, deleted_at=now)


def media_of(world: World, post: str) -> list[sqlite3.Row]:
    return world.store.rows("SELECT * FROM media WHERE post = ? ORDER BY position", post)


def mentions_of(world: World, post: str) -> list[sqlite3.Row]:
    sql = "SELECT a.* FROM mentions m JOIN accounts a ON a.id = m.account WHERE m.post = ? ORDER BY a.handle"
    return world.store.rows(sql, post)


def count_replies(world: World, post: str) -> int:
    row = world.store.one("SELECT count(*) AS n FROM posts WHERE parent = ? AND deleted_at IS NULL", post)
    return int(row["n"]) if row else 0


def listed(call: Call, where: str, *values: Any, oldest_first: bool = False) -> list[sqlite3.Row]:
    """Living posts `p` that fulfil `where`, newest first, without what this call may not see yet."""
    order = "ASC" if oldest_first else "DESC"
    sql = (
        f"SELECT p.* FROM posts p WHERE p.deleted_at IS NULL AND p.created_at <= ? AND ({where}) "  # noqa: S608
        f"ORDER BY p.created_at {order}, p.id {order} LIMIT 5000"
    )
    return call.store.rows(sql, call.horizon, *values)


def same_again(call: Call, text: str, parent: str | None, within: float) -> sqlite3.Row | None:
    """This account's living post with exactly these words in the same place, if it is recent."""
    sql = (
        "SELECT * FROM posts WHERE account = ? AND text = ? AND parent IS ? AND deleted_at IS NULL AND created_at > ? "
        "ORDER BY created_at DESC"
    )
    return call.store.one(sql, call.me["id"], text, parent, call.now - within)
