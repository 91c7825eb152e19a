"""How a resident's words become a post, a comment, a reply or a private message on their platform."""

import re
import sqlite3
from typing import Any

from . import bsky_ids, films, li_numbers, media, things
from .world import World

NAMED = re.compile(r"(?<!\w)@(\w+)(?:@([\w.-]+\w))?")


def ours(world: World, platform: str, wanted: str = "") -> sqlite3.Row:
    """One of the town's accounts, by id or handle; without a wish the one with the most followers."""
    sql = (
        "SELECT * FROM accounts WHERE platform = ? AND kind = 'ours' "
        "AND (? = '' OR id = ? OR lower(handle) = lower(?)) ORDER BY followers DESC, created_at, handle"
    )
    row = world.store.one(sql, platform, wanted, wanted, wanted.removeprefix("@"))
    if row is None:
        raise ValueError(f"the town has no {platform} account {wanted}".rstrip())
    return row


def resident(world: World, platform: str, handle: str, now: float, **more: Any) -> sqlite3.Row:
    """The resident with this handle, made if need be; `name@host` lives on another Mastodon server."""
    known = world.handle(platform, handle)
    if known is not None:
        return known
    name, _, host = handle.removeprefix("@").partition("@")
    if host:
        more["host"] = host
    return world.create_account(platform, name, now, kind="resident", **more)


def speak(world: World, now: float, platform: str, text: str, **more: Any) -> sqlite3.Row:
    """Write as a resident.

    `by`: a handle; `reply_to`: a post's id; `to`: one of the town's accounts (id or handle) to be named when it is no
    reply; `visibility`, `lang`, `origin`, `extra`; `attached`: any of "picture" and "video". On Facebook a reply is a
    comment, and anything else a post that tags the Page.
    """
    by = resident(world, platform, more.get("by") or "neighbour", now)
    above = things.find(world, more["reply_to"]) if more.get("reply_to") else None
    if more.get("reply_to") and (above is None or above["deleted_at"]):
        raise ValueError(f"no post {more['reply_to']} to reply to")
    town = None if above is not None else ours(world, platform, more.get("to", ""))
    columns = {
        "lang": more.get("lang") or "en",
        "origin": more.get("origin", "control"),
        "extra": more.get("extra", {}),
        "media": [media.brought(world, by, kind, now) for kind in more.get("attached", ())],
    }
    if platform in films.PLATFORMS:
        return films.comment(world, by, text, above, now, columns)
    if platform == "rss":  # the town's own news pages: nobody else writes there
        return things.write(world, "rss", ours(world, "rss")["id"], text, now, **columns)
    if platform == "pinterest":  # a stranger's pin; nobody is named there
        return things.write(world, "pinterest", by["id"], text, now, **columns)
    if platform == "wordpress":
        return _under_an_article(world, by, text, above, now, columns)
    if platform == "linkedin":
        return li_numbers.speak(world, by, text, above, town, now, columns)
    if platform == "facebook":
        return _on_facebook(world, by, text, above, town, now, columns | {"visibility": more.get("visibility", "")})
    if platform == "instagram":
        return _on_instagram(world, by, text, above, town, now, columns | {"visibility": more.get("visibility", "")})
    return _in_public(world, by, text, above, town, now, columns | {"visibility": more.get("visibility", "")})


def _on_facebook(
    world: World,
    by: sqlite3.Row,
    text: str,
    above: sqlite3.Row | None,
    town: sqlite3.Row | None,
    now: float,
    columns: dict[str, Any],
) -> sqlite3.Row:
    number = world.new_id("facebook", now)
    if columns.pop("visibility") == "direct" or (above is not None and above["kind"] == "message"):
        to = town["id"] if town is not None else (above and above["account"])
        private = {"visibility": "direct", "kind": "message", "mentions": [to], "id": f"m_{number}"}
        return things.write(world, "facebook", by["id"], text, now, parent=above, **columns | private)
    if above is None:
        assert town is not None
        return things.write(
            world, "facebook", by["id"], text, now, id=f"{by['id']}_{number}", mentions=[town["id"]], **columns
        )
    if above["kind"] == "comment" and above["parent"] != above["root"]:
        above = things.find(world, above["parent"])
        assert above is not None
    name = f"{above['root'].rpartition('_')[2]}_{number}"
    return things.write(world, "facebook", by["id"], text, now, id=name, parent=above, kind="comment", **columns)


