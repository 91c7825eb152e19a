"""How Vimeo hands out videos, comments and accounts."""

import sqlite3
from typing import Any

from . import films, media, reach, things
from .clock import moment
from .world import Call, extra


def instant(value: float) -> str:
    return moment(value).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def account(row: sqlite3.Row | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"uri": f"/users/{row['id']}", "name": row["name"], "link": f"https://vimeo.com/{row['handle']}"}


def me(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    videos = call.store.one(
        "SELECT count(*) AS n FROM posts WHERE account = ? AND parent IS NULL AND deleted_at IS NULL", row["id"]
    )
    totals = {"followers": reach.followers(row, call.now), "following": row["following"], "videos": videos["n"]}  # type: ignore[index]
    return account(row) | {"metadata": {"connections": {name: {"total": n} for name, n in totals.items()}}}


def draft(call: Call, made: films.Upload) -> dict[str, Any]:
    """A video that is not public yet, with the address its bytes go to."""
    facts, name = made.facts, made.facts["id"]
    ready = _processing(call, facts["film"]) if "film" in facts else "in_progress"
    return {
        "uri": f"/videos/{name}",
        "name": facts["name"],
        "description": facts["description"],
        "link": f"https://vimeo.com/{name}",
        "created_time": instant(facts["made_at"]),
        "privacy": {"view": facts["view"]},
        "user": account(call.me),
        "upload": {
            "status": "complete" if "film" in facts else "in_progress",
            "approach": "tus",
            "size": made.size,
            "upload_link": f"https://{call.request.host}/files/{made.name}",
        },
        "transcode": {"status": ready},
        "stats": {"plays": 0},
        "metadata": {"connections": {"likes": {"total": 0}, "comments": {"total": 0}}},
    }


def _processing(call: Call, film: str) -> str:
    row = call.store.one("SELECT * FROM media WHERE id = ?", film)
    state = media.state_of(row, call.now) if row is not None else "ready"
    return {"pending": "in_progress", "failed": "error", "ready": "complete"}[state]


def video(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    seen, kept = reach.at(call.world, row, call.now), things.media_of(call.world, row["id"])
    sql = "SELECT count(*) AS n FROM posts WHERE root = ? AND id != ? AND deleted_at IS NULL"
    comments = call.store.one(sql, row["id"], row["id"])
    totals = {"likes": seen["likes"], "comments": comments["n"] if comments else 0}
    return {
        "uri": f"/videos/{row['id']}",
        "name": extra(row).get("title", ""),
        "description": row["text"] or None,
        "link": f"https://vimeo.com/{row['id']}",
        "created_time": instant(row["created_at"]),
        "privacy": {"view": "anybody"},
        "user": account(call.world.account(row["account"])),
        "upload": {"status": "complete"},
        "transcode": {"status": _processing(call, kept[0]["id"]) if kept else "complete"},
        "stats": {"plays": seen["impressions"]},
        "metadata": {"connections": {name: {"total": n} for name, n in totals.items()}},
    }


def comment(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    root, _, number = row["id"].partition(":")
    uri = f"/videos/{root}/comments/{number}"
    answers = things.count_replies(call.world, row["id"])
    return {
        "uri": uri,
        "type": "video",
        "text": row["text"],
        "created_on": instant(row["created_at"]),
        "user": account(call.world.account(row["account"])),
        "metadata": {"connections": {"replies": {"uri": f"{uri}/replies", "total": answers}}},
    }


def track(call: Call, name: str, one: dict[str, Any]) -> dict[str, Any]:
    shown = {key: one[key] for key in ("type", "language", "name", "active")}
    link = f"https://{call.request.host}/tracks/{one['upload']}"
    return {"uri": f"/videos/{name}/texttracks/{one['id']}", "link": link, **shown}
