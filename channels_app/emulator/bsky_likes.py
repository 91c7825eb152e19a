"""Bluesky's server: likes, each a record of its own."""

import json
from typing import Any

from . import things
from .bsky import invalid
from .world import Call


def there(call: Call, who: str, rkey: str) -> dict[str, Any] | None:
    """The like that stands under this name."""
    row = call.store.one("SELECT record FROM likes WHERE account = ? AND rkey = ?", who, rkey)
    found: dict[str, Any] | None = json.loads(row["record"]) if row else None
    return found


def keep(call: Call, rkey: str, record: dict[str, Any]) -> None:
    """Write a like. A server takes the name of any post, also of one that is gone; nobody sees that like."""
    subject = record.get("subject") or {}
    if not record.get("createdAt") or not str(subject.get("uri")).startswith("at://") or not subject.get("cid"):
        raise invalid("Invalid app.bsky.feed.like record: Record must have the property subject")
    take(call, rkey)
    post = str(subject["uri"])
    call.store.insert("likes", account=call.me["id"], rkey=rkey, post=post, record=json.dumps(record))
    if things.alive(call.world, "bluesky", post) is not None:
        call.store.run("INSERT OR IGNORE INTO reactions VALUES (?, ?, ?)", post, call.me["id"], call.now)


def take(call: Call, rkey: str) -> bool:
    """Take a like away; whether there was one. People count once, however many records they have."""
    mine = call.me["id"]
    row = call.store.one("SELECT post FROM likes WHERE account = ? AND rkey = ?", mine, rkey)
    if row is None:
        return False
    call.store.run("DELETE FROM likes WHERE account = ? AND rkey = ?", mine, rkey)
    if call.store.one("SELECT 1 FROM likes WHERE account = ? AND post = ?", mine, row["post"]) is None:
        call.store.run("DELETE FROM reactions WHERE post = ? AND account = ?", row["post"], mine)
    return True