def _on_instagram(
    world: World,
    by: sqlite3.Row,
    text: str,
    above: sqlite3.Row | None,
    town: sqlite3.Row | None,
    now: float,
    columns: dict[str, Any],
) -> sqlite3.Row:
    """A comment, a post that tags the town, or a private message."""
    if columns["visibility"] == "direct" or (above is not None and above["kind"] == "message"):
        to = town["id"] if town is not None else (above and above["account"])
        columns |= {"visibility": "direct", "kind": "message", "mentions": [to]}
        return things.write(world, "instagram", by["id"], text, now, parent=above, **columns)
    columns |= {"visibility": "public"}
    if above is None:
        assert town is not None
        return things.write(world, "instagram", by["id"], text, now, mentions=[town["id"]], **columns)
    if above["kind"] == "comment" and above["parent"] != above["root"]:
        above = things.find(world, above["parent"])
        assert above is not None
    found = [world.handle("instagram", hit[1]) for hit in NAMED.finditer(text)]
    mentions = [row["id"] for row in found if row is not None and row["id"] != by["id"]]
    return things.write(
        world, "instagram", by["id"], text, now, parent=above, kind="comment", mentions=mentions, **columns
    )


def _under_an_article(
    world: World, by: sqlite3.Row, text: str, above: sqlite3.Row | None, now: float, columns: dict[str, Any]
) -> sqlite3.Row:
    """On the town's blog nobody speaks but under what it wrote; anything else stands on a blog of their own."""
    if above is None:
        return things.write(world, "wordpress", by["id"], text, now, **columns)
    name = f"comment-{world.new_id('wordpress', now)}"
    return things.write(world, "wordpress", by["id"], text, now, id=name, parent=above, kind="comment", **columns)


def _in_public(
    world: World,
    by: sqlite3.Row,
    text: str,
    above: sqlite3.Row | None,
    town: sqlite3.Row | None,
    now: float,
    columns: dict[str, Any],
) -> sqlite3.Row:
    """X names the person answered by itself; on Mastodon the text must."""
    platform = by["platform"]
    addressed = town or (above and world.account(above["account"]))
    assert addressed is not None
    if above is not None and addressed["id"] == by["id"]:
        people = [row for row in things.mentions_of(world, above["id"]) if row["id"] != by["id"]]
        addressed = people[0] if people else addressed
    name = f"@{addressed['handle']}"
    if platform == "mastodon" and addressed["host"] != by["host"]:
        name += f"@{addressed['host']}"
    if name.lower() not in text.lower() and (above is None or platform == "mastodon") and addressed["id"] != by["id"]:
        text = f"{name} {text}"
    visibility = columns.pop("visibility") or (above["visibility"] if above is not None else "public")
    found = [
        world.handle(platform, hit[1], hit[2] or (by["host"] if platform == "mastodon" else ""))
        for hit in NAMED.finditer(text)
    ]
    mentions = [row["id"] for row in found if row is not None] + [addressed["id"]]
    if platform == "x" and above is not None:
        mentions += [row["id"] for row in things.mentions_of(world, above["id"])]
    mentions = [one for one in mentions if one != by["id"]]
    if platform == "bluesky":
        columns["id"] = bsky_ids.named(world, by["id"], addressed["id"] if visibility == "direct" else "", now)
    return things.write(
        world, platform, by["id"], text, now, parent=above, mentions=mentions, visibility=visibility, **columns
    )
