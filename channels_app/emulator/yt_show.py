"""How YouTube hands out videos, comments and channels."""

import sqlite3
from typing import Any

from . import films, media, reach, things
from .clock import moment
from .world import Call, World, extra


def instant(value: float) -> str:
    return moment(value).strftime("%Y-%m-%dT%H:%M:%SZ")


def video(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A video with every part Parley asks for; its owner also sees how far it is processed."""
    more, seen = extra(row), reach.at(call.world, row, call.now)
    author = call.world.account(row["account"])
    return {
        "kind": "youtube#video",
        "id": row["id"],
        "snippet": {
            "publishedAt": instant(row["created_at"]),
            "channelId": row["account"],
            "channelTitle": author["name"] if author else "",
            "title": more.get("title", ""),
            "description": row["text"],
        },
        "status": _status(call, row),
        "statistics": {
            "viewCount": str(seen["impressions"]),
            "likeCount": str(seen["likes"]),
            "favoriteCount": "0",
            "commentCount": str(_comments(call.world, row["id"])),
        },
    }


def draft(call: Call, made: films.Upload) -> dict[str, Any]:
    """A video only its owner sees."""
    facts = made.facts
    return {
        "kind": "youtube#video",
        "id": facts["id"],
        "snippet": {
            "publishedAt": instant(facts["made_at"]),
            "channelId": call.me["id"],
            "channelTitle": call.me["name"],
            "title": facts["title"],
            "description": facts["description"],
        },
        "status": {"privacyStatus": "private"} | _processing(call, facts["film"]),
        "statistics": {"viewCount": "0", "likeCount": "0", "favoriteCount": "0", "commentCount": "0"},
    }


def _status(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    kept = things.media_of(call.world, row["id"])
    return {"privacyStatus": "public"} | (_processing(call, kept[0]["id"]) if kept else {"uploadStatus": "processed"})


def _processing(call: Call, film: str) -> dict[str, Any]:
    row = call.store.one("SELECT * FROM media WHERE id = ?", film)
    state = media.state_of(row, call.now) if row is not None else "ready"
    if state == "failed":
        return {"uploadStatus": "failed", "failureReason": "invalidFile"}
    return {"uploadStatus": {"pending": "uploaded", "ready": "processed"}[state]}


def _comments(world: World, video: str) -> int:
    sql = "SELECT count(*) AS n FROM posts WHERE root = ? AND id != ? AND deleted_at IS NULL AND hidden = 0"
    row = world.store.one(sql, video, video)
    return int(row["n"]) if row else 0


def comment(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A comment. Its moderation status is shown to the owner of the video only."""
    author = call.world.account(row["account"])
    root = things.find(call.world, row["root"])
    snippet: dict[str, Any] = {
        "channelId": root["account"] if root else "",
        "videoId": row["root"],
        "textDisplay": row["text"],
        "textOriginal": row["text"],
        "authorDisplayName": f"@{author['handle']}" if author else "",
        "authorChannelId": {"value": row["account"]},
        "canRate": True,
        "likeCount": reach.at(call.world, row, call.now)["likes"],
        "publishedAt": instant(row["created_at"]),
        "updatedAt": instant(row["edited_at"] or row["created_at"]),
    }
    if row["parent"] != row["root"]:
        snippet["parentId"] = row["parent"]
    if root is not None and root["account"] == call.me["id"]:
        snippet["moderationStatus"] = "heldForReview" if row["hidden"] else "published"
    return {"kind": "youtube#comment", "id": row["id"], "snippet": snippet}


def thread(call: Call, top: sqlite3.Row) -> dict[str, Any]:
    """A comment with at most five of its answers, as YouTube embeds them."""
    sql = "p.parent = ? AND p.hidden = 0"
    answers = things.listed(call, sql, top["id"])
    found: dict[str, Any] = {
        "kind": "youtube#commentThread",
        "id": top["id"],
        "snippet": {
            "videoId": top["root"],
            "topLevelComment": comment(call, top),
            "canReply": True,
            "totalReplyCount": len(answers),
            "isPublic": True,
        },
    }
    if answers:
        found["replies"] = {"comments": [comment(call, row) for row in answers[:5]]}
    return found


def channel(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    videos = call.store.one(
        "SELECT count(*) AS n FROM posts WHERE account = ? AND parent IS NULL AND deleted_at IS NULL", row["id"]
    )
    return {
        "kind": "youtube#channel",
        "id": row["id"],
        "snippet": {"title": row["name"], "customUrl": f"@{row['handle']}", "description": row["bio"]},
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{row['id'][2:]}"}},
        "statistics": {
            "viewCount": "0",
            "subscriberCount": str(reach.followers(row, call.now)),
            "hiddenSubscriberCount": False,
            "videoCount": str(videos["n"] if videos else 0),
        },
    }
